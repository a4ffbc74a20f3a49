// Native addons and WebAssembly as they are published: the binary of this platform is inside and depends on nothing but the C library, the module on
// nothing at all; nothing is built or run when they are installed; and each finds its neighbours in an empty project.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packPackages } from '../pack.mjs'
import { mustRun, run } from '../run.mjs'

export const name = 'packed native addons and WebAssembly'

/** The plugin that each addon's package exports, and how it is made. */
const indexes = {
  '@cbir/annoy-index': 'annoyIndex({ metric: "euclidean" })',
  '@cbir/faiss-index': 'faissIndex({ factory: "Flat" })',
  '@cbir/flat-index': 'flatIndex({ metric: "euclidean" })',
  '@cbir/hnsw-index': 'hnswIndex({ metric: "euclidean" })',
}

/** Addons and modules of layers below the adapters, and of an index that is made of parts: a program that prints the lines which must come. */
const layers = {
  '@cbir/audio-decode': {
    // Without the module it computes the same numbers, so compiling is what shows it.
    program: `import { resample } from '@cbir/audio-decode'
    const { compile } = WebAssembly
    let compiled = 0
    WebAssembly.compile = (bytes) => {
      compiled++
      return compile(bytes)
    }
    const resampled = await resample(new Float32Array(2205).fill(0.5), { from: 22050, to: 16000 })
    console.log('audio-decode modules', compiled, 'constant', resampled[800])`,
    lines: ['audio-decode modules 1 constant 0.5'],
  },
  '@cbir/audio-dsp': {
    program: `import { stft } from '@cbir/audio-dsp'
    for (const implementation of ['native', 'wasm']) {
      const { bins } = await stft(new Float32Array(64).fill(1), { nFft: 16, implementation })
      console.log('audio-dsp', implementation, bins)
    }`,
    lines: ['audio-dsp native 9', 'audio-dsp wasm 9'],
  },
  '@cbir/lsh': {
    program: `import { vectorBatchOf } from '@cbir/core'
    import { itq, lshIndex, multiIndexHashing } from '@cbir/lsh'
    const lsh = await lshIndex({ functor: await itq({ bits: 2 }), hashIndex: await multiIndexHashing(), metric: 'cosine' })
    await lsh.build([{ uids: ['east', 'north'], vectors: vectorBatchOf([[1, 0], [0, 1]]) }])
    console.log('lsh', (await lsh.nearest(vectorBatchOf([[0.1, 0.9]]), 1)).hits(0)[0].uid)
    await lsh.dispose()`,
    lines: ['lsh north'],
  },
}

/** The types of Node declare no value of this name. */
const wasm = /** @type {any} */ (globalThis).WebAssembly

/** What a binary for Linux may ask of the system. */
const systemLibraries = /^(libc|libm|libdl|libpthread|ld-linux-[\w-]+)\.so\.\d+$/

