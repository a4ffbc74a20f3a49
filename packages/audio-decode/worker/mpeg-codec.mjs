// MPEG audio (layers I to III) by mpg123. Each packet is one frame; delay and padding are cut by the caller, who knows the whole file.

import { MPEGDecoder } from 'mpg123-decoder'

/** @import { PacketCodec } from './protocol.d.mts' */

/**
 * What version 1.0.3, which package.json pins, keeps inside: the functions of its WebAssembly, the handle of mpg123 there, and the memory that these
 * functions work in. Its own `decode` makes eight arrays of every frame, which keeps the garbage collector busier than mpg123.
 * @typedef {object} Inner
 * @property {{ wasm: Wasm, allocateTypedArray(length: number, type: typeof Uint32Array): WasmArray<Uint32Array> }} _common
 * @property {number} _decoder
 * @property {WasmArray<Uint8Array>} _input
 * @property {WasmArray<Float32Array>} _output one channel after the other
 * @property {WasmArray<Uint32Array>} _samplesDecodedPtr
 * @property {WasmArray<Uint32Array>} _sampleRatePtr
 * @property {WasmArray<Uint32Array>} _errorStringPtr
 */
/**
 * @typedef {object} Wasm
 * @property {(handle: number, gapless: number) => number} mpeg_frame_decoder_create
 * @property {(handle: number) => void} mpeg_frame_decoder_destroy
 * @property {(decoder: number, input: number, length: number) => number} mpeg_decoder_feed
 * @property {(decoder: number, output: number, length: number, samples: number, rate: number, error: number) => number} mpeg_decoder_read
 */
/** @template T @typedef {{ ptr: number, len: number, buf: T }} WasmArray */
/** @typedef {{ inner: Inner, handle: WasmArray<Uint32Array> }} Instance */

/** mpg123's codes. */
const NEED_MORE = -10
const NEW_FORMAT = -11

/** Errors after which a packet is given up: each of them takes mpg123 further, and a packet is not that long. */
const MOST_ERRORS = 1000

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
  return { inner, handle: inner._common.allocateTypedArray(1, Uint32Array) }
}

/** A new handle of mpg123 in place of one that has seen a file. @param {Instance} used */
function renew({ inner, handle }) {
  const { wasm } = inner._common
  wasm.mpeg_frame_decoder_destroy(inner._decoder)
  if (wasm.mpeg_frame_decoder_create(handle.ptr, 0) !== 0) return
  inner._decoder = /** @type {number} */ (handle.buf[0])
  idle.push({ inner, handle })
}

/** @param {{ channels: number }} options those of the first frame: mpg123 gives two for one, equal ones @returns {Promise<PacketCodec>} */
export async function createCodec({ channels: width }) {
  const used = await instance()
  const { inner } = used
  const { _common: common, _input: input, _output: output, _samplesDecodedPtr: samples, _sampleRatePtr: rate, _errorStringPtr: error } = inner
  let channels = Array.from({ length: width }, () => new Float32Array(0))
  let frames = 0
  let failed = false
  let sound = true

  /** @param {number} count */
  const append = (count) => {
    const needed = frames + count
    if (needed > /** @type {Float32Array} */ (channels[0]).length) {
      channels = channels.map((before) => {
        const longer = new Float32Array(2 * needed)
        longer.set(before)
        return longer
      })
    }
    for (const [c, channel] of channels.entries()) channel.set(output.buf.subarray(c * count, (c + 1) * count), frames)
    frames = needed
  }

  /** All that can be decoded of what was fed. */
  const read = () => {
    for (let errors = 0; errors < MOST_ERRORS; ) {
      samples.buf[0] = 0
      const code = common.wasm.mpeg_decoder_read(inner._decoder, output.ptr, output.len, samples.ptr, rate.ptr, error.ptr)
      const count = /** @type {number} */ (samples.buf[0])
      if (count > 0) append(count)
      if (code === NEED_MORE) return
      if (code === 0 || code === NEW_FORMAT) continue
      failed = true
      errors++
    }
  }

  return {
    decode(packet) {
      frames = 0
      failed = false
      // What throws inside of WebAssembly leaves it in no state that is known.
      sound = false
      for (let at = 0; at < packet.length; at += input.len) {
        const part = packet.subarray(at, at + input.len)
        input.buf.set(part)
        if (common.wasm.mpeg_decoder_feed(inner._decoder, input.ptr, part.length) !== NEED_MORE) read()
      }
      sound = true
      return { channels: channels.map((channel) => channel.subarray(0, frames)), frames, sampleRate: /** @type {number} */ (rate.buf[0]), failed }
    },
    free() {
      if (sound && idle.length < MOST_IDLE) renew(used)
    },
  }
}
