// The picture set as files: `<folder>/<kind>/<number>.png`. A run that was stopped goes on where it was.

import { mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CallOptions } from '@cbir/core'
import { throwIfAborted } from '@cbir/core/define'
import sharp from 'sharp'
import { KINDS } from './kinds.ts'
import { render } from './paint.ts'
import { Random } from './random.ts'

export const PICTURES_PER_KIND = 25

const SIZES = [
  [160, 120],
  [120, 160],
  [144, 144],
  [192, 144],
] as const

/** Makes what is missing of the set; the same pixels on every machine. */
export async function makePictureSet(folder: string, { signal, onProgress }: CallOptions = {}, perKind: number = PICTURES_PER_KIND): Promise<void> {
  const names = Object.keys(KINDS).flatMap((kind) => Array.from({ length: perKind }, (_, i) => [kind, i] as const))
  for (const [done, [kind, number]] of names.entries()) {
    throwIfAborted(signal)
    const file = join(folder, kind, `${String(number).padStart(2, '0')}.png`)
    if (!(await exists(file))) {
      await mkdir(join(folder, kind), { recursive: true })
      await writePicture(file, kind, number)
    }
    onProgress?.({ done: done + 1, total: names.length })
  }
}

/** Written beside and renamed, so that a file with its final name is always whole. */
async function writePicture(file: string, kind: string, number: number): Promise<void> {
  const { pixels, width, height } = drawPicture(kind, number)
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(`${file}.part`)
  await rename(`${file}.part`, file)
}

/** RGB bytes of one picture. */
export function drawPicture(kind: string, number: number): { pixels: Uint8Array; width: number; height: number } {
  const random = new Random(`${kind} ${number}`)
  const [width, height] = random.pick(SIZES)
  const paint = KINDS[kind]
  if (!paint) throw new RangeError(`There is no kind of picture named ${kind}.`)
  return { pixels: render(paint(random), width, height, random), width, height }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
