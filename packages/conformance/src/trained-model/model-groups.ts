// The groups that every component with a model has, in the order in which they are shown.

import { abortGroup } from './groups/abort.ts'
import { alreadyTrainedGroup } from './groups/already-trained.ts'
import { badVectorsGroup } from './groups/bad-vectors.ts'
import { buffersGroup } from './groups/buffers.ts'
import { capabilitiesGroup } from './groups/capabilities.ts'
import { concurrencyGroup } from './groups/concurrency.ts'
import { determinismGroup } from './groups/determinism.ts'
import { disposeGroup } from './groups/dispose.ts'
import { eventLoopGroup } from './groups/event-loop.ts'
import { failedTrainingGroup } from './groups/failed-training.ts'
import { notTrainedGroup } from './groups/not-trained.ts'
import { persistenceGroup } from './groups/persistence.ts'
import { rowsGroup } from './groups/rows.ts'
import { trainingGroup } from './groups/training.ts'
import type { ModelGroup } from './model-case.ts'

export const modelGroups: readonly ModelGroup[] = [
  capabilitiesGroup,
  notTrainedGroup,
  trainingGroup,
  failedTrainingGroup,
  alreadyTrainedGroup,
  rowsGroup,
  determinismGroup,
  badVectorsGroup,
  abortGroup,
  disposeGroup,
  concurrencyGroup,
  eventLoopGroup,
  buffersGroup,
  persistenceGroup,
]

/** Files are not tested through files again, and the long calls not three times. */
export const ONCE: readonly string[] = [persistenceGroup.name, eventLoopGroup.name]
