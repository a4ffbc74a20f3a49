// Debian's Python with Debian's faiss: the other program that files are exchanged with. Another Python on the path has no faiss.

import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

const PYTHON = '/usr/bin/python3'

export const hasPythonFaiss: boolean = spawnSync(PYTHON, ['-c', 'import faiss, numpy'], { stdio: 'ignore' }).status === 0

/** Runs a program; `arguments` are its `sys.argv[1:]`. Gives what it prints. */
export async function python(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(PYTHON, ['-c', program, ...args], {
    maxBuffer: 1 << 26,
    // Its threads would wait for cores that other tests have.
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  })
  return stdout
}
