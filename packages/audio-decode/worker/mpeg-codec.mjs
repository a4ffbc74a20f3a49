// MPEG audio (layers I to III) by mpg123. Each packet is one frame; delay and padding are cut by the caller, who knows the whole file.

import { MPEGDecoder } from 'mpg123-decoder'

/** @import { PacketCodec } from './protocol.d.mts' */

/**
 * What version 1.0.3, which package.json pins, keeps inside: the functions of its WebAssembly, and the handle of mpg123 there.
 * @typedef {object} Inner
 * @property {{ wasm: Wasm, allocateTypedArray(length: number, type: typeof Uint32Array): { ptr: number, buf: Uint32Array } }} _common
 * @property {number} _decoder
 */
/** @typedef {{ mpeg_frame_decoder_create(handle: number, gapless: number): number, mpeg_frame_decoder_destroy(handle: number): void, free(pointer: number): void }} Wasm */

/** @typedef {{ decoder: MPEGDecoder, inner: Inner, handle: { ptr: number, buf: Uint32Array } }} Instance */

/** Instances that wait for a next file: a new one takes 1–2 ms, a fifth of ten seconds of sound, and its memory stays until the next garbage collection. */
const MOST_IDLE = 4
/** @type {Instance[]} */
const idle = []

/** @returns {Promise<Instance>} */
async function instance() {
  const waiting = idle.pop()
  if (waiting) return waiting
  const decoder = new MPEGDecoder({ enableGapless: false })
  await decoder.ready
  const inner = /** @type {Inner} */ (/** @type {unknown} */ (decoder))
  return { decoder, inner, handle: inner._common.allocateTypedArray(1, Uint32Array) }
}

/** A new handle of mpg123, as the package's constructor makes it, in place of one that has seen a file. @param {Instance} used */
function renew({ decoder, inner, handle }) {
  const { wasm } = inner._common
  wasm.mpeg_frame_decoder_destroy(inner._decoder)
  if (wasm.mpeg_frame_decoder_create(handle.ptr, 0) !== 0) return
  inner._decoder = /** @type {number} */ (handle.buf[0])
  idle.push({ decoder, inner, handle })
}

/** @param {{ channels: number }} options those of the first frame: mpg123 gives two for one, equal ones @returns {Promise<PacketCodec>} */
export async function createCodec({ channels: width }) {
  const used = await instance()
  const { decoder } = used
  let sound = true
  return {
    decode(packet) {
      sound = false
      const { channelData, samplesDecoded, sampleRate, errors } = decoder.decode(packet)
      // What throws inside of WebAssembly leaves it in no state that is known.
      sound = true
      return { channels: channelData.slice(0, width), frames: samplesDecoded, sampleRate, failed: errors.length > 0 }
    },
    free() {
      if (sound && idle.length < MOST_IDLE) renew(used)
      else if (sound) decoder.free()
    },
  }
}
