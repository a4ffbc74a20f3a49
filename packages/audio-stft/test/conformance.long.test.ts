// The suite of the kit for the loaders that conformance.test.ts leaves out: they differ from those in their feature's function alone.

import { loaders, testedAlways, testLoader } from './loaders-under-test.ts'

for (const [plugin, config, different] of loaders) {
  if (!testedAlways(plugin)) testLoader(plugin, config, different)
}
