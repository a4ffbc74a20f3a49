// The thread that holds Essentia. It is plain JavaScript in a folder beside both `src` and `dist`, so that one URL leads to it from either.

import { parentPort } from 'node:worker_threads'
import { runAlgorithm } from './algorithm.mjs'
import { describeSound } from './descriptor.mjs'
import { Essentia, EssentiaRefusal } from './essentia.mjs'

/** @import { Answer, Reply, Request } from './protocol.d.mts' */

// Essentia tells the console what it thinks of a sound; this console is this thread's own.
for (const level of /** @type {const} */ (['debug', 'error', 'info', 'log', 'trace', 'warn'])) console[level] = () => {}

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort)
const essentia = new Essentia()

/** @param {Request} request @returns {Answer} */
function answer({ plan, samples, sampleRate }) {
  // Essentia takes what is no number, and gives something for it.
  const bad = samples.findIndex((sample) => !Number.isFinite(sample))
  if (bad >= 0) return { failure: 'invalid', message: `sample ${bad} is ${samples[bad]}` }
  try {
    return {
      value: plan.kind === 'algorithm' ? runAlgorithm(essentia, plan, samples, sampleRate) : describeSound(essentia, plan, samples, sampleRate),
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { failure: error instanceof EssentiaRefusal ? 'refused' : error instanceof RangeError ? 'invalid' : 'broken', message }
  }
}

port.on('message', (/** @type {Request} */ request) => {
  const found = answer(request)
  essentia.reset()
  /** @type {Reply} */
  const reply = { ...found, heap: essentia.heap, refusals: essentia.refusals }
  port.postMessage(reply, 'value' in reply ? [reply.value.data.buffer] : [])
})
