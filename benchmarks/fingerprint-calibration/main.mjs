// Fits the weights of audio-fingerprint's confidence: `node benchmarks/fingerprint-calibration/main.mjs`, after a build. Prints them beside those of the
// source, and how near foreign sounds come to being found. Seeds and voices are those of no test.

import { Worker } from 'node:worker_threads'
import { WEIGHTS } from '../../packages/audio-fingerprint/dist/confidence.js'
import { logisticRegression } from './logistic-regression.mjs'

/** In favour of none: most sounds that are asked for are not in there. */
const SHIFT = -4
/** What the matches are of: see matches.mjs. The last set is of another generator, for the check alone. */
const FITTED = ['pieces', 'same-studio']
const CHECKED = 'other'
const NAMES = ['constant', 'excess', 'expected', 'frames', 'chance']

/** The matches of one set of pieces, counted in a thread of its own. */
function matchesOf(set) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./matches.mjs', import.meta.url), { workerData: set })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

const matches = (await Promise.all(FITTED.map(matchesOf))).flat()
const others = await matchesOf(CHECKED)
// A recording that is in there, but was not among the candidates, teaches nothing about those that were: another place may sound alike.
const examples = matches.flatMap(({ foreign, candidates }) => candidates.filter(({ right }) => right || foreign))
const fitted = logisticRegression(
  examples.map(({ features }) => features),
  examples.map(({ right }) => right),
)
fitted[0] += SHIFT
console.log(`${matches.length} matches, ${examples.length} candidates, ${examples.filter(({ right }) => right).length} of them right`)
for (const [i, name] of NAMES.entries())
  console.log(`${name.padEnd(9)} ${fitted[i].toFixed(3).padStart(8)}   in the source ${String(WEIGHTS[name]).padStart(7)}`)

for (const [title, weights] of [
  ['fitted', fitted],
  ['source', NAMES.map((name) => WEIGHTS[name])],
]) {
  const odds = ({ features }) => weights.reduce((sum, weight, i) => sum + weight * (i === 0 ? 1 : features[i - 1]), 0)
  const best = ({ candidates }) => candidates.reduce((most, one) => (odds(one) > odds(most) ? one : most))
  for (const [set, size] of [...[1, 10, 100].map((one) => ['its sets', one]), ...[1, 10, 100].map((one) => [CHECKED, one])]) {
    const these = (set === CHECKED ? others : matches).filter((match) => match.size === size)
    const foreign = these.filter((match) => match.foreign).map((match) => odds(best(match)))
    const inside = these.filter((match) => !match.foreign && match.whole)
    const found = inside.filter((match) => best(match).right && odds(best(match)) > 0)
    console.log(
      `${title}, ${set}, ${size} recordings: ${foreign.length} foreign, ${foreign.filter((value) => value > 0).length} found, log odds at most ${Math.max(...foreign).toFixed(2)}; ` +
        `of ${inside.length} others of 5 s or more ${(found.length / inside.length).toFixed(3)} found`,
    )
  }
}
