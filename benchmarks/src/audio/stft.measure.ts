// The STFT of 60 s at 22.05 kHz, one thread, beside SciPy's as librosa makes it; and what mel spectrograms and MFCCs take beside our own STFT. Of
// audio-dsp, and of the functions of audio-stft, which give librosa's (bins, frames).

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alternate, medianRatio, ratio } from '../alternate.ts'
import { Peer } from '../peer.ts'
import { pythonPeer } from '../python-peer.ts'
import { atMost, type Row, shown } from '../row.ts'

const SECONDS = 60
const RATE = 22_050
const ROUNDS = 40

const CASES = [
  { frame: [2048, 512], precision: 'f64', implementation: 'native', target: 0.5 },
  { frame: [2048, 512], precision: 'f32', implementation: 'native', target: 0.5 },
  { frame: [2048, 512], precision: 'f64', implementation: 'wasm', target: 1.1 },
  { frame: [1000, 250], precision: 'f64', implementation: 'native', target: 0.7 },
  { frame: [1000, 250], precision: 'f32', implementation: 'native', target: 0.7 },
  { frame: [1023, 256], precision: 'f64', implementation: 'native', target: 0.7 },
  { frame: [1023, 256], precision: 'f32', implementation: 'native', target: 0.7 },
  { frame: [1000, 250], precision: 'f64', implementation: 'wasm', target: undefined },
  { frame: [1023, 256], precision: 'f64', implementation: 'wasm', target: undefined },
] as const

/** Tones that glide, in noise. */
function sound(): Float32Array {
  let state = 12_345
  return Float32Array.from({ length: SECONDS * RATE }, (_, i) => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0
    const t = i / RATE
    return 0.3 * Math.sin(2 * Math.PI * (220 + 5 * t) * t) + 0.2 * Math.sin(2 * Math.PI * 1320 * t) + 0.1 * (state / 2 ** 31 - 1)
  })
}

export async function measure(): Promise<Row[]> {
  const work = mkdtempSync(join(tmpdir(), 'cbir-stft-'))
  const file = join(work, 'sound.f32')
  writeFileSync(file, new Uint8Array(sound().buffer))
  const ours = new Peer('ours', process.execPath, [join(import.meta.dirname, 'stft-host.js')], { CBIR_THREADS: '1' })
  const scipy = pythonPeer('SciPy', 'scipy_stft_peer.py')
  try {
    await ours.ask('samples', file)
    await scipy.ask('samples', file)
    const { scipy: version } = await scipy.ask('version')
    const rows: Row[] = []
    for (const { frame, precision, implementation, target } of CASES) {
      const times = await alternate(
        {
          ours: () => ours.time('stft', ...frame, precision, implementation),
          scipy: () => scipy.time('stft', ...frame, precision),
        },
        { rounds: ROUNDS },
      )
      const id = `stft.${frame.join('-')}.${precision}.${implementation}`
      const how = `${SECONDS} s at ${RATE} Hz, one thread, complex64 out, best of ${ROUNDS}: ours ${times.ours.best.toFixed(2)} ms, SciPy ${version} ${times.scipy.best.toFixed(2)} ms; ${medianRatio(times.ours, times.scipy)}`
      const value = ratio(times.ours, times.scipy)
      rows.push(target ? atMost(id, value, target, '× the time', how) : shown(id, value, '× the time', how))
    }
    const words = [2048, 512, 'f64', 'native'] as const
    const beside = await alternate(
      { ours: () => ours.time('feature-stft', ...words), scipy: () => scipy.time('stft', ...words.slice(0, 3)) },
      { rounds: ROUNDS },
    )
    const how = `stft of @cbir/audio-stft, 2048/512, f64, one thread: ${beside.ours.best.toFixed(2)} ms, SciPy ${version} ${beside.scipy.best.toFixed(2)} ms; ${medianRatio(beside.ours, beside.scipy)}`
    rows.push(atMost('stft.feature', ratio(beside.ours, beside.scipy), 0.5, '× the time', how))
    for (const prefix of ['', 'feature-'] as const) {
      const own = await alternate(
        {
          stft: () => ours.time(`${prefix}stft`, ...words),
          mel: () => ours.time(`${prefix}mel`, ...words),
          mfcc: () => ours.time(`${prefix}mfcc`, ...words),
        },
        { rounds: ROUNDS },
      )
      for (const [name, target] of [
        ['mel', 1.3],
        ['mfcc', 1.7],
      ] as const) {
        const how = `${prefix ? '@cbir/audio-stft, ' : ''}2048/512, f64, one thread: 128 mels${name === 'mfcc' ? ', dB, 20 coefficients' : ''} ${own[name].best.toFixed(2)} ms, our stft ${own.stft.best.toFixed(2)} ms; ${medianRatio(own[name], own.stft)}`
        rows.push(atMost(`stft.${prefix}${name}`, ratio(own[name], own.stft), target, '× our stft', how))
      }
    }
    return [...rows, await agreement(work, ours, scipy)]
  } finally {
    await Promise.all([ours.stop(), scipy.stop()])
    rmSync(work, { recursive: true })
  }
}

/** How many of the stored numbers are SciPy's to the last bit. */
async function agreement(work: string, ours: Peer, scipy: Peer): Promise<Row> {
  const files = [join(work, 'ours'), join(work, 'scipy')] as const
  await ours.ask('write', files[0], 2048, 512, 'f64', 'native')
  await scipy.ask('write', 2048, 512, 'f64', files[1])
  const [a, b] = files.map((file) => {
    const bytes = readFileSync(file)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  })
  let same = 0
  for (let i = 0; i < a!.length; i++) if (a![i] === b![i]) same++
  return shown(
    'stft.same-bits',
    (100 * same) / Math.max(a!.length, b!.length),
    '%',
    'numbers of the 2048/512 stft in f64 that are SciPy’s to the last bit',
  )
}
