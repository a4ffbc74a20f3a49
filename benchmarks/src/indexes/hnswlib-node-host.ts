// A process with hnswlib-node's own addon (its path is the argument), asked as the other peers are.

import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
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

const COMMANDS: Readonly<Record<string, (words: readonly string[]) => Record<string, number>>> = {
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

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...words] = line.split('\t')
  let answer: Record<string, number | string>
  try {
    answer = COMMANDS[name!]!(words)
  } catch (error) {
    answer = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
