// Near names: what a person may have meant by a name that does not exist.

/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`; Damerau 1964, restricted form. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, beforeLast[j - 2]! + 1)
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

/**
 * The names among `known` that are close to `name`, closest first, at most `limit`: those a few letters away (a third of the name's length, at
 * least 2), and those that contain it or are contained in it. Letter case does not count.
 */
export function nearNames(name: string, known: Iterable<string>, limit = 5): string[] {
  const wanted = name.toLowerCase()
  const reach = Math.max(2, Math.floor(wanted.length / 3))
  const near: { known: string; edits: number }[] = []
  for (const candidate of new Set(known)) {
    const other = candidate.toLowerCase()
    const contained = Math.min(wanted.length, other.length) >= 3 && (other.includes(wanted) || wanted.includes(other))
    // Lengths that differ by more than the reach cannot be within it, which spares the table for long lists of names.
    const edits = Math.abs(other.length - wanted.length) > reach ? Number.POSITIVE_INFINITY : editDistance(wanted, other)
    if (edits <= reach) near.push({ known: candidate, edits })
    else if (contained) near.push({ known: candidate, edits: reach + Math.abs(other.length - wanted.length) })
  }
  return near
    .sort((a, b) => a.edits - b.edits || (a.known < b.known ? -1 : 1))
    .slice(0, limit)
    .map((entry) => entry.known)
}
