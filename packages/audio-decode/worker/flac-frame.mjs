// One FLAC frame to samples (RFC 9639, section 9), for numbers of bits that the WebAssembly of libFLAC does not scale: 12 and 20, and rarer ones.

/** Coefficients of the fixed predictors by their order. */
const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]]

/**
 * A whole frame, whose checksums hold.
 * @param {Uint8Array} frame @param {number} bits of a sample @returns {Float32Array[]} channels, full scale is 1
 * @throws Error where it says what cannot be
 */
export function decodeFlacFrame(frame, bits) {
  const stream = new FrameBits(frame)
  const { samples, channelCode } = readHeader(stream)
  const count = channelCode < 8 ? channelCode + 1 : 2
  // The difference of two channels needs a bit more.
  const side = channelCode === 9 ? 0 : channelCode >= 8 ? 1 : -1
  const channels = Array.from({ length: count }, (_, channel) => readSubframe(stream, samples, bits + (channel === side ? 1 : 0)))
  if (channelCode >= 8) addDifference(/** @type {[Float64Array, Float64Array]} */ (channels), channelCode)
  const scale = 2 ** (bits - 1)
  return channels.map((channel) => Float32Array.from(channel, (value) => value / scale))
}

/** @param {FrameBits} stream */
function readHeader(stream) {
  stream.read(16)
  const sizeCode = stream.read(4)
  const rateCode = stream.read(4)
  const channelCode = stream.read(4)
  stream.read(4)
  let more = Math.clz32(~(stream.read(8) << 24))
  for (; more > 1; more--) stream.read(8)
  const samples = sizeCode === 6 ? stream.read(8) + 1 : sizeCode === 7 ? stream.read(16) + 1 : blockSize(sizeCode)
  if (rateCode === 12) stream.read(8)
  else if (rateCode > 12) stream.read(16)
  stream.read(8)
  return { samples, channelCode }
}

/** @param {number} code */
function blockSize(code) {
  if (code === 1) return 192
  return code < 6 ? 576 << (code - 2) : 256 << (code - 8)
}

/** @param {FrameBits} stream @param {number} count @param {number} bits */
function readSubframe(stream, count, bits) {
  if (stream.read(1) !== 0) throw new Error('a subframe does not begin with 0')
  const type = stream.read(6)
  // Bits that are 0 in all samples are left out.
  const wasted = stream.read(1) === 1 ? stream.zeros() + 1 : 0
  const width = bits - wasted
  if (width < 1) throw new Error('a subframe has no bits')
  const values = new Float64Array(count)
  if (type === 0) values.fill(stream.signed(width))
  else if (type === 1) for (let i = 0; i < count; i++) values[i] = stream.signed(width)
  else if (type >= 8 && type <= 12) predict(stream, values, type - 8, width)
  else if (type >= 32) predict(stream, values, type - 31, width, true)
  else throw new Error(`there is no subframe of type ${type}`)
  if (wasted > 0) for (let i = 0; i < count; i++) values[i] = /** @type {number} */ (values[i]) * 2 ** wasted
  return values
}

/**
 * The first samples as they are, the others as what is predicted from those before them and a residual.
 * @param {FrameBits} stream @param {Float64Array} values @param {number} order @param {number} width @param {boolean} [linear] coefficients are told
 */
function predict(stream, values, order, width, linear = false) {
  if (order > values.length) throw new Error('a predictor looks further back than the frame goes')
  for (let i = 0; i < order; i++) values[i] = stream.signed(width)
  let coefficients = /** @type {readonly number[]} */ (FIXED[order])
  let divisor = 1
  if (linear) {
    const precision = stream.read(4) + 1
    divisor = 2 ** stream.read(5)
    coefficients = Array.from({ length: order }, () => stream.signed(precision))
  }
  readResidual(stream, values, order)
  for (let i = order; i < values.length; i++) {
    let sum = 0
    for (let j = 0; j < order; j++) sum += /** @type {number} */ (coefficients[j]) * /** @type {number} */ (values[i - 1 - j])
    values[i] = /** @type {number} */ (values[i]) + Math.floor(sum / divisor)
  }
}

/** Rice codes in partitions. @param {FrameBits} stream @param {Float64Array} values @param {number} order */
function readResidual(stream, values, order) {
  const method = stream.read(2)
  if (method > 1) throw new Error(`there is no residual of method ${method}`)
  const parameterBits = 4 + method
  const partitions = 2 ** stream.read(4)
  const size = values.length / partitions
  if (!Number.isInteger(size) || size < order) throw new Error('partitions do not fit into the frame')
  for (let partition = 0; partition < partitions; partition++) {
    const parameter = stream.read(parameterBits)
    const raw = parameter === 2 ** parameterBits - 1 ? stream.read(5) : undefined
    for (let i = partition === 0 ? order : partition * size; i < (partition + 1) * size; i++) {
      if (raw !== undefined) {
        values[i] = raw === 0 ? 0 : stream.signed(raw)
        continue
      }
      const coded = stream.zeros() * 2 ** parameter + stream.read(parameter)
      values[i] = coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2
    }
  }
}

/** @param {[Float64Array, Float64Array]} channels @param {number} code 8: left and side, 9: side and right, 10: mid and side */
function addDifference([first, second], code) {
  for (let i = 0; i < first.length; i++) {
    const a = /** @type {number} */ (first[i])
    const b = /** @type {number} */ (second[i])
    if (code === 8) second[i] = a - b
    else if (code === 9) first[i] = a + b
    else {
      const middle = 2 * a + Math.abs(b % 2)
      first[i] = (middle + b) / 2
      second[i] = (middle - b) / 2
    }
  }
}

/** Bits of a frame, the most significant first. */
class FrameBits {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes
    /** The next bit. */
    this.at = 0
  }

  /** @param {number} count at most 32 */
  read(count) {
    if (this.at + count > 8 * this.bytes.length) throw new Error('the frame ends inside of a sample')
    let value = 0
    for (let left = count; left > 0; ) {
      const free = 8 - (this.at & 7)
      const take = Math.min(left, free)
      const byte = /** @type {number} */ (this.bytes[this.at >> 3])
      value = value * 2 ** take + ((byte >> (free - take)) & ((1 << take) - 1))
      this.at += take
      left -= take
    }
    return value
  }

  /** @param {number} count at most 33: of a difference of 32 bits */
  signed(count) {
    const value = this.read(count)
    return value >= 2 ** (count - 1) ? value - 2 ** count : value
  }

  /** Zeros up to the next 1, which is taken too. */
  zeros() {
    let count = 0
    while (this.read(1) === 0) count++
    return count
  }
}
