// Builds a freestanding C++ file as WebAssembly SIMD: `node ../../tooling/wasm.mjs native/wasm.cc prebuilds/audio_dsp.wasm`. Wants clang and lld.

import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

const target = ['--target=wasm32', '-msimd128', '-mbulk-memory', '-mnontrapping-fptoint']
// No library at all: the sources have no need of one. No contraction, so that sums are those of the baseline of every processor.
const compile = [
  '-O3',
  '-std=c++17',
  '-ffp-contract=off',
  '-fno-exceptions',
  '-fno-rtti',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-nostdlib',
]
// The stack comes first in memory, so that an overflow is a trap; everything behind it is laid out by the caller.
const link = ['--no-entry', '--export=__heap_base', '--stack-first', '-z', 'stack-size=65536', '--strip-all'].map((option) => `-Wl,${option}`)

const [source, module] = process.argv.slice(2)
if (source === undefined || module === undefined) throw new Error('node tooling/wasm.mjs <source> <module>')
mkdirSync(dirname(module), { recursive: true })
const compiler = process.env['CBIR_WASM_CXX'] ?? 'clang++'
const { status, error } = spawnSync(compiler, [...target, ...compile, ...link, source, '-o', module], { stdio: 'inherit' })
if (error) console.error(`${compiler} is needed for WebAssembly (Debian: clang and lld): ${error.message}`)
process.exitCode = status ?? 1
