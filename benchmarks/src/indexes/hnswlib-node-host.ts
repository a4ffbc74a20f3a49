// A process with hnswlib-node's own addon (its path is the argument), asked as the other peers are.

import { createRequire } from 'node:module'
import { type Commands, serve } from '../host.ts'
import { readFloats } from './float-files.ts'

interface HnswlibNode {
  readonly HierarchicalNSW: new (
    space: string,
    dimensions: number,
  ) => {
    readIndexSync(file: string): void
    setEf(ef: number): void
    searchKnn(query: readonly number[], k: number): { distances: number[]; neighbors: number[] }
    getCurrentCount(): number
  }
}

const { HierarchicalNSW } = createRequire(import.meta.url)(process.argv[2]!) as HnswlibNode
let index = new HierarchicalNSW('l2', 1)
let queries: number[][] = []

const COMMANDS: Commands = {
  load([file, dimensions]) {
    index = new HierarchicalNSW('l2', Number(dimensions))
    index.readIndexSync(file!)
    return { count: index.getCurrentCount() }
  },
  // Its queries are arrays of numbers; making them is not timed.
  queries([file, dimensions]) {
    const numbers = readFloats(file!)
    const size = Number(dimensions)
    queries = Array.from({ length: numbers.length / size }, (_, i) => [...numbers.subarray(i * size, (i + 1) * size)])
    return { rows: queries.length }
  },
  one([ef, from, count, k]) {
    index.setEf(Number(ef))
    const began = performance.now()
    for (let i = Number(from); i < Number(from) + Number(count); i++) index.searchKnn(queries[i]!, Number(k))
    return { ms: performance.now() - began }
  },
}

await serve(COMMANDS)
