// RcppAnnoy, through Rscript: Spotify's Annoy as Debian compiles it, without SIMD.

import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { VectorBatch } from '@cbir/core'

const run = promisify(execFile)

/** The classes of RcppAnnoy. */
export type RcppClass = 'AnnoyEuclidean' | 'AnnoyAngular' | 'AnnoyManhattan' | 'AnnoyHamming'

async function runR(directory: string, lines: readonly string[]): Promise<string> {
  const script = join(directory, 'script.R')
  await writeFile(script, ['suppressPackageStartupMessages(library(RcppAnnoy))', ...lines].join('\n'))
  return (await run('Rscript', [script])).stdout
}

async function writeFloats(path: string, { data }: VectorBatch): Promise<string> {
  await writeFile(path, data)
  return `readBin(${JSON.stringify(path)}, 'numeric', n = ${data.length}, size = 4)`
}

/** Builds and saves an index of Annoy. `seed` absent: Annoy's own. */
export async function buildWithR(
  directory: string,
  of: RcppClass,
  vectors: VectorBatch,
  trees: number,
  seed: number | undefined,
  path: string,
): Promise<void> {
  const { count, dimensions } = vectors
  await runR(directory, [
    `x <- matrix(${await writeFloats(join(directory, 'vectors'), vectors)}, nrow = ${dimensions})`,
    `a <- new(${of}, ${dimensions})`,
    seed === undefined ? '' : `a$setSeed(${seed})`,
    `for (i in 1:${count}) a$addItem(i - 1, x[, i])`,
    `a$build(${trees})`,
    `a$save(${JSON.stringify(path)})`,
  ])
}

/** Answers of Annoy's from a file: items and distances of each query. */
export async function askR(
  directory: string,
  of: RcppClass,
  path: string,
  queries: VectorBatch,
  n: number,
  searchK: number,
): Promise<{ items: number[]; distances: number[] }[]> {
  const { count, dimensions } = queries
  const out = await runR(directory, [
    `q <- matrix(${await writeFloats(join(directory, 'queries'), queries)}, nrow = ${dimensions})`,
    `a <- new(${of}, ${dimensions})`,
    `a$load(${JSON.stringify(path)})`,
    `for (i in 1:${count}) {`,
    `  r <- a$getNNsByVectorList(q[, i], ${n}, ${searchK}, TRUE)`,
    "  cat(r$item, '\\n')",
    "  cat(format(r$distance, digits = 9), '\\n')",
    '}',
  ])
  const lines = out.split('\n').map((line) => line.trim().split(/\s+/).filter(Boolean).map(Number))
  return Array.from({ length: count }, (_, i) => ({ items: lines[2 * i]!, distances: lines[2 * i + 1]! }))
}
