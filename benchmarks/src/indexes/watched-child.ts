// A child process that goes through numbered cases, and may die or hang in any of them.

import { spawn } from 'node:child_process'

export interface Watched {
  /** The case to go on with. */
  readonly next: number
  /** How the process ended in the case before that, where it died of it. */
  readonly death?: { readonly kind: 'crash' | 'hang'; readonly what: string } | undefined
}

/**
 * Runs `program run …args`, which writes `case <number> …` before each case and one line with its outcome after it, from case `from` on.
 * @param patience milliseconds without a line after which it hangs, and is killed
 */
export function watchCases(
  program: string,
  args: readonly string[],
  from: number,
  to: number,
  patience: number,
  onOutcome: (number: number, outcome: string) => void,
): Promise<Watched> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, 'run', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let at = from
    let finished = from
    let hung = false
    let rest = ''
    let errors = ''
    const giveUp = (): void => {
      hung = true
      child.kill('SIGKILL')
    }
    let timer = setTimeout(giveUp, patience)
    child.stdout.on('data', (chunk) => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, patience)
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        const number = /^case (\d+)/.exec(line)?.[1]
        if (number !== undefined) at = Number(number)
        else if (line !== 'end') {
          finished = at + 1
          onOutcome(at, line)
        }
      }
    })
    child.stderr.on('data', (chunk) => {
      errors = (errors + String(chunk)).slice(-300)
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (finished >= to) return resolve({ next: to })
      const last = errors.trim().split('\n').at(-1) ?? ''
      resolve({ next: at + 1, death: { kind: hung ? 'hang' : 'crash', what: `${signal ?? `code ${code}`} ${last}` } })
    })
  })
}
