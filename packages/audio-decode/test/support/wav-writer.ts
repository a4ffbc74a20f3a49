// Wav files written for tests, with every liberty that real ones take.

export interface WavOptions {
  readonly channels?: number
  readonly sampleRate?: number
  /** Format tag and bits; 16-bit integers where not given. */
  readonly tag?: number
  readonly bits?: number
  /** As WAVE_FORMAT_EXTENSIBLE. */
  readonly extensible?: boolean
  readonly magic?: 'RIFF' | 'RF64' | 'BW64'
  /** What stands as the size of the data chunk, in place of the true one. */
  readonly dataSize?: number
  /** Chunks before the data. */
  readonly before?: readonly { readonly name: string; readonly body: Uint8Array }[]
  readonly after?: readonly { readonly name: string; readonly body: Uint8Array }[]
  readonly frameBytes?: number
}

/** A wav file around bytes of samples. */
export function wavFile(data: Uint8Array, options: WavOptions = {}): Uint8Array<ArrayBuffer> {
  const { channels = 1, sampleRate = 8000, tag = 1, bits = 16, extensible = false, magic = 'RIFF', before = [], after = [] } = options
  const frameBytes = options.frameBytes ?? channels * Math.ceil(bits / 8)
  const format = new DataView(new ArrayBuffer(extensible ? 40 : 16))
  format.setUint16(0, extensible ? 0xfffe : tag, true)
  format.setUint16(2, channels, true)
  format.setUint32(4, sampleRate, true)
  format.setUint32(8, sampleRate * frameBytes, true)
  format.setUint16(12, frameBytes, true)
  format.setUint16(14, bits, true)
  if (extensible) {
    format.setUint16(16, 22, true)
    format.setUint16(18, bits, true)
    format.setUint16(24, tag, true)
    for (const [i, byte] of [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71].entries()) format.setUint8(26 + i, byte)
  }
  const large = magic !== 'RIFF'
  const sizes = new DataView(new ArrayBuffer(28))
  sizes.setBigUint64(8, BigInt(data.length), true)
  const size = options.dataSize ?? (large ? 0xffffffff : data.length)
  const chunks = [
    ...(large ? [chunk('ds64', bytesOf(sizes))] : []),
    ...before.map(({ name, body }) => chunk(name, body)),
    chunk('fmt ', bytesOf(format)),
    chunk('data', data, size),
    ...after.map(({ name, body }) => chunk(name, body)),
  ]
  const body = join([text('WAVE'), ...chunks])
  return chunk(magic, body, large ? 0xffffffff : undefined)
}

function chunk(name: string, body: Uint8Array, size: number = body.length): Uint8Array<ArrayBuffer> {
  const head = new DataView(new ArrayBuffer(4))
  head.setUint32(0, size, true)
  return join([text(name), bytesOf(head), body, new Uint8Array(body.length % 2)])
}

function text(name: string): Uint8Array {
  return Uint8Array.from(name, (letter) => letter.charCodeAt(0))
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer)
}

export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Channels as 16-bit samples, interleaved. */
export function int16(channels: readonly Float32Array[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * channels.length * channels[0]!.length))
  for (const [c, channel] of channels.entries()) {
    for (const [i, value] of channel.entries()) view.setInt16(2 * (i * channels.length + c), Math.round(value * 32767), true)
  }
  return new Uint8Array(view.buffer)
}
