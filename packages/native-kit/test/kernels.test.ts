// The kernels and vectors, by a C++ program that is compiled here: with the sanitizers for this machine, and for AArch64, where an
// emulator runs it. Each instruction set that the CPU or the emulator has runs all of it.

import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { arch, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { type CoordinateSum, METRIC_NAMES, METRICS } from '@cbir/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileObjects, filesIn, hasCommands, kitSources, STRICT } from '../../../tooling/compile-native.ts'
import { functionsWithAvx } from './stray-instructions.ts'

const run = promisify(execFile)
const work = mkdtempSync(join(tmpdir(), 'cbir-kernels-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const sources = [...kitSources(), ...filesIn(new URL('../native/test/', import.meta.url), /^(kernels_test|simd_test_\w+)\.cc$/)]

async function program(compiler: string, label: string, flags: readonly string[]): Promise<string> {
  const objects = await compileObjects(compiler, [...STRICT, ...flags], sources, join(work, `${label}-objects`))
  const file = join(work, label)
  await run(compiler, [...flags, ...objects, '-o', file])
  return file
}

/** What the program printed, and its exit code. */
async function result(file: string, args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number; text: string }> {
  try {
    const { stdout } = await run(file, args, { env: { PATH: process.env['PATH'], ...env } })
    return { code: 0, text: stdout.trim() }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, text: `${stdout}${stderr}`.trim() }
  }
}

/** Asked of the operating system here, and so apart from what is tested. */
const cpuFlags = process.platform === 'linux' ? execFileSync('cat', ['/proc/cpuinfo'], { encoding: 'utf8' }) : ''
const hasAvx2 = ['avx2', 'fma', 'f16c', 'popcnt'].every((flag) => new RegExp(`\\b${flag}\\b`).test(cpuFlags))
const hasAvx512 = hasAvx2 && ['avx512f', 'avx512bw', 'avx512vl', 'avx512dq'].every((flag) => cpuFlags.includes(flag))
const isX86 = arch() === 'x64'
const sets = isX86 ? ['plain', ...(hasAvx2 ? ['avx2'] : []), ...(hasAvx512 ? ['avx512'] : [])] : ['plain', 'neon']
const best = isX86 ? (hasAvx2 ? 'avx2' : 'plain') : 'neon'

describe('on this machine, under AddressSanitizer and UBSan', () => {
  let file: string
  beforeAll(async () => {
    file = await program('g++', 'host', ['-O1', '-g1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'])
  }, 300_000)

  test('finds the instruction sets that the CPU has', async () => {
    expect(await result(file, ['isas'])).toEqual({ code: 0, text: sets.join('\n') })
  })

  test.each(sets)(
    'kernels and vectors of %s',
    async (set) => {
      expect(await result(file, ['run', set])).toEqual({ code: 0, text: `${set}: 0 failures of kernels, 0 of vectors` })
    },
    120_000,
  )

  test('chooses the best set, and AVX-512 only when it is named', async () => {
    expect(await result(file, ['chosen'])).toEqual({ code: 0, text: best })
    for (const set of sets) expect(await result(file, ['chosen'], { CBIR_CPU: set })).toEqual({ code: 0, text: set })
    const unknown = await result(file, ['chosen'], { CBIR_CPU: 'sse9' })
    expect(unknown.code).toBe(3)
    expect(unknown.text).toMatch(/^INVALID_CONFIG CBIR_CPU is "sse9"; on this CPU it may be one of plain/)
    const foreign = await result(file, ['chosen'], { CBIR_CPU: isX86 ? 'neon' : 'avx2' })
    expect(foreign.text).toMatch(/^INVALID_CONFIG /)
  })

  test("finishes sums as core's metrics do", async () => {
    const cases: [number, number, number, number][] = [
      [0, 0, 0, 3],
      [0, 1, 1, 3],
      [2, 0, 4, 7],
      [12, 9, 16, 5],
      [-12.000001, 9, 16, 5],
      [3.5, 5, 8, 784],
      [0.1, 0.30000000000000004, 7, 128],
      [1e300, 1e200, 1e200, 2],
      [5, 5, 5, 5],
    ]
    const sums: readonly CoordinateSum[] = ['squared-difference', 'product', 'absolute-difference', 'minimum', 'differing']
    const lines: string[] = []
    const wanted: (readonly [string, number, number, number])[] = []
    for (const name of METRIC_NAMES) {
      for (const [sum, a, b, dimensions] of cases) {
        if (sum < 0 && name === 'euclidean') continue
        const definition = METRICS[name]
        lines.push(`${name} ${sum} ${a} ${b} ${dimensions}`)
        wanted.push([name, sums.indexOf(definition.sum), Number(definition.usesNorms), Math.fround(definition.finish(sum, a, b, dimensions)) + 0])
      }
    }
    const input = join(work, 'metrics.txt')
    await writeFile(input, lines.join('\n'))
    const { stdout } = await run('sh', ['-c', '"$0" metrics < "$1"', file, input])
    const got = stdout.trim().split('\n')
    expect(got).toHaveLength(wanted.length)
    got.forEach((line, i) => {
      const [name, sum, norms, distance] = line.split(' ')
      const want = wanted[i]!
      expect([name, Number(sum), Number(norms)]).toEqual(want.slice(0, 3))
      // The arc cosine of the C library and V8's may differ in the last bit.
      const d = distance === 'inf' ? Number.POSITIVE_INFINITY : distance === '-inf' ? Number.NEGATIVE_INFINITY : Number(distance)
      if (name === 'angular') expect(Math.abs(d - want[3])).toBeLessThanOrEqual(want[3] * 2 ** -23)
      else expect(Math.fround(d), lines[i]).toBe(want[3])
    })
    await writeFile(input, 'chebyshev 1 1 1 1')
    const { text } = await result('sh', ['-c', '"$0" metrics < "$1"', file, input])
    expect(text).toMatch(/^INVALID_ARGUMENT There is no metric "chebyshev"/)
  })

  if (isX86 && !hasAvx512)
    test('AVX-512 is compiled only: this CPU can not run it', async () => {
      expect((await result(file, ['run', 'avx512'])).text).toBe('This CPU has no avx512.')
    })
})

// A machine without the emulator may leave this out; the CI may not.
const emulates = hasCommands('aarch64-linux-gnu-g++', 'qemu-aarch64')
describe.skipIf(arch() === 'arm64' || (!emulates && !process.env['CI']))('on AArch64, emulated', () => {
  let file: string
  beforeAll(async () => {
    file = await program('aarch64-linux-gnu-g++', 'aarch64', ['-O1', '-static'])
  }, 300_000)

  test.each(['plain', 'neon'])(
    'kernels and vectors of %s',
    async (set) => {
      const done = await result('qemu-aarch64', [file, 'run', set])
      expect(done).toEqual({ code: 0, text: `${set}: 0 failures of kernels, 0 of vectors` })
    },
    120_000,
  )

  test('chooses NEON', async () => {
    expect((await result('qemu-aarch64', [file, 'chosen'])).text).toBe('neon')
  })
})

describe.runIf(isX86)('as it is shipped', () => {
  const own = /\bcbir::(avx2|avx512)::/
  const flags = [...STRICT, '-O3', '-fPIC', '-fvisibility=hidden']

  test('has AVX instructions in the namespaces of their sets alone', async () => {
    const shipped = sources.filter((source) => !source.includes('_test'))
    const withAvx: string[] = []
    for (const [i, object] of (await compileObjects('g++', flags, shipped, join(work, 'shipped'))).entries()) {
      expect(await functionsWithAvx(object, own), object).toEqual([])
      if ((await functionsWithAvx(object, /^$/)).length > 0) withAvx.push(basename(shipped[i]!))
    }
    expect(withAvx.sort()).toEqual(['kernels_avx2.cc', 'kernels_avx512.cc'])
  }, 120_000)

  test('and a header included under a set is found out', async () => {
    const source = join(work, 'wrong.cc')
    await writeFile(
      source,
      `#include <cbir/isa/avx2.h>
       #include <algorithm>
       namespace cbir::avx2 {
       void wrong(float* values, size_t n) { std::sort(values, values + n); }
       }
       #include <cbir/isa/end.h>`,
    )
    const [object] = await compileObjects('g++', flags, [source], join(work, 'wrong'))
    expect((await functionsWithAvx(object!, own)).join()).toContain('std::__adjust_heap')
  }, 60_000)
})
