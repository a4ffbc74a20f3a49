// The sides of the comparisons: our indexes, the C++ programs, Python's faiss, hnswlib-node.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { cached } from '../cache.ts'
import { compiled, libraryOf, sourcesIn } from '../compile.ts'
import { Peer } from '../peer.ts'
import { pythonPeer } from '../python-peer.ts'
import { DIMENSIONS, ROWS, type VectorFiles } from './mnist.ts'

/** Cores of the machine are found by each library itself where no number is given. */
type Threads = number | undefined

export const GRAPH = { m: 16, efConstruction: 200, seed: 100 } as const

/** One of our indexes in a process of its own, with at most so many threads. */
export function ours(threads?: Threads, env: Readonly<Record<string, string>> = {}): Peer {
  const limit: Record<string, string> = threads === undefined ? {} : { CBIR_THREADS: String(threads) }
  return new Peer('ours', process.execPath, ['--expose-gc', join(import.meta.dirname, 'index-host.js')], { ...limit, ...env })
}

/** hnswlib in C++, compiled as its authors do. */
export async function hnswlibPeer(): Promise<Peer> {
  return new Peer('hnswlib in C++', await hnswlibProgram())
}

async function hnswlibProgram(): Promise<string> {
  const { root, version } = libraryOf('@cbir/hnsw-index', 'hnswlib-node')
  return compiled('hnswlib_peer.cc', { flags: ['-O3', '-march=native', `-I${join(root, 'src')}`], versions: [version] })
}

/** Spotify's Annoy in C++. `native`: with everything this CPU has; else as our addon is compiled. */
export async function annoyPeer(native = false): Promise<Peer> {
  const { root, version } = libraryOf('@cbir/annoy-index', 'annoy-node')
  const flags = ['-O3', `-I${join(root, 'annoy', 'src')}`, '-w', ...(native ? ['-march=native'] : [])]
  return new Peer(`Annoy in C++${native ? ' -march=native' : ''}`, await compiled('annoy_peer.cc', { flags, versions: [version] }))
}

/** Memory bandwidth and multiply-adds of the moment. */
export async function probe(): Promise<Peer> {
  return new Peer('probe', await compiled('probe.cc', { flags: ['-O3', '-march=native'] }))
}

/** The engine of flat-index without Node: its sources, compiled as its addon is. */
export async function flatScan(): Promise<Peer> {
  const require = createRequire(import.meta.url)
  const [flat, kit] = ['@cbir/flat-index', '@cbir/native-kit'].map((name) => join(dirname(require.resolve(`${name}/package.json`)), 'native'))
  const sources = [...sourcesIn(flat!, /^(?!addon).*\.cc$/), ...sourcesIn(join(kit!, 'src'), /^(cpu|metric|kernels.*)\.cc$/)]
  const flags = ['-O3', '-ffp-contract=off', `-I${flat}`, `-I${join(kit!, 'include')}`]
  return new Peer('the engine of flat-index', await compiled('flat_scan.cc', { flags, sources }))
}

/** Python's faiss, with so many threads of OpenMP and of OpenBLAS. */
export function faissPeer(openMp: number, openBlas: number): Peer {
  return pythonPeer(`Python's faiss (OpenMP ${openMp}, OpenBLAS ${openBlas})`, 'faiss_peer.py', { openMp, openBlas })
}

/** hnswlib-node as one who installs it has it: its tarball's sources, compiled by node-gyp in a copy. */
export async function hnswlibNodePeer(): Promise<Peer> {
  const { root, version } = libraryOf('@cbir/hnsw-index', 'hnswlib-node')
  const require = createRequire(import.meta.url)
  const kit = require.resolve('@cbir/native-kit/package.json')
  const nodeAddonApi = dirname(createRequire(kit).resolve('node-addon-api/package.json'))
  const workspace = resolve(import.meta.dirname, '../../..')
  const nodeGyp = join(workspace, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js')
  const folder = await cached('hnswlib-node', [version, process.version, nodeAddonApi], async (path) => {
    await cp(root, path, { recursive: true, dereference: true })
    await mkdir(join(path, 'node_modules'), { recursive: true })
    await symlink(nodeAddonApi, join(path, 'node_modules', 'node-addon-api'))
    const prefix = resolve(dirname(process.execPath), '..')
    const headers = existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : []
    await promisify(execFile)(process.execPath, [nodeGyp, 'rebuild', ...headers], { cwd: path, maxBuffer: 2 ** 26 })
  })
  return new Peer('hnswlib-node', process.execPath, [
    join(import.meta.dirname, 'hnswlib-node-host.js'),
    join(folder, 'build', 'Release', 'addon.node'),
  ])
}

/** A graph that hnswlib itself built over all rows, in its own file; made once. */
export async function hnswGraph(files: VectorFiles): Promise<string> {
  const { m, efConstruction, seed } = GRAPH
  return cached(`${files.name}-hnsw`, [files.base, await hnswlibProgram(), m, efConstruction, seed], async (path) => {
    const peer = await hnswlibPeer()
    await peer.ask('base', files.base, DIMENSIONS)
    await peer.ask('build', ROWS, m, efConstruction, seed, availableParallelism())
    await peer.ask('save', path)
    await peer.stop()
  })
}

/** A file of Python's faiss over all rows; made once. */
export async function faissFile(files: VectorFiles, factory: string): Promise<string> {
  return cached(`${files.name}-faiss-${factory.replace(',', '-')}`, [files.base, factory], async (path) => {
    const cores = availableParallelism()
    const peer = faissPeer(cores, cores)
    await peer.ask('base', files.base, DIMENSIONS)
    await peer.ask('build', factory)
    await peer.ask('save', path)
    await peer.stop()
  })
}

export const TREES = { trees: 20, seed: 1 } as const

/** A file of Annoy over all rows, made once. */
export async function annoyFile(files: VectorFiles): Promise<string> {
  const { trees, seed } = TREES
  return cached(`${files.name}-annoy`, [files.base, trees, seed], async (path) => {
    const peer = await annoyPeer()
    await peer.ask('build', 'euclidean', DIMENSIONS, files.base, ROWS, trees, seed, path)
    await peer.stop()
  })
}
