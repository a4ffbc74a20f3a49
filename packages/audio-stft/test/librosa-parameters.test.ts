// Numbers of librosa for options and sounds that its golden set does not have: computed with librosa 0.11.0 (NumPy 1.24.2, SciPy 1.10.1) from the
// signals below, and picked evenly from the whole answer.

import {
  amplitudeToDb,
  beatTrack,
  chromaStft,
  delta,
  estimateTuning,
  fftFrequencies,
  type Matrix,
  onsetDetect,
  onsetStrength,
  pcen,
  peakPick,
  polyFeatures,
  powerToDb,
  rms,
  spectralBandwidth,
  spectralCentroid,
  spectralContrast,
  spectralRolloff,
  spectrogram,
  split,
  tempo,
  tempogram,
  trim,
  yin,
  zeroCrossingRate,
} from '@cbir/audio-stft'
import { describe, expect, it } from 'vitest'

const sampleRate = 8000

/** Numbers from −1 to 1 by a congruential generator. */
function random(count: number, seed: number): Float64Array {
  let state = seed
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

const noise = random(16_000, 2)
const tones = Float32Array.from(noise, (value, i) => {
  const angle = (2 * Math.PI * 233 * i) / sampleRate
  return 0.4 * Math.sin(angle) + 0.2 * Math.sin(2 * angle) + 0.02 * value
})
const bursts = Float32Array.from(random(12_000, 1), (value, i) => (i % 3000 < 400 ? value : 0))
const onsetEnvelope = Float32Array.from(random(120, 3), Math.abs)
const eighths = onsetEnvelope.map((value) => Math.round(value * 8) / 8)
const positive: Matrix = { data: Float32Array.from(random(160, 4), Math.abs), rows: 4, columns: 40 }
const signed: Matrix = { data: Float32Array.from(random(160, 5)), rows: 4, columns: 40 }
const freq = Float64Array.from({ length: 129 }, (_, k) => (10 + (k * 1990) / 128) ** 1.1)
const zi = Float64Array.of(0, 2 / 3, 4 / 3, 2)
const near70 = (bpm: number): number => -(((bpm - 70) / 4) ** 2) / 2

const magnitudes = (): Promise<Matrix> => spectrogram(tones, { nFft: 256 })
const levels = async (): Promise<Matrix> => powerToDb(await spectrogram(tones, { nFft: 256, power: 2 }))
/** Every row one further on. */
const shifted = ({ data, rows, columns }: Matrix): Matrix => ({
  data: data.map((_, i) => data[(i + (rows - 1) * columns) % data.length]!),
  rows,
  columns,
})
const number = async (answer: Promise<number>): Promise<number[]> => [await answer]
const beats = async (options: Parameters<typeof beatTrack>[1]): Promise<number[]> => {
  const found = await beatTrack(undefined, options)
  return [found.tempo, ...found.beats]
}

type Answer = Matrix | ArrayLike<number>

/** What is called, how many numbers come, and seven of them or all: the first, the last, and between them at equal distances. */
const librosa: readonly (readonly [string, () => Answer | Promise<Answer>, length: number, values: readonly number[]])[] = [
  [
    'zeroCrossingRate pad refMagnitude',
    () => zeroCrossingRate(tones, { frameLength: 500, hopLength: 300, threshold: 0.5, refMagnitude: 0.5, pad: true }),
    54,
    [0.03, 0.062, 0.06, 0.06, 0.062, 0.06, 0.044],
  ],
  [
    'zeroCrossingRate refMagnitude max',
    () => zeroCrossingRate(tones, { frameLength: 500, hopLength: 300, threshold: 0.1, refMagnitude: 'max' }),
    54,
    [0.028, 0.058, 0.058, 0.058, 0.06, 0.058, 0.04],
  ],
  ['rms wrap', () => rms(tones, { frameLength: 1000, hopLength: 5000, padMode: 'wrap' }), 4, [0.315977216, 0.317193806, 0.317435503, 0.315597773]],
  [
    'rms maximum',
    () => rms(tones, { frameLength: 1000, hopLength: 5000, padMode: 'maximum' }),
    4,
    [0.441797704, 0.317193806, 0.317435503, 0.315597773],
  ],
  [
    'rms minimum',
    () => rms(tones, { frameLength: 1000, hopLength: 5000, padMode: 'minimum' }),
    4,
    [0.442052484, 0.317193806, 0.317435503, 0.315597773],
  ],
  ['rms mean', () => rms(tones, { frameLength: 1000, hopLength: 5000, padMode: 'mean' }), 4, [0.223241717, 0.317193806, 0.317435503, 0.315597773]],
  [
    'rms median',
    () => rms(tones, { frameLength: 1000, hopLength: 5000, padMode: 'median' }),
    4,
    [0.223241806, 0.317193806, 0.317435503, 0.315597773],
  ],
  [
    'rms wrap of a signal shorter than the padding',
    () => rms(tones.slice(0, 7), { frameLength: 64, hopLength: 3, padMode: 'wrap' }),
    3,
    [0.373529345, 0.375602126, 0.371699184],
  ],
  [
    'yin wrap',
    () => yin(tones, { sampleRate, fmin: 100, fmax: 800, frameLength: 600, hopLength: 2000, padMode: 'wrap' }),
    9,
    [233.301874, 233.183665, 233.407715, 233.32269, 233.220646, 233.4087, 233.301874],
  ],
  [
    'spectralCentroid freq',
    async () => spectralCentroid(await magnitudes(), { sampleRate, freq }),
    251,
    [470.132858, 535.121416, 530.726327, 523.952318, 543.425205, 537.924749, 459.304722],
  ],
  [
    'spectralBandwidth freq',
    async () => spectralBandwidth(await magnitudes(), { sampleRate, freq, p: 1.5 }),
    251,
    [513.835261, 612.230985, 603.771373, 599.227428, 622.165988, 617.135765, 496.084383],
  ],
  [
    'spectralBandwidth centroid',
    async () => spectralBandwidth(await magnitudes(), { sampleRate, centroid: new Float32Array(251).fill(500), norm: false }),
    251,
    [6725.49946, 7264.92914, 7165.19624, 7176.65039, 7351.23109, 7361.4572, 6472.08386],
  ],
  [
    'spectralRolloff freq',
    async () => spectralRolloff(await magnitudes(), { sampleRate, freq, rollPercent: 0.6 }),
    251,
    [362.423083, 391.748674, 391.748674, 362.423083, 391.748674, 391.748674, 304.430156],
  ],
  [
    'polyFeatures freq',
    async () => polyFeatures(await magnitudes(), { sampleRate, freq, order: 2 }),
    753,
    [6.53044176e-7, 5.59274344e-7, 6.44433232e-7, -0.00303480889, -0.00352168016, 3.67458545, 4.30227627],
  ],
  [
    'spectralContrast freq',
    async () => spectralContrast(await magnitudes(), { sampleRate, freq, nBands: 4 }),
    1255,
    [5.33330877, 18.4180329, 26.7044675, 22.7674148, 15.7498321, 14.1864061, 13.1828081],
  ],
  [
    'spectralContrast, bands that begin at bins',
    () => spectralContrast(tones, { sampleRate, nFft: 400, nBands: 4, fmin: 200, quantile: 0.1 }),
    160,
    [3.72026175, 12.3248456, 28.088751, 33.2831485, 10.3614812, 8.452838, 9.04965585],
  ],
  [
    'onsetStrength ref',
    async () => onsetStrength(await levels(), { sampleRate, ref: shifted(await levels()), lag: 2 }),
    251,
    [0, 3.26286316, 2.99216843, 3.0178504, 4.19650221, 3.30998158, 3.2792666],
  ],
  ['onsetStrength of one frame', () => onsetStrength(tones.slice(0, 100), { sampleRate, nFft: 512, hopLength: 512, nMels: 40 }), 1, [0]],
  [
    'onsetStrength, lag beyond the end',
    () => onsetStrength(tones.slice(0, 100), { sampleRate, nFft: 512, hopLength: 512, nMels: 40, lag: 3, center: false }),
    3,
    [0, 0, 0],
  ],
  [
    'tempo of every frame',
    () => tempo(undefined, { onsetEnvelope, sampleRate, aggregate: null, acSize: 4 }),
    120,
    [156.25, 117.1875, 156.25, 133.928571, 133.928571, 117.1875, 117.1875],
  ],
  ['tempo median', () => number(tempo(undefined, { onsetEnvelope, sampleRate, aggregate: 'median', acSize: 4 })), 1, [133.928571]],
  ['tempo max', () => number(tempo(undefined, { onsetEnvelope, sampleRate, aggregate: 'max', acSize: 4 })), 1, [156.25]],
  ['tempo min', () => number(tempo(undefined, { onsetEnvelope, sampleRate, aggregate: 'min', acSize: 4 })), 1, [117.1875]],
  ['tempo maxTempo below all', () => number(tempo(undefined, { onsetEnvelope, sampleRate, maxTempo: 5, acSize: 4 })), 1, [133.928571]],
  ['tempo prior', () => number(tempo(undefined, { onsetEnvelope, sampleRate, acSize: 4, prior: near70 })), 1, [72.1153846]],
  ['beatTrack prior', () => beats({ onsetEnvelope, sampleRate, prior: near70 }), 11, [72.1153846, 2, 27, 52, 65, 91, 119]],
  [
    'tempogram window',
    () => tempogram(undefined, { onsetEnvelope, sampleRate, window: ['kaiser', 4], winLength: 30, norm: 2 }),
    3600,
    [0.407050525, 0.324666774, 0.184078912, 0.0753034358, 0.0200934537, 0.00268010799, 1.2509355e-5],
  ],
  [
    'tempogram center',
    () => tempogram(undefined, { onsetEnvelope, sampleRate, center: false, winLength: 31 }),
    2790,
    [1, 0.549486777, 0.353475522, 0.083418572, 0.0221557066, 0.00157159133, 3.53416229e-17],
  ],
  [
    'tempogram of silence beside sound',
    () => tempogram(undefined, { onsetEnvelope: onsetEnvelope.map((_, t) => (t === 0 ? 50 : 0)), sampleRate, winLength: 8 }),
    960,
    [1, 0, 0, 0, 0, 0, 0],
  ],
  ['tempogram winLength 1', () => tempogram(undefined, { onsetEnvelope, sampleRate, winLength: 1, window: 'boxcar' }), 120, [1, 1, 1, 1, 1, 1, 1]],
  ['estimateTuning nFft', () => number(estimateTuning(tones, { sampleRate, nFft: 1024 })), 1, [0.01]],
  [
    'estimateTuning fmin',
    () => number(estimateTuning(tones, { sampleRate, nFft: 1024, fmin: 300, fmax: 3000, threshold: 0.01, resolution: 0.05, hopLength: 700 })),
    1,
    [0],
  ],
  [
    'chromaStft odd',
    () => chromaStft(tones, { sampleRate, nFft: 701, hopLength: 4000 }),
    48,
    [0.130540162, 0.000374075782, 0.000191074112, 0.000231922444, 0.000324225432, 0.275096774, 0.412112087],
  ],
  [
    'delta polyorder',
    () => delta(signed, { width: 7, polyorder: 3 }),
    160,
    [0.585847139, 0.00334485783, 0.0182769131, -0.928385258, -0.158719629, -0.0466944426, -0.79398638],
  ],
  [
    'delta polyorder interp order 2',
    () => delta(signed, { width: 9, order: 2, polyorder: 4 }),
    160,
    [-0.225238353, -0.250090361, 0.0682235807, -0.717304587, -0.323077083, -0.274727046, 0.668832183],
  ],
  [
    'delta delta',
    () => delta(signed, { width: 5, delta: 0.5, order: 2, mode: 'nearest' }),
    160,
    [-0.553075671, -0.775956392, 1.5861038, 0.161157995, -1.57457554, -0.970289886, 1.06344259],
  ],
  [
    'delta cval',
    () => delta(signed, { width: 7, mode: 'constant', cval: 1.5 }),
    160,
    [-0.265922695, -0.098404564, 0.0505378358, 0.328751773, -0.0181583893, -0.168181479, 0.273029238],
  ],
  [
    'pcen zi',
    () => pcen(positive, { sampleRate, zi, b: 0.1 }),
    160,
    [1.96622772, 0.200787613, 0.0971431563, 0.298938058, 0.23190475, 0.120533359, 0.42508935],
  ],
  ['pcen zf', () => pcen(positive, { sampleRate, zi, b: 0.1 }).then(({ zf }) => zf), 4, [0.362846946, 0.512267663, 0.442289201, 0.52326504]],
  [
    'pcen ref',
    () => pcen(positive, { sampleRate, ref: { ...signed, data: signed.data.map((value) => 2 * Math.abs(value)) }, b: 0.1 }),
    160,
    [0.173963848, 0.0847235012, 0.0520602517, 0.166259845, 0.182706582, 0.125601406, 0.227323059],
  ],
  [
    'powerToDb mean',
    () => powerToDb(positive, { ref: 'mean', topDb: 20 }),
    160,
    [0.213403225, -3.21565342, -5.18180799, 0.322864532, -0.231464386, -1.7664299, 2.11400175],
  ],
  [
    'powerToDb median',
    () => powerToDb(positive, { ref: 'median', topDb: 20 }),
    160,
    [0.378042936, -3.05101371, -5.01716805, 0.487504244, -0.0668246746, -1.60179019, 2.27864146],
  ],
  [
    'powerToDb min',
    () => powerToDb(positive, { ref: 'min', topDb: 20 }),
    160,
    [21.0943871, 17.665329, 15.6991749, 21.2038479, 20.649519, 19.1145535, 22.9949837],
  ],
  [
    'amplitudeToDb mean',
    () => amplitudeToDb(signed, { ref: 'mean' }),
    160,
    [0.279474735, 5.54199314, -5.00351477, 4.8042984, -9.39874077, 0.596604824, 4.15557909],
  ],
  [
    'amplitudeToDb median',
    () => amplitudeToDb(signed, { ref: 'median' }),
    160,
    [0.101827145, 5.36434555, -5.18116236, 4.62665081, -9.57638931, 0.418957233, 3.9779315],
  ],
  [
    'amplitudeToDb min',
    () => amplitudeToDb(signed, { ref: 'min' }),
    160,
    [47.6260109, 52.8885269, 42.3430214, 52.1508331, 37.9477921, 47.9431381, 51.5021133],
  ],
  [
    'trim median',
    () => trim(bursts, { ref: 'median', topDb: 1, frameLength: 500, hopLength: 200 }).then(({ start, end }) => [start, end]),
    2,
    [0, 12000],
  ],
  [
    'split mean',
    () => split(bursts, { ref: 'mean', topDb: 6, frameLength: 500, hopLength: 200 }).then((found) => found.flatMap(({ start, end }) => [start, end])),
    8,
    [0, 800, 2800, 3800, 5800, 6800, 9800],
  ],
  [
    'peakPick fractions',
    () => peakPick(onsetEnvelope, { preMax: 1.5, postMax: 2.2, preAvg: 3.1, postAvg: 3.5, delta: 0.05, wait: 0.5 }),
    26,
    [2, 21, 44, 58, 78, 97, 119],
  ],
  ['onsetDetect ties', () => onsetDetect(undefined, { onsetEnvelope: eighths, sampleRate, delta: 0 }), 68, [0, 19, 39, 58, 78, 97, 119]],
  [
    'onsetDetect energy',
    () => onsetDetect(undefined, { onsetEnvelope, sampleRate, backtrack: true, energy: eighths, units: 'samples' }),
    53,
    [0, 7168, 17920, 28672, 38912, 48128, 60416],
  ],
  [
    'fftFrequencies',
    () => fftFrequencies({ sampleRate: 48_000, nFft: 2401 }),
    1201,
    [0, 3998.33403, 7996.66805, 11995.0021, 15993.3361, 19991.6701, 23990.0042],
  ],
]

describe('librosa’s numbers', () => {
  it.each(librosa)('%s', async (_, call, length, values) => {
    const answer = await call()
    const data = 'rows' in answer ? answer.data : answer
    expect(data.length).toBe(length)
    const picked = values.map((_, i) => data[Math.floor((i * (length - 1)) / Math.max(1, values.length - 1))]!)
    const allowed = Math.max(1e-6, 1e-5 * Math.max(...values.map(Math.abs)))
    for (const [i, value] of values.entries())
      expect(Math.abs(picked[i]! - value), `number ${i}: ${picked[i]}, librosa ${value}`).toBeLessThanOrEqual(allowed)
  })

  it('the loudest amplitude may be a negative one', async () => {
    const S: Matrix = { data: Float32Array.of(1, -10, 0.01, -0.1), rows: 2, columns: 2 }
    expect(Array.from((await amplitudeToDb(S, { topDb: 30 })).data, Math.round)).toEqual([0, 20, -10, -10])
    expect(Array.from((await amplitudeToDb(S, { ref: 'max', topDb: null })).data, Math.round)).toEqual([-20, 0, -60, -40])
  })

  it('powers below 0 are at the level of amin, whatever the reference', async () => {
    const negative = { ...positive, data: positive.data.map((value) => -value) }
    for (const ref of ['max', 'mean', 'median', 'min'] as const) {
      expect(Array.from((await powerToDb(negative, { ref })).data).every((value) => Math.abs(value) < 1e-5)).toBe(true)
    }
  })

  it('what is too short for an onset has none, and no beats', async () => {
    for (const samples of [Float32Array.of(0.5), tones.slice(0, 300)]) {
      expect(await onsetDetect(samples, { sampleRate })).toEqual([])
      expect(await beatTrack(samples, { sampleRate })).toEqual({ tempo: 0, beats: [] })
    }
  })

  it('no frame is above the loudest', async () => {
    expect(await split(tones, { topDb: 0 })).toEqual([])
    expect(await trim(tones, { topDb: 0 })).toEqual({ start: 0, end: 0 })
  })

  it('pcen of parts, each going on from the state of the one before, is that of the whole', async () => {
    const part = (from: number, to: number): Matrix => ({
      data: Float32Array.from({ length: 4 * (to - from) }, (_, i) => positive.data[Math.floor(i / (to - from)) * 40 + from + (i % (to - from))]!),
      rows: 4,
      columns: to - from,
    })
    const whole = await pcen(positive, { sampleRate, b: 0.2 })
    const first = await pcen(part(0, 13), { sampleRate, b: 0.2 })
    const second = await pcen(part(13, 40), { sampleRate, b: 0.2, zi: first.zf })
    for (let row = 0; row < 4; row++) {
      expect([...first.data.slice(13 * row, 13 * row + 13), ...second.data.slice(27 * row, 27 * row + 27)]).toEqual(
        Array.from(whole.data.slice(40 * row, 40 * row + 40)),
      )
    }
    expect(second.zf).toEqual(whole.zf)
  })

  it.each([512, 401])('a silent frame beside a loud one has the centroid of silence, nFft %i', async (nFft) => {
    const centroid = await spectralCentroid(bursts, { sampleRate, nFft, hopLength: 100, center: false })
    const silent = Array.from(centroid.data, (_, t) => bursts.subarray(100 * t, 100 * t + nFft).every((value) => value === 0))
    expect(silent.filter(Boolean).length).toBeGreaterThan(50)
    for (const [t, hz] of centroid.data.entries()) expect(hz === 0).toBe(silent[t])
  })
})
