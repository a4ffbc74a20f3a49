// Bad input: every kind of file that cannot be used, beside good ones. Each must be in the report with its cause, and nothing else may be lost.

import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CbirError, createRetrievalPipeline } from '@cbir/core'
import { fileTree } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import { imageDescriptor } from '@cbir/image-descriptors'
import { imageLoader } from '@cbir/image-loader'
import sharp from 'sharp'
import type { Row } from '../row.ts'

const GOOD = ['plain.jpg', 'with space.jpg', 'emoji 🦜.jpg', 'new\nline.jpg', 'deep/er/nested.jpg', 'twin-a.jpg', 'twin-b.jpg']
const BAD = ['empty.jpg', 'truncated.jpg', 'text.jpg', 'huge-header.png', 'dangling.jpg']

export async function measure(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-bad-'))
  try {
    await makeFiles(folder)
    return [await skipping(folder), await throwing(folder), await missingFolder(folder)]
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function makeFiles(folder: string): Promise<void> {
  await mkdir(join(folder, 'deep/er'), { recursive: true })
  const picture = (seed: number): Promise<Buffer> =>
    sharp(Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * (seed + 3) + ((i * i) >> (seed % 7))) & 255)), {
      raw: { width: 64, height: 64, channels: 3 },
    })
      .jpeg()
      .toBuffer()
  for (const [i, name] of GOOD.entries()) await writeFile(join(folder, name), await picture(name.startsWith('twin') ? 99 : i))
  const whole = await picture(1)
  await writeFile(join(folder, 'empty.jpg'), '')
  await writeFile(join(folder, 'truncated.jpg'), whole.subarray(0, whole.length / 2))
  await writeFile(join(folder, 'text.jpg'), 'This is no picture.')
  await writeFile(join(folder, 'huge-header.png'), await hugeHeader())
  await symlink(join(folder, 'nowhere.jpg'), join(folder, 'dangling.jpg'))
  spawnSync('mkfifo', [join(folder, 'pipe.jpg')])
  await symlink(folder, join(folder, 'deep', 'loop'))
}

/** A PNG whose header claims 65 000 × 65 000 pixels. */
async function hugeHeader(): Promise<Buffer> {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  png.writeUInt32BE(65_000, 16)
  png.writeUInt32BE(65_000, 20)
  return png
}

async function skipping(folder: string): Promise<Row> {
  const unreadable: string[] = []
  const onSkip = ({ id }: { id: string }): void => void unreadable.push(id)
  const index = await flatIndex({ metric: 'cosine' })
  const pipeline = createRetrievalPipeline({ loader: imageLoader({ preset: 'descriptor' }), extractor: imageDescriptor(), index })
  const report = await pipeline.build(fileTree(folder, { onError: 'skip', onSkip, followSymlinks: true }).items(), { onError: 'skip' })
  const problems: string[] = []
  const lost = GOOD.filter((id) => !pipeline.has(id))
  if (lost.length > 0) problems.push(`lost ${lost.join(', ')}`)
  if (pipeline.count !== GOOD.length || index.count !== GOOD.length)
    problems.push(`${pipeline.count} items and ${index.count} rows, not ${GOOD.length}`)
  for (const id of BAD) {
    const reported = report.skipped.find((skip) => skip.id === id)
    if (!reported && !unreadable.includes(id)) problems.push(`${id} is in no report`)
    if (reported && !CbirError.isInstance(reported.error)) problems.push(`${id} has no typed error`)
  }
  for (const id of GOOD.filter((name) => !name.startsWith('twin'))) {
    const [nearest] = await pipeline.findSimilar(join(folder, id), 1)
    if (nearest?.id !== id || nearest.distance > 1e-6) problems.push(`the nearest of ${id} is ${nearest?.id}`)
  }
  const reasons = report.skipped.map(({ id, error }) => `${id} ${(error as CbirError).code}`).join(', ')
  return row(
    'bad-input.skip',
    problems,
    `${GOOD.length} good files (two identical, odd names), ${BAD.length} bad ones, a named pipe and a symlink loop; skipped: ${reasons}; not read: ${unreadable.join(', ')}`,
  )
}

async function throwing(folder: string): Promise<Row> {
  const index = await flatIndex({ metric: 'cosine' })
  const pipeline = createRetrievalPipeline({ loader: imageLoader({ preset: 'descriptor' }), extractor: imageDescriptor(), index })
  const error = await pipeline.build(fileTree(folder, { onError: 'skip', onSkip: () => {} }).items()).catch((cause: unknown) => cause)
  const problems = CbirError.isInstance(error) ? [] : [`got ${String(error)}`]
  if (index.count > 0) problems.push('something was built')
  return row('bad-input.throw', problems, 'the policy throw stops at the first bad file with its cause, and nothing is built')
}

async function missingFolder(folder: string): Promise<Row> {
  const error = await (async () => {
    for await (const _ of fileTree(join(folder, 'no such folder')).items());
  })().catch((cause: unknown) => cause)
  return row('bad-input.no-folder', CbirError.isInstance(error, 'NOT_FOUND') ? [] : [`got ${String(error)}`], 'a folder that is not there')
}

function row(id: string, problems: readonly string[], how: string): Row {
  return {
    id,
    value: problems.length === 0 ? 'all as it should be' : problems.join('; '),
    unit: '',
    target: 'no problem',
    ok: problems.length === 0,
    how,
  }
}
