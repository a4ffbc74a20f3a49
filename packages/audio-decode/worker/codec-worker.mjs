// The thread that holds codecs. It is plain JavaScript in a folder beside both `src` and `dist`, so that one URL leads to it from either.

import { createHash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { runCodec } from './run-codec.mjs'

/** @import { CodecPlace, PacketCodec, Reply, Request } from './protocol.d.mts' */

// mpg123 and others tell the console of every fault; here it is this thread's own, and what was found goes back as data.
for (const level of /** @type {const} */ (['debug', 'error', 'info', 'log', 'trace', 'warn'])) console[level] = () => {}

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort)

/** @type {Map<number, PacketCodec>} */
const codecs = new Map()

/** @type {CodecPlace} */
const place = { md5: () => createHash('md5') }

/** @param {number} codec */
function codecOf(codec) {
  const found = codecs.get(codec)
  if (!found) throw new Error(`There is no codec ${codec}.`)
  return found
}

/** @param {Request} request @returns {Promise<{ reply: Reply, transfer?: ArrayBuffer[] }>} */
async function answer(request) {
  const { id, codec } = request
  switch (request.type) {
    case 'create': {
      const { createCodec } = await import(request.module)
      codecs.set(codec, await createCodec(request.options, place))
      return { reply: { id, value: undefined } }
    }
    case 'decode': {
      const value = runCodec(codecOf(codec), request.packets)
      return { reply: { id, value }, transfer: [...new Set(value.channels.map(({ buffer }) => buffer))] }
    }
    case 'digest':
      return { reply: { id, value: codecOf(codec).digest?.() } }
    case 'free':
      codecs.get(codec)?.free()
      codecs.delete(codec)
      return { reply: { id, value: undefined } }
  }
}

port.on('message', async (/** @type {Request} */ request) => {
  try {
    const { reply, transfer } = await answer(request)
    port.postMessage(reply, transfer)
  } catch (error) {
    port.postMessage({ id: request.id, message: error instanceof Error ? error.message : String(error) })
  }
})
