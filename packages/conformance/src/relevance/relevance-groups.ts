// The groups that everything has that scores by examples, in the order in which they are shown.

import { abortGroup, buffersGroup, concurrencyGroup, disposeGroup, eventLoopGroup } from './groups/calls.ts'
import { badExamplesGroup, examplesGroup } from './groups/examples.ts'
import { determinismGroup, relevanceGroup, scoresGroup } from './groups/scores.ts'
import type { RelevanceGroup } from './relevance-case.ts'

export const relevanceGroups: readonly RelevanceGroup[] = [
  scoresGroup,
  relevanceGroup,
  determinismGroup,
  examplesGroup,
  badExamplesGroup,
  abortGroup,
  disposeGroup,
  concurrencyGroup,
  eventLoopGroup,
  buffersGroup,
]

/** The long calls are not tested twice. */
export const ONCE: readonly string[] = [eventLoopGroup.name]
