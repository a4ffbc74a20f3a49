// Standard scores: every number of a descriptor with mean 0 and spread 1 over a collection, so that the loud ones among them do not decide alone.

import { chain, defineFeatureExtractor, type FeatureExtractor, type VectorBatch } from '@cbir/core'

/** The extractor followed by scaling to what `sample` has. */
export function standardScores<T>(extractor: FeatureExtractor<T>, sample: VectorBatch): FeatureExtractor<T> {
  const { data, count, dimensions } = sample
  const mean = new Float64Array(dimensions)
  const variance = new Float64Array(dimensions)
  data.forEach((value, i) => {
    mean[i % dimensions]! += value / count
  })
  data.forEach((value, i) => {
    variance[i % dimensions]! += (value - mean[i % dimensions]!) ** 2 / count
  })
  const scale = variance.map((value) => 1 / Math.sqrt(value || 1))
  const scaler = defineFeatureExtractor<Float32Array>('standard-scores', {
    dimensions,
    fingerprint: JSON.stringify([...mean, ...scale]),
    extract(inputs) {
      const out = new Float32Array(inputs.length * dimensions)
      for (const [row, vector] of inputs.entries()) {
        for (let i = 0; i < dimensions; i++) out[row * dimensions + i] = (vector[i]! - mean[i]!) * scale[i]!
      }
      return { data: out, count: inputs.length, dimensions }
    },
  })
  return chain(extractor, scaler)
}
