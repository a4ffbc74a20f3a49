// Numbers of one type as those of another: what the caller gave → what the model wants, and what the model gave → float32.

/** @typedef {Float32Array | Float64Array | Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | BigInt64Array | BigUint64Array} Numbers */

/** Array types by onnxruntime's names. float16 is raw 16 bits. */
const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  float16: Uint16Array,
}

/**
 * Numbers `start … start + length` of the array at `offset` of a buffer, as type `to`. A view where the types are the same.
 * @param {ArrayBuffer} buffer
 * @param {number} offset bytes
 * @param {number} start
 * @param {number} length
 * @param {string} from
 * @param {string} to
 * @returns {Numbers}
 */
export function castNumbers(buffer, offset, start, length, from, to) {
  const Source = arrayOf(from)
  const source = new Source(buffer, offset + start * Source.BYTES_PER_ELEMENT, length)
  if (from === to) return source
  const target = new (arrayOf(to))(length)
  for (let i = 0; i < length; i++) {
    const value = Number(source[i])
    target[i] = to === 'float16' ? toHalf(value) : target instanceof BigInt64Array ? BigInt(value) : value
  }
  return target
}

/** @param {string} type */
function arrayOf(type) {
  const found = ARRAYS[/** @type {keyof typeof ARRAYS} */ (type)]
  if (!found) throw { code: 'NOT_SUPPORTED', message: `Numbers of type ${type} are not supported.` }
  return found
}

/**
 * A tensor's numbers for reading, index by index, as JavaScript numbers; undefined for text.
 * @param {string} type
 * @param {unknown} data
 * @returns {ArrayLike<number> | undefined}
 */
export function readable(type, data) {
  if (type === 'string') return undefined
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number)
  // From Node 24 on float16 comes as Float16Array, whose elements are numbers already.
  if (type === 'float16' && data instanceof Uint16Array) return Float32Array.from(data, fromHalf)
  return /** @type {Float32Array} */ (data)
}

/**
 * The number in the 16 bits of an IEEE 754 binary16.
 * @param {number} bits
 */
export function fromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/**
 * The nearest IEEE 754 binary16, ties to even; what is too large becomes infinite.
 * @param {number} value
 */
export function toHalf(value) {
  if (Number.isNaN(value)) return 0x7e00
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (size >= 65520) return sign | 0x7c00
  if (size < 2 ** -14) return sign | roundToEven(size * 2 ** 24)
  const exponent = Math.floor(Math.log2(size))
  // The sum, not a bitwise or: a fraction that rounds up to 1024 carries into the exponent.
  return sign | (((exponent + 15) << 10) + roundToEven((size / 2 ** exponent - 1) * 1024))
}

/** @param {number} value */
function roundToEven(value) {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}
