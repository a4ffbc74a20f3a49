// Changed sounds: what happens to a recording on its way to whoever asks what it is: other rates, MP3, clipping, filters, a room, another speed.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { resample } from '@cbir/audio-decode'
import type { Random } from '@cbir/conformance'

/** One channel, and its samples a second. */
export interface ChangedSound {
  readonly samples: Float32Array
  readonly sampleRate: number
}

/** Changes cuts, all at once, as an encoder is started only once. */
export type Change = (cuts: readonly Float32Array[], sampleRate: number, random: Random) => Promise<readonly ChangedSound[]>

const each =
  (change: (cut: Float32Array, sampleRate: number, random: Random) => Float32Array): Change =>
  async (cuts, sampleRate, random) =>
    cuts.map((cut) => ({ samples: change(cut, sampleRate, random), sampleRate }))

/** The same sound at another rate. */
export const atRate =
  (rate: number): Change =>
  (cuts, sampleRate) =>
    Promise.all(cuts.map(async (cut) => ({ samples: await resample(cut, { from: sampleRate, to: rate }), sampleRate: rate })))

/** As {@link atRate}, but played at the first one: faster or slower. */
export const faster =
  (share: number): Change =>
  async (cuts, sampleRate) =>
    (await atRate(Math.round(sampleRate / (1 + share)))(cuts, sampleRate, undefined as never)).map(({ samples }) => ({ samples, sampleRate }))

/** Amplified and cut off at full scale. */
export const clipped = (decibels: number): Change => each((cut) => cut.map((value) => Math.max(-1, Math.min(1, value * 10 ** (decibels / 20)))))

/** Attenuated and rounded to 16 bits. */
export const quiet = (decibels: number): Change => each((cut) => cut.map((value) => Math.round(value * 10 ** (decibels / 20) * 32_768) / 32_768))

export const shifted = (by: number): Change => each((cut) => cut.map((value) => value + by))

/** What a telephone leaves of it: 300 to 3400 Hz, second order. */
export const telephone: Change = each((cut, sampleRate) => biquad(biquad(cut, highPass(300 / sampleRate)), lowPass(3400 / sampleRate)))

/** What a small loudspeaker leaves of it, which also rings at 1 kHz. */
export const smallSpeaker: Change = each((cut, sampleRate) => {
  const thin = biquad(cut, highPass(400 / sampleRate))
  const ringing = biquad(thin, bandPass(1000 / sampleRate, 4))
  return thin.map((value, n) => value + 3 * ringing[n]!)
})

/** A room: 80 echoes that die away by 60 dB in so many seconds, as loud together as the sound itself. */
export const room = (seconds: number): Change =>
  each((cut, sampleRate, random) => {
    const echoes = Array.from({ length: 80 }, () => ({ at: 0.003 + 0.6 * seconds * random.uniform(), sign: random.uniform() < 0.5 ? -1 : 1 }))
    const strength = (at: number): number => 10 ** ((-3 * at) / seconds)
    const power = echoes.reduce((sum, { at }) => sum + strength(at) ** 2, 0)
    const out = cut.slice()
    for (const { at, sign } of echoes) {
      const late = Math.round(at * sampleRate)
      const factor = (sign * strength(at)) / Math.sqrt(power)
      for (let n = late; n < out.length; n++) out[n]! += factor * cut[n - late]!
    }
    return out
  })

/** Through MP3 at so many kbit/s, mono, by ffmpeg. */
export const mp3 =
  (kilobits: number): Change =>
  async (cuts, sampleRate) => {
    const gap = sampleRate
    const all = new Float32Array(cuts.reduce((sum, { length }) => sum + length + gap, 0))
    const places: number[] = []
    let at = 0
    for (const cut of cuts) {
      all.set(cut, at)
      places.push(at)
      at += cut.length + gap
    }
    const raw = ['-f', 'f32le', '-ac', '1', '-ar', String(sampleRate)]
    const folder = await mkdtemp(join(tmpdir(), 'cbir-mp3-'))
    let bytes: Buffer
    try {
      // A file, as only there the encoder can say how late the sound begins.
      const file = join(folder, 'cuts.mp3')
      await ffmpeg([...raw, '-i', 'pipe:0', '-c:a', 'libmp3lame', '-b:a', `${kilobits}k`, file], Buffer.from(all.buffer))
      bytes = await ffmpeg(['-i', file, ...raw, 'pipe:1'])
    } finally {
      await rm(folder, { recursive: true })
    }
    const decoded = new Float32Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 2)
    return cuts.map((cut, i) => ({ samples: decoded.slice(places[i]!, places[i]! + cut.length), sampleRate }))
  }

async function ffmpeg(args: readonly string[], input?: Buffer): Promise<Buffer> {
  const child = spawn('ffmpeg', ['-v', 'error', '-nostdin', ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const output = buffer(child.stdout)
  const closed = once(child, 'close')
  child.stdin.end(input)
  const [code] = (await closed) as [number]
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}.`)
  return output
}

interface Filter {
  readonly b: readonly [number, number, number]
  readonly a: readonly [number, number, number]
}

// Robert Bristow-Johnson's formulas; `frequency` as a share of the sample rate.
const angle = (frequency: number, q: number): { cos: number; alpha: number } => ({
  cos: Math.cos(2 * Math.PI * frequency),
  alpha: Math.sin(2 * Math.PI * frequency) / (2 * q),
})
function lowPass(frequency: number, q: number = Math.SQRT1_2): Filter {
  const { cos, alpha } = angle(frequency, q)
  return { b: [(1 - cos) / 2, 1 - cos, (1 - cos) / 2], a: [1 + alpha, -2 * cos, 1 - alpha] }
}
function highPass(frequency: number, q: number = Math.SQRT1_2): Filter {
  const { cos, alpha } = angle(frequency, q)
  return { b: [(1 + cos) / 2, -1 - cos, (1 + cos) / 2], a: [1 + alpha, -2 * cos, 1 - alpha] }
}
function bandPass(frequency: number, q: number): Filter {
  const { cos, alpha } = angle(frequency, q)
  return { b: [alpha, 0, -alpha], a: [1 + alpha, -2 * cos, 1 - alpha] }
}

function biquad(x: Float32Array, { b, a }: Filter): Float32Array {
  const out = new Float32Array(x.length)
  let [x1, x2, y1, y2] = [0, 0, 0, 0]
  for (let n = 0; n < x.length; n++) {
    const y = (b[0] * x[n]! + b[1] * x1 + b[2] * x2 - a[1] * y1 - a[2] * y2) / a[0]
    x2 = x1
    x1 = x[n]!
    y2 = y1
    y1 = y
    out[n] = y
  }
  return out
}
