// Every way in which faiss itself, or the binding for Node that there was, ends the process or answers wrongly: in a child process, straight at
// the addon, below core's checks. The child must live to the end, and have a typed error for each.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { addonFile } from '../src/addon.ts'

const CHILD = `
const addon = require(process.argv[1])
addon.attach((code, message) => Object.assign(new Error(message), { code }))
const settings = { seed: 1, efConstruction: 40, trainingRows: 1000, leastTrainingRows: 16 }
const tuning = { nprobe: 1, efSearch: 16, everything: false }
const x = Float32Array.from({ length: 800 }, (_, i) => Math.sin(i * i))
const codes = {}
async function attempt(name, work) {
  try {
    const value = await work()
    codes[name] = value === undefined ? 'nothing' : 'value'
  } catch (error) {
    codes[name] = error.code ?? 'none: ' + error.message
  }
}
async function main() {
  const lists = () => addon.make(8, 'IVF16,Flat', 'euclidean', settings)
  const filled = async (factory) => {
    const index = addon.make(8, factory, 'euclidean', settings)
    await addon.add(index, x, 100, 0, undefined)
    await addon.finish(index, undefined)
    return index
  }
  await attempt('no arguments', () => addon.make())
  await attempt('dimension 0', () => addon.make(0, 'Flat', 'euclidean', settings))
  await attempt('negative dimension', () => addon.make(-1, 'Flat', 'euclidean', settings))
  await attempt('a factory string that is none', () => addon.make(8, 'Nothing', 'euclidean', settings))
  await attempt('an unbalanced one', () => addon.make(8, 'IVF4(((', 'euclidean', settings))
  await attempt('parts that do not divide', () => addon.make(8, 'PQ3', 'euclidean', settings))
  await attempt('a metric that is none', () => addon.make(8, 'Flat', 'l2', settings))
  await attempt('search before training', () => addon.nearest(lists(), x, 1, 1, undefined, tuning, true, undefined))
  await attempt('too few points', async () => {
    const index = lists()
    await addon.add(index, x, 15, 0, undefined)
    await addon.finish(index, undefined)
  })
  const flat = await filled('Flat')
  const graph = await filled('HNSW8')
  await attempt('k = 0', () => addon.nearest(flat, x, 1, 0, undefined, tuning, true, undefined))
  await attempt('k = -1', () => addon.nearest(flat, x, 1, -1, undefined, tuning, true, undefined))
  await attempt('k above the rows', () => addon.nearest(flat, x, 1, 101, undefined, tuning, true, undefined))
  await attempt('a query too short', () => addon.nearest(flat, x.slice(0, 7), 1, 1, undefined, tuning, true, undefined))
  await attempt('numbers for a query', () => addon.nearest(flat, Array.from(x.slice(0, 8)), 1, 1, undefined, tuning, true, undefined))
  await attempt('an array too short to add', () => addon.add(flat, x, 101, 0, undefined))
  await attempt('overwriting a row that is not there', () => addon.overwrite(flat, new Uint32Array([100]), 1, x.slice(0, 8), undefined))
  await attempt('overwriting in a graph', () => addon.overwrite(graph, new Uint32Array([1]), 1, x.slice(0, 8), undefined))
  await attempt('removing from a graph', () => addon.free(graph, new Uint32Array([1]), 1, undefined))
  await attempt('a radius in a graph', async () => (await addon.within(graph, x.slice(0, 8), 1, 1, undefined, tuning, false, undefined)).rows)
  await attempt('a bad path to write', () => addon.write(flat, '/no/such/folder/file', undefined))
  await attempt('a bad path to read', () => addon.read('/no/such/folder/file', 'euclidean', settings, undefined))
  await attempt('a folder to read', () => addon.read('/', 'euclidean', settings, undefined))
  await attempt('ids for too few rows', () => addon.writeForeign(flat, '/no/such/folder/file', new BigInt64Array(3), true, undefined))
  await attempt('no handle', () => addon.nearest({}, x, 1, 1, undefined, tuning, true, undefined))
  addon.close(flat)
  await attempt('a closed handle', () => addon.nearest(flat, x, 1, 1, undefined, tuning, true, undefined))
  console.log(JSON.stringify(codes))
}
main()
`

test('a typed error each, and a process that lives', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', CHILD, addonFile()])
  expect(JSON.parse(stdout)).toEqual({
    'no arguments': 'INVALID_ARGUMENT',
    'dimension 0': 'INVALID_ARGUMENT',
    'negative dimension': 'INVALID_ARGUMENT',
    'a factory string that is none': 'INVALID_CONFIG',
    'an unbalanced one': 'INVALID_CONFIG',
    'parts that do not divide': 'INVALID_CONFIG',
    'a metric that is none': 'INVALID_ARGUMENT',
    'search before training': 'INVALID_ARGUMENT',
    'too few points': 'INVALID_ARGUMENT',
    'k = 0': 'INVALID_ARGUMENT',
    'k = -1': 'INVALID_ARGUMENT',
    'k above the rows': 'INVALID_ARGUMENT',
    'a query too short': 'INVALID_ARGUMENT',
    'numbers for a query': 'INVALID_ARGUMENT',
    'an array too short to add': 'INVALID_ARGUMENT',
    'overwriting a row that is not there': 'INVALID_ARGUMENT',
    'overwriting in a graph': 'NOT_SUPPORTED',
    'removing from a graph': 'NOT_SUPPORTED',
    'a radius in a graph': 'value',
    'a bad path to write': 'IO_FAILED',
    'a bad path to read': 'IO_FAILED',
    'a folder to read': 'CORRUPT_DATA',
    'ids for too few rows': 'INVALID_ARGUMENT',
    'no handle': 'INVALID_ARGUMENT',
    'a closed handle': 'INVALID_ARGUMENT',
  })
})
