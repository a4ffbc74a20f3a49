// Fingerprints: what is found in noise and what must not be, and how time and memory grow; on two cores, as there are thousands of matches.

import { Worker } from 'node:worker_threads'
import type { Row } from '../row.ts'
import type { FingerprintPart } from './fingerprint-worker.ts'

export async function measure(): Promise<Row[]> {
  // Growth is timed at its largest when the other thread has ended.
  const growing = rowsOf('growth')
  const pieces = await rowsOf('pieces')
  const sameStudio = await rowsOf('same-studio')
  return [...pieces, ...sameStudio, ...(await growing)]
}

function rowsOf(part: FingerprintPart): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./fingerprint-worker.js', import.meta.url), { workerData: part })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
