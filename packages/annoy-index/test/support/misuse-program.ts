// Everything that makes the packages annoy and annoy-node crash, answer wrongly or do nothing, put to AnnoyIndex: prints a line for each.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AnnoyIndex } from '@cbir/annoy-index/compat'
import { CbirError } from '@cbir/core'

const folder = process.argv[2] as string
const Loose = AnnoyIndex as unknown as new (...args: unknown[]) => Record<string, (...args: unknown[]) => unknown>

function built(): Record<string, (...args: unknown[]) => unknown> {
  const index = new Loose(3, 2)
  for (let i = 0; i < 20; i++) index['addItem']!(i, Float64Array.of(i, i * i, 1))
  index['build']!(4)
  return index
}
const file = join(folder, 'whole.ann')
built()['save']!(file)
writeFileSync(join(folder, 'empty.ann'), '')
writeFileSync(join(folder, 'text.ann'), 'this is no index of Annoy')

const vector = Float64Array.of(1, 2, 3)
const misuses: Record<string, () => unknown> = {
  'no arguments': () => new Loose(),
  'size 0': () => new Loose(0, 2),
  'size −1': () => new Loose(-1, 2),
  'size 2^31': () => new Loose(2 ** 31, 2),
  'size 100000': () => new Loose(100_000, 2),
  'size NaN': () => new Loose(Number.NaN, 2),
  'size as text': () => new Loose('3', 2),
  'metric as text': () => new Loose(3, 'Angular'),
  'metric 5': () => new Loose(3, 5),
  'metric 0': () => new Loose(3, 0),
  'vector too long': () => new Loose(3, 2)['addItem']!(0, new Float64Array(4000)),
  'vector too short': () => new Loose(3, 2)['addItem']!(0, new Float64Array(2)),
  'vector of numbers': () => new Loose(3, 2)['addItem']!(0, [1, 2, 3]),
  'vector of integers': () => new Loose(3, 2)['addItem']!(0, new Int32Array(3)),
  'vector of NaN': () => new Loose(3, 2)['addItem']!(0, Float64Array.of(1, Number.NaN, 3)),
  'vector beyond float32': () => new Loose(3, 2)['addItem']!(0, Float64Array.of(1, 1e300, 3)),
  'detached vector': () => {
    const gone = new Float64Array(3)
    structuredClone(gone, { transfer: [gone.buffer] })
    new Loose(3, 2)['addItem']!(0, gone)
  },
  'item −1': () => new Loose(3, 2)['addItem']!(-1, vector),
  'item 0.5': () => new Loose(3, 2)['addItem']!(0.5, vector),
  'item 2^31': () => new Loose(3, 2)['addItem']!(2 ** 31, vector),
  'item beyond memory': () => new Loose(60_000, 2)['addItem']!(2 ** 31 - 2, new Float64Array(60_000)),
  'item as text': () => new Loose(3, 2)['addItem']!('0', vector),
  'add after build': () => built()['addItem']!(0, vector),
  'build of nothing': () => new Loose(3, 2)['build']!(3),
  'build twice': () => built()['build']!(3),
  '0 trees': () => new Loose(3, 2)['build']!(0),
  'trees −2': () => new Loose(3, 2)['build']!(-2),
  'trees missing': () => new Loose(3, 2)['build']!(),
  '0 threads': () => new Loose(3, 2)['build']!(1, 0),
  'query of an empty index': () => new Loose(3, 2)['get_nns_by_vector']!(vector, 1, true),
  'item of an empty index': () => new Loose(3, 2)['get_nns_by_item']!(0, 1, true),
  'query of an unbuilt index': () => {
    const index = new Loose(3, 2)
    index['addItem']!(0, vector)
    index['get_nns_by_vector']!(vector, 1, true)
  },
  'save of an unbuilt index': () => new Loose(3, 2)['save']!(join(folder, 'x.ann')),
  'save to no folder': () => built()['save']!(join(folder, 'none', 'x.ann')),
  'save to a folder': () => built()['save']!(folder),
  'save without a path': () => built()['save']!(),
  'query too long': () => built()['get_nns_by_vector']!(new Float64Array(4000), 1, true),
  'query too short': () => built()['get_nns_by_vector']!(new Float64Array(1), 1, true),
  'query of numbers': () => built()['get_nns_by_vector']!([1, 2, 3], 1, true),
  'query of NaN': () => built()['get_nns_by_vector']!(Float64Array.of(Number.NaN, 1, 1), 1, true),
  'n 0': () => built()['get_nns_by_vector']!(vector, 0, true),
  'n −1': () => built()['get_nns_by_vector']!(vector, -1, true),
  'n as text': () => built()['get_nns_by_vector']!(vector, '1', true),
  'searchK −2': () => built()['get_nns_by_vector']!(vector, 1, true, -2),
  'distances maybe': () => built()['get_nns_by_vector']!(vector, 1, 'yes'),
  'negative id': () => built()['get_nns_by_item']!(-1, 1, true),
  'id beyond the items': () => built()['get_nns_by_item']!(20, 1, true),
  'id of a tree node': () => built()['get_nns_by_item']!(25, 1, true),
  'distance beyond the items': () => built()['get_distance']!(0, 20),
  'seed 0': () => new Loose(3, 2)['set_seed']!(0),
  'load of a missing file': () => new Loose(3, 2)['load']!(join(folder, 'nothing.ann')),
  'load of a folder': () => new Loose(3, 2)['load']!(folder),
  'load of an empty file': () => new Loose(3, 2)['load']!(join(folder, 'empty.ann')),
  'load of text': () => new Loose(3, 2)['load']!(join(folder, 'text.ann')),
  'load of another size': () => new Loose(4, 2)['load']!(file),
  'load of another metric': () => new Loose(3, 1)['load']!(file),
  'query after a failed load': () => {
    const index = new Loose(3, 2)
    try {
      index['load']!(join(folder, 'nothing.ann'))
    } catch {}
    index['get_nns_by_vector']!(vector, 1, true)
  },
  'add after load': () => {
    const index = new Loose(3, 2)
    index['load']!(file)
    index['addItem']!(0, vector)
  },
  'build after load': () => {
    const index = new Loose(3, 2)
    index['load']!(file)
    index['build']!(1)
  },
  'unbuild after load': () => {
    const index = new Loose(3, 2)
    index['load']!(file)
    index['unbuild']!()
  },
  'query after unload': () => {
    const index = built()
    index['unload']!()
    index['get_nns_by_vector']!(vector, 1, true)
  },
}

for (const [name, misuse] of Object.entries(misuses)) {
  let end: string
  try {
    end = `no error: ${JSON.stringify(misuse())}`
  } catch (error) {
    end = CbirError.isInstance(error) ? error.code : String(error)
  }
  console.log(`${name}: ${end}`)
}

// More than there are is no mistake: all are found, none twice, none made up.
const all = built()['get_nns_by_vector']!(vector, 1000, true, 1000) as { neighbours: number[]; distances: number[] }
console.log(`n beyond the items: ${all.neighbours.length} ${all.distances.length} ${[...all.neighbours].sort((a, b) => a - b).join()}`)
