// One part of the figures of fingerprints, in a thread of its own.

import { parentPort, workerData } from 'node:worker_threads'
import type { Row } from '../row.ts'
import { growth } from './fingerprint-growth.ts'
import { recognition } from './fingerprint-recognition.ts'

/** What a thread is asked for. */
export type FingerprintPart = 'pieces' | 'same-studio' | 'growth'

const part = workerData as FingerprintPart
const rows: Row[] = part === 'growth' ? await growth() : await recognition(part)
parentPort?.postMessage(rows)
