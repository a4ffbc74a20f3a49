// The process whose memory is watched. `stream <file>` decodes a file chunk by chunk; `files <count> <file…>` decodes many whole, four at once.

import { aac } from '@cbir/audio-aac'
import { decodeAudio, openAudio } from '@cbir/audio-decode'

const decoders = [aac]
const AT_ONCE = 4
/** Files between two samples of the memory. */
const EVERY = 50

async function stream(file: string): Promise<void> {
  const began = performance.now()
  const opened = await openAudio(file, { decoders })
  let frames = 0
  for await (const chunk of opened.chunks()) frames += chunk.frames
  const seconds = (performance.now() - began) / 1000
  console.log(
    JSON.stringify({ frames, sampleRate: opened.sampleRate, partial: opened.partial?.message, seconds, peak: process.resourceUsage().maxRSS * 1024 }),
  )
}

async function files(count: number, paths: readonly string[]): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, i) => paths[(done + i) % paths.length]!)
    await Promise.all(some.map((path) => decodeAudio(path, { decoders, sampleRate: 16000, resampling: 'kaiser_fast' })))
    if (done % EVERY < AT_ONCE) {
      globalThis.gc?.()
      console.log(process.memoryUsage.rss())
    }
  }
}

const [what, first = '', ...rest] = process.argv.slice(2)
if (what === 'stream') await stream(first)
else await files(Number(first), rest)
