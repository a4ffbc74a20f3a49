// The suite on the reference and on core's collection.

import { classifierCollectionSuite, referenceClassifierCollection } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createClassifierCollection } from '@cbir/core'

classifierCollectionSuite({ runner, name: 'reference collection', create: referenceClassifierCollection })
classifierCollectionSuite({ runner, name: 'collection of core', create: createClassifierCollection })
