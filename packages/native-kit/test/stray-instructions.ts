// Finds what a binary for every CPU must not have: functions outside an instruction set's own namespace that were compiled with its
// instructions. The linker keeps one copy of an inline function of the standard library; if that copy has AVX, a CPU without it dies.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const limit = { maxBuffer: 1 << 28 }

/** Names of functions in an object, library or unstripped program of x86-64 that hold AVX instructions (VEX or EVEX), unless allowed. */
export async function functionsWithAvx(binary: string, allowed: RegExp): Promise<string[]> {
  const { stdout } = await run('objdump', ['--disassemble', '--demangle', '--no-show-raw-insn', binary], limit)
  const found = new Set<string>()
  let name = ''
  for (const line of stdout.split('\n')) {
    const header = /^[0-9a-f]+ <(.+)>:$/.exec(line)
    if (header) name = header[1]!
    // All instructions that begin with v are AVX's but these three old ones.
    else if (/^\s+[0-9a-f]+:\s+v(?!err|erw|mcall)/.test(line) && !allowed.test(name)) found.add(name)
  }
  return [...found]
}
