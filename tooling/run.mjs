// Runs one command as one step: a line that says what happens, the whole log only where it fails.

import { spawn } from 'node:child_process'
import { delimiter, join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

/** A step that failed, with what its command printed. */
export class StepError extends Error {
  /** @param {string} message @param {string} log */
  constructor(message, log) {
    super(message)
    this.log = log
  }
}

// The workspace's own tools come first on the path. Turbo reports nothing to its makers.
const environment = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
}

/**
 * Runs a command from the root of the workspace and gives its exit code and what it printed (both streams, in order).
 * @param {string} command @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, show?: boolean, limit?: number }} [options]
 *   `show`: print at once and do not keep; `limit`: milliseconds after which the command and all it started are killed
 * @returns {Promise<{ code: number, log: string }>}
 */
export function run(command, args, { cwd = root, env = {}, show = false, limit } = {}) {
  return new Promise((done) => {
    // Windows starts `npx` and the tools in .bin through their .cmd files, which only a shell can run.
    const shell = process.platform === 'win32' && command !== process.execPath
    const child = spawn(command, args, {
      cwd,
      env: { ...environment, ...env },
      shell,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      // A process group of its own, so that nothing of it outlives the limit.
      detached: limit !== undefined,
    })
    const stop = limit === undefined ? () => {} : killGroupAfter(child, limit)
    /** @type {Buffer[]} */
    const chunks = []
    child.stdout?.on('data', (chunk) => chunks.push(chunk))
    child.stderr?.on('data', (chunk) => chunks.push(chunk))
    child.on('error', (error) => {
      stop()
      done({ code: 127, log: `${command}: ${error.message}` })
    })
    child.on('close', (code) => {
      stop()
      done({ code: code ?? 1, log: Buffer.concat(chunks).toString() })
    })
  })
}

/**
 * Kills the process group of `child` after `limit`, or on Ctrl-C, which does not reach it. Gives the way to call that off.
 * @param {import('node:child_process').ChildProcess} child @param {number} limit
 */
function killGroupAfter(child, limit) {
  const kill = () => {
    if (child.pid !== undefined) process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  }
  const timer = setTimeout(kill, limit)
  process.once('SIGINT', kill)
  return () => {
    clearTimeout(timer)
    process.off('SIGINT', kill)
  }
}

/**
 * As {@link run}; throws where the exit code is not 0. Gives what was printed.
 * @param {string} command @param {readonly string[]} args @param {{ cwd?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<string>}
 */
export async function mustRun(command, args, options) {
  const { code, log } = await run(command, args, options)
  if (code !== 0) throw new StepError(`${[command, ...args].join(' ')} ended with code ${code}`, log)
  return log
}

/**
 * Prints `label … done (3 s)` around a piece of work.
 * @template T @param {string} label @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function step(label, work) {
  process.stdout.write(`${label} … `)
  const began = performance.now()
  try {
    const result = await work()
    console.log(`done (${((performance.now() - began) / 1000).toFixed(1)} s)`)
    return result
  } catch (error) {
    console.log('failed')
    throw error
  }
}

/**
 * Runs a program's main function; a failed step prints its log and one line, and the exit code is 1.
 * @param {() => Promise<void>} program
 */
export async function main(program) {
  try {
    await program()
  } catch (error) {
    if (error instanceof StepError) {
      if (error.log) console.error(error.log.trimEnd())
      console.error(error.message)
    } else console.error(error)
    process.exitCode = 1
  }
}
