// The codecs of this package.

import { type CodecName, loadCodec } from '../../worker/load-codec.mjs'
import type { CodecModule } from './codec-host.ts'

export function ownCodec(name: CodecName): CodecModule {
  // The folder `worker` lies beside both `src` and `dist`.
  return { url: () => new URL(`../../worker/${name}.mjs`, import.meta.url), load: loadCodec[name] }
}
