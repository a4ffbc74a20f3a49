// Runs the search as the program does, with the screen recorded.

import type { Progress } from '@cbir/core'
import { type Arguments, readArguments } from '../src/arguments.ts'
import { photoSearch } from '../src/photo-search.ts'

export interface Run {
  readonly page: string
  readonly lines: readonly string[]
}

export interface RunOptions {
  readonly cache: string
  readonly signal?: AbortSignal
  readonly perKind?: number
  readonly onProgress?: (step: string, progress: Progress) => void
}

export async function runSearch(argv: readonly string[], { cache, signal, perKind, onProgress }: RunOptions): Promise<Run> {
  const lines: string[] = []
  const page = await photoSearch(readArguments(argv) as Arguments, {
    cache,
    signal: signal ?? new AbortController().signal,
    perKind,
    screen: {
      line: (text = '') => void lines.push(text),
      step: (name, work) => work((progress) => onProgress?.(name, progress)),
    },
  })
  return { page, lines }
}
