// Native addons as they are published: the binary of this platform is inside and depends on nothing but the C library; nothing is built or run
// when they are installed; and each finds its neighbours in an empty project.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packPackages } from '../pack.mjs'
import { mustRun, run } from '../run.mjs'

export const name = 'packed native addons'

/** The plugin that each addon's package exports, and how it is made. */
const indexes = {
  '@cbir/annoy-index': 'annoyIndex({ metric: "euclidean" })',
  '@cbir/faiss-index': 'faissIndex({ factory: "Flat" })',
  '@cbir/flat-index': 'flatIndex({ metric: "euclidean" })',
  '@cbir/hnsw-index': 'hnswIndex({ metric: "euclidean" })',
}

/** Addons of layers below the adapters, and of an index that is made of parts: a program that prints the lines which must come. */
const layers = {
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
      if (!(manifest.name in indexes) && !(manifest.name in layers)) {
        if (content.some((file) => file.endsWith('.node'))) problems.push(`${manifest.name}: has an addon that nothing here tries; add it`)
        continue
      }
      problems.push(...(await binaryProblems(manifest.name, tarball, join(folder, manifest.name.slice(6)))))
    }
    return [...problems, ...(await useProblems(packed, join(folder, 'project')))]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} packageName @param {string} tarball @param {string} folder */
async function binaryProblems(packageName, tarball, folder) {
  mkdirSync(folder, { recursive: true })
  await mustRun('tar', ['xzf', tarball, '-C', folder])
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
