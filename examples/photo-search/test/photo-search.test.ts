import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTestData, testData } from '../../../tooling/test-data.ts'
import { makePictureSet } from '../src/picture-set/make-picture-set.ts'
import { runSearch } from './run-search.ts'

let root: string
let pictures: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'photo-search-'))
  pictures = join(root, 'set')
  await makePictureSet(pictures, {}, 3)
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** A folder of its own with the 36 pictures, and an empty cache. */
async function freshFolder(name: string): Promise<{ folder: string; cache: string }> {
  const folder = join(root, name)
  await cp(pictures, folder, { recursive: true })
  return { folder, cache: join(root, `${name}-cache`) }
}

test('without arguments it makes its pictures, finds, and measures itself beside raw pixels', async () => {
  const cache = join(root, 'own-cache')
  const { page, lines } = await runSearch([], { cache, perKind: 3 })
  expect(lines).toContain('36 pictures in the index: reused 0, computed 36')
  expect(lines.find((line) => line.startsWith('precision@10'))).toMatch(/^precision@10: 0\.\d{3} \(image-descriptor\), 0\.\d{3} \(raw pixels\)$/)
  expect(lines.at(-1)).toBe(`Result: ${page}`)

  const html = await readFile(page, 'utf8')
  expect(html.match(/<img src="data:image\/jpeg;base64,/g)).toHaveLength(11)
  expect(html).not.toMatch(/(src|href)="(?!data:)/)
  expect(html).toContain('bricks/00.png')

  const again = await runSearch([], { cache, perKind: 3 })
  expect(again.lines).toContain('36 pictures in the index: reused 36, computed 0')
})

test('a second run computes only what is new or changed', async () => {
  const { folder, cache } = await freshFolder('again')
  await runSearch([folder], { cache })
  await copyFile(join(folder, 'star/01.png'), join(folder, 'star/copy.png'))
  await rm(join(folder, 'ring/01.png'))
  await makePictureSet(join(root, 'more'), {}, 4)
  await copyFile(join(root, 'more/ring/03.png'), join(folder, 'ring/00.png'))
  const { lines } = await runSearch([folder], { cache })
  expect(lines).toContain('36 pictures in the index: reused 35, computed 1')
})

test('a folder is known again by whatever way it is named', async () => {
  const { folder, cache } = await freshFolder('named')
  await runSearch([folder], { cache })
  await symlink(folder, join(root, 'link'), 'junction')
  const { lines } = await runSearch([`${join(root, 'link')}/`], { cache })
  expect(lines).toContain('36 pictures in the index: reused 36, computed 0')
})

test('what was computed before an abort is not computed again', async () => {
  const { folder, cache } = await freshFolder('aborted')
  const stop = new AbortController()
  const aborted = runSearch([folder], {
    cache,
    signal: stop.signal,
    onProgress: (step, { done }) => {
      if (step === 'Indexing' && done === 12) stop.abort()
    },
  })
  await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })

  const { lines } = await runSearch([folder], { cache })
  const [, reused, computed] = lines.join('\n').match(/reused (\d+), computed (\d+)/) as RegExpMatchArray
  expect(Number(reused) + Number(computed)).toBe(36)
  expect(Number(reused)).toBeGreaterThanOrEqual(12)
  expect(Number(computed)).toBeGreaterThan(0)
})

test('making the pictures can be stopped and goes on', async () => {
  const folder = join(root, 'stopped')
  const stop = new AbortController()
  const aborted = makePictureSet(folder, { signal: stop.signal, onProgress: ({ done }) => done === 5 && stop.abort() }, 1)
  await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
  const before = await readFile(join(folder, 'bricks/00.png'))
  await makePictureSet(folder, {}, 1)
  expect(await readFile(join(folder, 'bricks/00.png'))).toEqual(before)
  expect(await readFile(join(folder, 'sunset/00.png'))).toEqual(await readFile(join(pictures, 'sunset/00.png')))
})

test('the query is not among its own neighbours; one from elsewhere may have an equal there', async () => {
  const { folder, cache } = await freshFolder('query')
  const inside = await readFile((await runSearch([folder, '--query', join(folder, 'city/01.png'), '--k', '2'], { cache })).page, 'utf8')
  expect(
    inside
      .match(/class="name">[^<]*/g)
      ?.slice(1)
      .sort(),
  ).toEqual(['class="name">city/00.png', 'class="name">city/02.png'])

  const elsewhere = join(root, 'elsewhere.png')
  await copyFile(join(folder, 'city/01.png'), elsewhere)
  const outside = await readFile((await runSearch([folder, '--query', elsewhere, '--k', '1'], { cache })).page, 'utf8')
  expect(outside).toContain('class="name">city/01.png')
  expect(outside).toContain('distance 0.0000')
})

test('bad files are listed with their cause, and names of any form are shown as they are', async () => {
  const { folder, cache } = await freshFolder('bad')
  const odd = `<b>"odd" & 'names' 😀 ü.png`
  await copyFile(join(folder, 'dots/00.png'), join(folder, odd))
  await writeFile(join(folder, 'text.jpg'), 'not a picture')
  await writeFile(join(folder, 'empty.png'), '')
  const whole = await readFile(join(folder, 'meadow/00.png'))
  await mkdir(join(folder, 'deep/er'), { recursive: true })
  await writeFile(join(folder, 'deep/er/cut.png'), whole.subarray(0, whole.length / 2))
  await writeFile(join(folder, 'notes.txt'), 'of another kind, so passed over')

  const { page, lines } = await runSearch([folder, '--query', join(folder, 'dots/00.png'), '--k', '1'], { cache })
  expect(lines).toContain('37 pictures in the index: reused 1, computed 36')
  const at = lines.indexOf('3 files could not be used:')
  expect(lines.slice(at + 1, at + 4).map((line) => line.slice(0, line.indexOf(': ')))).toEqual([
    '  "deep/er/cut.png"',
    '  "empty.png"',
    '  "text.jpg"',
  ])
  for (const line of lines.slice(at + 1, at + 4)) expect(line.split(': ')[1]?.length).toBeGreaterThan(10)

  const html = await readFile(page, 'utf8')
  expect(html).toContain('&lt;b&gt;&quot;odd&quot; &amp; &#39;names&#39; 😀 ü.png')
  expect(html).not.toContain('<b>"')
})

test.each([
  ['a folder that is not there', ['nowhere'], 'NOT_FOUND'],
  ['a folder without pictures', ['void'], 'NOT_FOUND'],
  ['a query that is not there', ['set', '--query', 'none.png'], 'NOT_FOUND'],
  ['a model that is not there', ['set', '--model', 'none.onnx'], 'NOT_FOUND'],
  ['preprocessing that is not there', ['set', '--model', 'none.onnx', '--preprocess', 'none.json'], 'NOT_FOUND'],
])('%s is an error before any work', async (_, args, code) => {
  await mkdir(join(root, 'void'), { recursive: true })
  const argv = args.map((arg) => (arg.startsWith('--') ? arg : join(root, arg)))
  let steps = 0
  const run = runSearch(argv, { cache: join(root, 'error-cache'), onProgress: () => steps++ })
  await expect(run).rejects.toMatchObject({ name: 'CbirError', code })
  expect(steps).toBe(0)
})

test('where no picture can be read, the error has the reasons', async () => {
  const folder = join(root, 'all-bad')
  await mkdir(folder)
  await writeFile(join(folder, 'text.jpg'), 'not a picture')
  await expect(runSearch([folder], { cache: join(root, 'all-bad-cache') })).rejects.toMatchObject({
    code: 'LOAD_FAILED',
    details: { skipped: [{ id: 'text.jpg' }] },
  })
})

describe.skipIf(!hasTestData)('with a neural network', () => {
  test('a model that wants other pictures is one error before any work', async () => {
    const argv = [pictures, '--model', testData('models/squeezenet_v1.1_imagenet.onnx'), '--output', 'features', '--preprocess', 'imagenet-224']
    let steps = 0
    await expect(runSearch(argv, { cache: join(root, 'misfit-cache'), onProgress: () => steps++ })).rejects.toMatchObject({
      code: 'DIMENSION_MISMATCH',
    })
    expect(steps).toBe(0)
  })

  test('finds by the tensor that was named, and does not mix its vectors with the classic ones', async () => {
    const { folder, cache } = await freshFolder('model')
    await runSearch([folder], { cache })
    const argv = [folder, '--model', testData('models/squeezenet_v1.1_imagenet.onnx'), '--output', 'features', '--preprocess', 'caffe-227']
    const { page, lines } = await runSearch(argv, { cache })
    expect(lines).toContain('36 pictures in the index: reused 0, computed 36')
    expect(await readFile(page, 'utf8')).toContain('onnx-extractor, cosine distance')
    expect((await runSearch(argv, { cache })).lines).toContain('36 pictures in the index: reused 36, computed 0')
  })
})