export async function check() {
  const packed = await packPackages()
  const folder = mkdtempSync(join(tmpdir(), 'cbir-natives-'))
  try {
    const problems = []
    for (const { manifest, tarball } of packed) {
      const content = (await mustRun('tar', ['tzf', tarball])).split('\n')
      if (content.some((file) => file.endsWith('binding.gyp')))
        problems.push(`${manifest.name}: binding.gyp is in the tarball; npm would build it on installation`)
      const built = builtBinaries(manifest.scripts?.['build:native'] ?? '')
      const binaries = content.filter((file) => /\.(node|wasm)$/.test(file))
      if (!(manifest.name in indexes) && !(manifest.name in layers)) {
        const untried = [...new Set([...built.modules, ...binaries.map((file) => file.slice('package/'.length))])]
        if (untried.length > 0) problems.push(`${manifest.name}: has ${untried.join(', ')}, which nothing here tries; add it`)
        continue
      }
      const unpacked = join(folder, manifest.name.slice(6))
      mkdirSync(unpacked, { recursive: true })
      await mustRun('tar', ['xzf', tarball, '-C', unpacked])
      if (built.addon) problems.push(...(await addonProblems(manifest.name, unpacked)))
      problems.push(...moduleProblems(manifest.name, unpacked, built.modules, binaries))
    }
    return [...problems, ...(await useProblems(packed, join(folder, 'project')))]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a package builds beside its JavaScript, by the command for it: an addon, and modules of WebAssembly. @param {string} command */
export function builtBinaries(command) {
  return { addon: command.includes('native.mjs'), modules: [...command.matchAll(/prebuilds\/[\w.-]+\.wasm/g)].map(([file]) => file) }
}

/** @param {string} packageName @param {string} folder where it was unpacked @param {readonly string[]} built @param {readonly string[]} packed */
export function moduleProblems(packageName, folder, built, packed) {
  const problems = built
    .filter((file) => !packed.includes(`package/${file}`))
    .map((file) => `${packageName}: ${file} is built, and not in the tarball`)
  for (const file of packed.filter((file) => file.endsWith('.wasm'))) {
    if (!built.includes(file.slice('package/'.length))) problems.push(`${packageName}: ${file} is in the tarball, and build:native does not make it`)
    const bytes = readFileSync(join(folder, file))
    if (!wasm.validate(bytes)) problems.push(`${packageName}: ${file} is no WebAssembly`)
    else if (wasm.Module.imports(new wasm.Module(bytes)).length > 0) problems.push(`${packageName}: ${file} wants functions of its host`)
  }
  return problems
}

/** @param {string} packageName @param {string} folder where it was unpacked */
async function addonProblems(packageName, folder) {
  const platform = `${process.platform}-${process.arch}`
  const prebuilds = join(folder, 'package', 'prebuilds', platform)
  const binaries = readdirSync(prebuilds, { withFileTypes: true }).filter((entry) => entry.name.endsWith('.node'))
  if (binaries.length === 0) return [`${packageName}: no binary for ${platform} in the tarball`]
  if (process.platform !== 'linux') return []
  const problems = []
  for (const binary of binaries) {
    const headers = await mustRun('objdump', ['-p', join(prebuilds, binary.name)])
    const needed = [...headers.matchAll(/NEEDED\s+(\S+)/g)].map(([, library]) => library ?? '')
    const foreign = needed.filter((library) => !systemLibraries.test(library))
    if (foreign.length > 0) problems.push(`${packageName}: ${binary.name} needs ${foreign.join(', ')} of the system`)
    if (/GLIBCXX|CXXABI/.test(headers)) problems.push(`${packageName}: ${binary.name} takes the C++ library of the system`)
  }
  return problems
}

/** @param {readonly import('../pack.mjs').PackedPackage[]} packed @param {string} folder */
async function useProblems(packed, folder) {
  mkdirSync(folder)
  const wanted = packed.filter(
    ({ manifest }) => manifest.name in indexes || manifest.name in layers || ['@cbir/core', '@cbir/native-kit'].includes(manifest.name),
  )
  const tarballs = Object.fromEntries(wanted.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]))
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module', dependencies: tarballs, overrides: tarballs }),
  )
  const imports = Object.entries(indexes).map(([from, make]) => `import { ${make.slice(0, make.indexOf('('))} } from '${from}'`)
  const program = `${imports.join('\n')}
    const data = Float32Array.from({ length: 400 * 8 }, (_, i) => Math.fround(Math.sin(i * 1.7)))
    const uids = Array.from({ length: 400 }, (_, i) => \`item \${i}\`)
    for (const make of [${Object.values(indexes).map((make) => `() => ${make}`)}]) {
      const index = await make()
      await index.build([{ uids, vectors: { data, count: 400, dimensions: 8 } }])
      const found = await index.nearest({ data: data.slice(8 * 123, 8 * 124), count: 1, dimensions: 8 }, 3)
      console.log(index.name, found.hits(0)[0].uid, found.hits(0)[0].distance)
      await index.dispose()
    }
    ${Object.values(layers)
      .map(({ program }) => program)
      .join('\n')}`
  writeFileSync(join(folder, 'use.js'), program)
  // Scripts are allowed here: there must be none to run. No compiler either.
  await mustRun('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder, env: { CXX: 'false', CC: 'false' } })
  const { code, log } = await run(process.execPath, ['use.js'], { cwd: folder })
  const expected = [
    ...Object.keys(indexes).map((packageName) => `${packageName.slice(6)} item 123 0`),
    ...Object.values(layers).flatMap(({ lines }) => lines),
  ]
  const missing = expected.filter((line) => !log.includes(line))
  return code === 0 && missing.length === 0 ? [] : [`in an empty project: ${missing.join('; ') || 'failed'}\n${log}`]
}
