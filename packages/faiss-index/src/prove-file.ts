// Proving a file in a child process: with bounds on its memory and its time, before this process reads it.

import { spawn } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type CallOptions, CbirError, type ErrorCode } from '@cbir/core'
import { abortError, onAbort } from '@cbir/core/define'
import { addonFile, type Description } from './addon.ts'

const WORKER = fileURLToPath(new URL('../worker/prove-file.mjs', import.meta.url))
/** What the child says when it has come so far as to read the file. */
const BEGUN = 'reading'
/** What Node itself and faiss's tables may take beside the file's content. */
const OWN_MEMORY = 3 * 2 ** 30

interface Verdict {
  readonly described?: Description
  readonly problem?: { readonly code: ErrorCode; readonly message: string }
}

/**
 * Reads a file in a child process, checks it, and asks it a few questions.
 * @throws CbirError CORRUPT_DATA (damaged, or the child died of it), NOT_SUPPORTED, ABORTED, NOT_USABLE (no process can be started, or it died before
 * it read the file)
 */
export async function proveFile(file: string, metric: string, milliseconds: number, { signal }: CallOptions): Promise<Description> {
  const { size } = await stat(file)
  const memory = OWN_MEMORY + 8 * size
  const output = await run([process.execPath, '--max-old-space-size=512', WORKER, addonFile(), file, metric], memory, milliseconds, signal)
  if (!output.late && !output.text.startsWith(BEGUN)) {
    throw new CbirError(
      'NOT_USABLE',
      `The process that proves files ended before it could read one (${output.end}). Give it memory, or prove the file elsewhere.`,
    )
  }
  const verdict = parseVerdict(output)
  if (verdict?.problem) throw new CbirError(verdict.problem.code, verdict.problem.message)
  if (!verdict?.described) {
    throw new CbirError(
      'CORRUPT_DATA',
      `The file is no whole index of faiss: the process that was to read it ended (${output.end}). Write it again or restore it.`,
    )
  }
  return verdict.described
}

interface Output {
  readonly text: string
  /** How it ended. */
  readonly end: string
  /** It took too long, and was ended. */
  readonly late: boolean
}

function parseVerdict({ text }: Output): Verdict | undefined {
  const line = text.split('\n').find((one) => one.startsWith('{'))
  try {
    return line === undefined ? undefined : (JSON.parse(line) as Verdict)
  } catch {
    return undefined
  }
}

function run(command: readonly string[], memory: number, milliseconds: number, signal: AbortSignal | undefined): Promise<Output> {
  return new Promise((resolve, reject) => {
    // The shell sets the bound and then becomes Node. Where there is no shell that can, the bound on time alone remains.
    const [program, args] =
      process.platform === 'win32'
        ? [command[0]!, command.slice(1)]
        : ['/bin/sh', ['-c', `ulimit -c 0; ulimit -v ${Math.ceil(memory / 1024)} 2>/dev/null; exec "$0" "$@"`, ...command]]
    const environment = { ...process.env, NODE_OPTIONS: '' }
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], env: environment })
    let text = ''
    let late = false
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, milliseconds)
    const forget = signal && onAbort(signal, () => child.kill('SIGKILL'))
    const settle = (then: () => void): void => {
      clearTimeout(timer)
      forget?.()
      then()
    }
    child.on('error', (cause) =>
      settle(() =>
        reject(new CbirError('NOT_USABLE', 'No process could be started to prove the file in. Allow it, or prove the file elsewhere.', { cause })),
      ),
    )
    child.on('close', (code, killed) =>
      settle(() => {
        if (signal?.aborted) reject(abortError(signal))
        else resolve({ text, late, end: late ? `it took more than ${milliseconds} ms` : killed ? `by ${killed}` : `with code ${code}` })
      }),
    )
  })
}
