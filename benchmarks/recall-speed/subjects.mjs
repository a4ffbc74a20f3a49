// What is drawn for each index.

import { annoyIndex } from '@cbir/annoy-index'
import { METRIC_NAMES } from '@cbir/core'
import { faissIndex } from '@cbir/faiss-index'
import { flatIndex } from '@cbir/flat-index'
import { hnswIndex } from '@cbir/hnsw-index'
import { itq, lshIndex, pStable, randomProjection } from '@cbir/lsh'

const tunings = (parameter, short, values) => values.map((value) => ({ label: `${short} ${value}`, tuning: { [parameter]: value } }))
const EFS = tunings('efSearch', 'ef', [10, 16, 24, 40, 64, 100, 160, 250])
const PROBES = tunings('nprobe', 'nprobe', [1, 2, 4, 8, 16, 32, 64])
const CANDIDATES = tunings('candidates', 'candidates', [10, 30, 100, 300, 1000, 3000])
const SEARCH_KS = tunings('searchK', 'searchK', [200, 500, 1000, 2000, 4000, 8000, 16_000])

/** @type {Record<string, import('./measure.mjs').Subject[]>} */
export const SUBJECTS = {
  'flat-index': ['euclidean', 'cosine'].flatMap((metric) =>
    ['float32', 'float16', 'int8'].map((storage) => ({
      name: `${metric}, ${storage}`,
      metric,
      dashed: storage !== 'float32',
      make: () => flatIndex({ metric, storage }),
      settings: [{ label: 'exact' }],
    })),
  ),
  'hnsw-index': METRIC_NAMES.flatMap((metric) =>
    (metric === 'hamming' ? ['none'] : ['none', 'int8']).map((codes) => ({
      name: codes === 'none' ? metric : `${metric}, int8`,
      metric,
      dashed: codes !== 'none',
      make: () => hnswIndex({ metric, codes }),
      settings: EFS,
    })),
  ),
  'faiss-index': [
    { name: 'Flat', factory: 'Flat', settings: [{ label: 'exact' }] },
    { name: 'IVF256,Flat', factory: 'IVF256,Flat', settings: PROBES },
    { name: 'IVF256,PQ28', factory: 'IVF256,PQ28', settings: PROBES },
    { name: 'IVF256,SQ8', factory: 'IVF256,SQ8', settings: PROBES },
    { name: 'HNSW32', factory: 'HNSW32', settings: EFS },
  ].map(({ name, factory, settings }) => ({ name, metric: 'euclidean', make: () => faissIndex({ factory, metric: 'euclidean' }), settings })),
  'annoy-index': ['euclidean', 'angular', 'manhattan', 'hamming', 'inner-product'].map((metric) => ({
    name: metric,
    metric,
    make: () => annoyIndex({ metric, trees: 20 }),
    settings: SEARCH_KS,
  })),
  lsh: [
    { name: 'ITQ, 64 bits', functor: () => itq({ bits: 64 }) },
    { name: 'ITQ, 128 bits', functor: () => itq({ bits: 128 }) },
    { name: 'ITQ, 256 bits', functor: () => itq({ bits: 256 }) },
    { name: 'Gaussian, 128 bits', functor: () => randomProjection({ bits: 128 }) },
    { name: 'p-stable, 128 bits', functor: () => pStable({ bits: 128 }) },
  ].map(({ name, functor }) => ({
    name,
    metric: 'euclidean',
    make: async () => lshIndex({ functor: await functor(), candidates: 100 }),
    settings: CANDIDATES,
  })),
}
