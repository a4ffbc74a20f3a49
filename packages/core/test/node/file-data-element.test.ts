// Files as data elements.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataElementFromUri, fileDataElement, fileDataElementPlugin } from '../../src/node/index.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cbir-file-'))
})
afterAll(() => rm(root, { recursive: true }))

const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(20)])

describe('fileDataElement', () => {
  it('gives bytes, digests and type of a file with any name', async () => {
    const path = join(root, 'a photo\n🙂.jpg')
    await writeFile(path, png)
    const element = fileDataElement(path)
    expect(Buffer.from(await element.bytes())).toEqual(png)
    for (const algorithm of ['md5', 'sha1', 'sha512'] as const) {
      expect(await element.digest(algorithm)).toBe(createHash(algorithm).update(png).digest('hex'))
    }
    expect(await element.uuid()).toBe(await element.digest('sha1'))
    // The bytes are believed, not the name.
    expect(await element.contentType()).toBe('image/png')
    expect(await element.isEmpty()).toBe(false)
    expect(await element.path()).toBe(path)
    expect(element.label).toBe(path)
    expect(await fileDataElement(path, { contentType: 'image/x' }).contentType()).toBe('image/x')
  })

  it('streams what does not fit in one chunk, and lets go of the file when the reader leaves', async () => {
    const path = join(root, 'long')
    const bytes = Buffer.alloc(1_000_003, 7)
    await writeFile(path, bytes)
    const element = fileDataElement(path)
    const chunks: Uint8Array[] = []
    const progress: number[] = []
    for await (const chunk of element.stream({ onProgress: ({ done }) => void progress.push(done) })) chunks.push(chunk)
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
    expect(chunks.length).toBeGreaterThan(2)
    expect(progress.at(-1)).toBe(bytes.length)
    expect(await element.digest('sha1')).toBe(createHash('sha1').update(bytes).digest('hex'))
    const open = async (): Promise<number> => (await readdir('/proc/self/fd').catch(() => [])).length
    const before = await open()
    for (let i = 0; i < 20; i++) for await (const _ of element.stream()) break
    expect(await open()).toBeLessThan(before + 10)
  })

  it('reads the bytes of a long file in pieces, with progress, can be aborted between them, and lets go of the file', async () => {
    const path = join(root, 'pieces')
    const content = Buffer.alloc(10_000_019, 'abc')
    await writeFile(path, content)
    const element = fileDataElement(path)
    const open = async (): Promise<number> => (await readdir('/proc/self/fd').catch(() => [])).length
    const before = await open()
    const progress: { done: number; total?: number | undefined }[] = []
    const bytes = await element.bytes({ onProgress: ({ done, total }) => void progress.push({ done, total }) })
    expect(Buffer.compare(bytes, content)).toBe(0)
    expect(progress.length).toBeGreaterThan(1)
    expect(progress.at(-1)).toEqual({ done: content.length, total: content.length })
    for (let i = 0; i < 20; i++) {
      const controller = new AbortController()
      const read = element.bytes({ signal: controller.signal, onProgress: () => controller.abort('enough') })
      await expect(read).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' })
      await expect(fileDataElement(root).bytes()).rejects.toMatchObject({ code: 'IO_FAILED' })
    }
    expect(await open()).toBeLessThan(before + 10)
  })

  it('notices that the file was changed, also to the same size', async () => {
    const path = join(root, 'changing.txt')
    await writeFile(path, 'one')
    const element = fileDataElement(path)
    const first = await element.uuid()
    expect(await element.contentType()).toBe('text/plain')
    await writeFile(path, '{1}')
    await utimes(path, 1, 1)
    const second = await element.uuid()
    expect(second).not.toBe(first)
    await writeFile(path, '[1]')
    await utimes(path, 2, 2)
    expect(await element.contentType()).toBe('application/json')
    expect(await element.uuid()).not.toBe(second)
  })

  it('replaces the bytes whole, keeps permissions and the link to the file', async () => {
    const path = join(root, 'target')
    const link = join(root, 'link')
    await writeFile(path, 'old')
    await chmod(path, 0o600)
    await symlink(path, link)
    const element = fileDataElement(link)
    const bytes = Buffer.from('new content')
    await element.uuid()
    const written = element.setBytes(new Uint8Array(bytes))
    await written
    expect(await readFile(path, 'utf8')).toBe('new content')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await element.uuid()).toBe(createHash('sha1').update(bytes).digest('hex'))
    expect((await readdir(root)).filter((name) => name.endsWith('.new'))).toEqual([])
    await fileDataElement(join(root, 'made')).setBytes(new Uint8Array([1]))
    expect(await readFile(join(root, 'made'))).toHaveLength(1)
    await expect(fileDataElement(path, { readOnly: true }).setBytes(new Uint8Array(1))).rejects.toMatchObject({ code: 'READ_ONLY' })
    await expect(fileDataElement(join(root, 'no', 'such')).setBytes(new Uint8Array(1))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('says what is wrong: nothing there, a folder, a pipe, an abort, no path', async () => {
    const missing = fileDataElement(join(root, 'missing.png'))
    for (const method of ['bytes', 'uuid', 'contentType', 'isEmpty', 'path'] as const) {
      await expect(missing[method]()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
    await expect(fileDataElement(root).bytes()).rejects.toMatchObject({ code: 'IO_FAILED', message: expect.stringContaining('directory') })
    const pipe = join(root, 'pipe')
    execFileSync('mkfifo', [pipe])
    await expect(fileDataElement(pipe).bytes()).rejects.toMatchObject({ code: 'IO_FAILED' })
    const aborted = { signal: AbortSignal.abort('no') }
    await writeFile(join(root, 'there'), 'x')
    await expect(fileDataElement(join(root, 'there')).uuid(aborted)).rejects.toMatchObject({ code: 'ABORTED', cause: 'no' })
    expect(() => fileDataElement('')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(() => fileDataElement('a\0b')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  it('is empty without a type where the file is empty', async () => {
    const path = join(root, 'empty')
    await writeFile(path, '')
    const element = fileDataElement(path)
    expect(await element.isEmpty()).toBe(true)
    expect(await element.bytes()).toHaveLength(0)
    expect(await element.contentType()).toBeUndefined()
    expect(await element.uuid()).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709')
  })

  it('is a plugin, and comes from a path or a file: URI', async () => {
    const path = join(root, 'a b.txt')
    await writeFile(path, 'hello')
    const element = fileDataElementPlugin({ path })
    expect(element.toConfig()).toEqual({ type: 'file-data-element', package: '@cbir/core', config: { path, readOnly: false } })
    for (const uri of [path, pathToFileURL(path).href]) expect(await dataElementFromUri(uri).bytes()).toHaveLength(5)
    expect(await dataElementFromUri('data:,hi').bytes()).toHaveLength(2)
    expect(() => dataElementFromUri('ftp://x/y')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(() => dataElementFromUri('file://elsewhere/x')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
