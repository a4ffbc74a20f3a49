// What the person sees while the search works: lines and progress bars; where there is no terminal, lines alone.

import type { Progress } from '@cbir/core'
import cliProgress from 'cli-progress'

export interface Screen {
  line(text?: string): void
  /** Runs one long step and shows how far it is; `total` where the step itself does not know. */
  step<T>(name: string, work: (onProgress: (progress: Progress) => void) => Promise<T>, total?: number): Promise<T>
}

/** The terminal, or a file or pipe in its place. */
export function terminalScreen(out: NodeJS.WriteStream = process.stdout): Screen {
  const line = (text = ''): void => void out.write(`${text}\n`)
  return { line, step: (name, work, total) => (out.isTTY ? withBar(out, name, work, total) : withLines(line, name, work, total)) }
}

async function withBar<T>(
  stream: NodeJS.WriteStream,
  name: string,
  work: (onProgress: (progress: Progress) => void) => Promise<T>,
  total = 0,
): Promise<T> {
  const format = `${name.padEnd(18)} {bar} {value} of {total}  {duration_formatted}`
  const bar = new cliProgress.SingleBar({ stream, format, hideCursor: true, clearOnComplete: false }, cliProgress.Presets.shades_classic)
  bar.start(total, 0)
  try {
    return await work((progress) => {
      bar.setTotal(progress.total ?? total)
      bar.update(progress.done)
    })
  } finally {
    bar.stop()
  }
}

/** A line every second, and one at the end. */
async function withLines<T>(
  line: (text: string) => void,
  name: string,
  work: (onProgress: (progress: Progress) => void) => Promise<T>,
  total = 0,
): Promise<T> {
  let shown = performance.now()
  return work((progress) => {
    const all = progress.total ?? total
    if (progress.done < all && performance.now() - shown < 1000) return
    shown = performance.now()
    line(`${name}: ${progress.done} of ${all}`)
  })
}
