// Near names: what a person may have meant by a name that does not exist, by Levenshtein's edit distance.

import { TimeSlice } from '@cbir/core/define'

/** Longer names are compared by their first characters, which bounds the work for hostile files. */
const MAX_LENGTH = 200

/** Up to `limit` of `names`, the nearest first; ties keep their order. Case counts half. */
export async function nearNames(wanted: string, names: Iterable<string>, limit = 5): Promise<string[]> {
  const slice = new TimeSlice()
  const best: { name: string; distance: number }[] = []
  for (const name of new Set(names)) {
    if (slice.due()) await slice.pause()
    const distance = (editDistance(wanted, name) + editDistance(wanted.toLowerCase(), name.toLowerCase())) / 2
    const at = best.findIndex((other) => other.distance > distance)
    if (at >= 0) best.splice(at, 0, { name, distance })
    else if (best.length < limit) best.push({ name, distance })
    if (best.length > limit) best.pop()
  }
  return best.map(({ name }) => name)
}

/** Fewest insertions, deletions and replacements of a character that turn `a` into `b` (Levenshtein 1966). */
export function editDistance(a: string, b: string): number {
  const from = a.slice(0, MAX_LENGTH)
  const to = b.slice(0, MAX_LENGTH)
  let row = Array.from({ length: to.length + 1 }, (_, j) => j)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[to.length]!
}
