// Peers in Python: programs of benchmarks/native.

import { nativeSource } from './compile.ts'
import { Peer } from './peer.ts'

/** Debian's Python has Debian's libraries; another one that comes first on the path would not. */
const PYTHON = '/usr/bin/python3'

export interface PythonThreads {
  readonly openMp: number
  /** For NumPy's products and decompositions. */
  readonly openBlas: number
}

/** A program of benchmarks/native; on one thread where no numbers are given. */
export function pythonPeer(name: string, script: string, { openMp, openBlas }: PythonThreads = { openMp: 1, openBlas: 1 }): Peer {
  return new Peer(name, PYTHON, ['-B', nativeSource(script)], { OMP_NUM_THREADS: String(openMp), OPENBLAS_NUM_THREADS: String(openBlas) })
}
