// Files of every format, made by ffmpeg, and what ffmpeg itself makes of a file.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-audio-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function ffmpeg(...args: string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'buffer', maxBuffer: 1 << 30 } as const
    execFile('ffmpeg', ['-v', 'error', '-y', ...args], options, (error, stdout) => (error ? reject(error) : resolve(stdout)))
  })
}

/** The file `out.<ending>` that ffmpeg makes of a wav file, e.g. with `-c:a libopus`. */
export function encode(wav: Uint8Array, ending: string, ...args: string[]): Promise<Uint8Array<ArrayBuffer>> {
  return inFolder(async (folder) => {
    const [from, to] = [join(folder, 'in.wav'), join(folder, `out.${ending}`)]
    await writeFile(from, wav)
    await ffmpeg('-i', from, ...args, to)
    return Uint8Array.from(await readFile(to))
  })
}

/** What ffmpeg decodes, channels interleaved. */
export function decodeByFfmpeg(file: Uint8Array, ending: string): Promise<Float32Array> {
  return inFolder(async (folder) => {
    const from = join(folder, `in.${ending}`)
    await writeFile(from, file)
    const bytes = Uint8Array.from(await ffmpeg('-i', from, '-f', 'f32le', '-'))
    return new Float32Array(bytes.buffer)
  })
}
