// A file tree: what is found, in which order, and what stands in the way.

import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getElement, hasElement } from '../../src/index.ts'
import { sortInSlices } from '../../src/node/file-tree/sort-in-slices.ts'
import { type FileTree, type FileTreeOptions, fileTree, fileTreePlugin, type UnreadablePath } from '../../src/node/index.ts'

let base: string
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'cbir-tree-'))
})
afterAll(() => rm(base, { recursive: true }))

let used = 0
async function treeOf(files: Record<string, string>, options?: FileTreeOptions): Promise<{ root: string; tree: FileTree }> {
  const root = join(base, `t${used++}`)
  await mkdir(root)
  for (const [id, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, id)), { recursive: true })
    await writeFile(join(root, id), content)
  }
  return { root, tree: fileTree(root, options) }
}

async function idsOf(tree: FileTree): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of tree.items()) ids.push(id)
  return ids
}

const HARD = { 'a/b.png': '1', 'a.txt': '2', 'a b/c d.png': '3', 'ü/🙂\nline.PNG': '4', 'z/empty.png': '', 'Z.png': '6', 'a/a/a/a/deep': '7' }

describe('fileTree', () => {
  it('gives every file under its path, sorted as text, whatever the names', async () => {
    const { tree } = await treeOf(HARD)
    const ids = await idsOf(tree)
    expect(ids).toEqual(Object.keys(HARD).sort())
    for await (const { id, data } of tree.items()) {
      expect(Buffer.from(await data.bytes()).toString()).toBe(HARD[id as keyof typeof HARD])
      expect(data.writable).toBe(false)
    }
    expect(await tree.count()).toBe(7)
  })

  it('takes endings in any case, or a test of the id', async () => {
    const { tree, root } = await treeOf(HARD, { include: ['png'] })
    expect(await idsOf(tree)).toEqual(
      Object.keys(HARD)
        .filter((id) => /png$/i.test(id))
        .sort(),
    )
    expect(await idsOf(fileTree(root, { include: ['.txt'] }))).toEqual(['a.txt'])
    expect(await idsOf(fileTree(root, { include: (id) => id.startsWith('a/') }))).toEqual(['a/a/a/a/deep', 'a/b.png'])
  })

  it('is lazy: nothing behind what was asked for is looked at', async () => {
    const { tree, root } = await treeOf({ 'a/1': '1', 'b/2': '2' })
    for await (const { id } of tree.items()) {
      expect(id).toBe('a/1')
      await rm(join(root, 'b'), { recursive: true })
      break
    }
    const rest: unknown[] = []
    await expect(
      (async () => {
        const { tree: other, root: otherRoot } = await treeOf({ 'a/1': '1', 'b/2': '2' })
        for await (const { id } of other.items()) {
          rest.push(id)
          await rm(join(otherRoot, 'b'), { recursive: true })
        }
      })(),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(rest).toEqual(['a/1'])
  })

  it('visits each real directory once, whatever the links', async () => {
    const { tree, root } = await treeOf({ 'a/1': '1', 'b/2': '2' })
    const { root: outside } = await treeOf({ 'far/3': '3' })
    await symlink(root, join(root, 'a', 'loop'))
    await symlink('..', join(root, 'b', 'up'))
    await symlink(join(root, 'a'), join(root, 'again'))
    await symlink(outside, join(root, 'out1'))
    await symlink(outside, join(root, 'out2'))
    await symlink(root, join(outside, 'far', 'back'))
    await symlink(join(root, 'a', '1'), join(root, 'b', 'file link'))
    const ids = await idsOf(tree)
    const other = ids.find((id) => id.endsWith('/3'))
    expect(ids).toEqual(['a/1', 'b/2', 'b/file link', other])
    expect(other).toMatch(/^out[12]\/far\/3$/)
    expect(await idsOf(fileTree(root, { followSymlinks: false }))).toEqual(['a/1', 'b/2'])
  })

  it('passes over pipes, and reports links that lead nowhere or in a circle, by policy', async () => {
    const { tree, root } = await treeOf({ a: '1', b: '2' })
    execFileSync('mkfifo', [join(root, 'pipe')])
    await symlink('nowhere', join(root, 'broken'))
    await symlink('circle', join(root, 'circle'))
    await expect(idsOf(tree)).rejects.toMatchObject({ code: expect.stringMatching(/NOT_FOUND|IO_FAILED/) })
    const skipped: UnreadablePath[] = []
    expect(await idsOf(fileTree(root, { onError: 'skip', onSkip: (path) => void skipped.push(path) }))).toEqual(['a', 'b'])
    expect(skipped.map(({ id, cause }) => [id, cause.code]).sort()).toEqual([
      ['broken', 'NOT_FOUND'],
      ['circle', 'IO_FAILED'],
    ])
  })

  it('reports a folder that cannot be read, by policy', async () => {
    const { root } = await treeOf({ 'a/1': '1', 'b/2': '2', 'c/3': '3' })
    // Gone after it was listed and before it is entered.
    const remove = (id: string): boolean => {
      if (id === 'a/1') rmSync(join(root, 'b'), { recursive: true })
      return true
    }
    const skipped: UnreadablePath[] = []
    expect(await idsOf(fileTree(root, { include: remove, onError: 'skip', onSkip: (path) => void skipped.push(path) }))).toEqual(['a/1', 'c/3'])
    expect(skipped).toEqual([{ id: 'b', cause: expect.objectContaining({ code: 'NOT_FOUND' }) }])
    // Root may read everything, so there the same is expected of a folder that may be read.
    await chmod(join(root, 'a'), 0)
    const found = await idsOf(fileTree(root, { onError: 'skip' }))
    await chmod(join(root, 'a'), 0o700)
    expect(found).toEqual(process.getuid?.() === 0 ? ['a/1', 'c/3'] : ['c/3'])
  })

  it('says that the folder is not there, or is a file', async () => {
    const { root } = await treeOf({ a: '1' })
    await expect(idsOf(fileTree(join(root, 'none'), { onError: 'skip' }))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(idsOf(fileTree(join(root, 'a')))).rejects.toMatchObject({ code: 'IO_FAILED' })
    await expect(fileTree(join(root, 'none')).count()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(() => fileTree('')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(() => fileTree('.', { include: 'png' as never })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(() => fileTree('.', { onError: 'ignore' as never })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  it('stops at an abort', async () => {
    const { tree } = await treeOf(HARD)
    const controller = new AbortController()
    const ids: string[] = []
    await expect(
      (async () => {
        for await (const { id } of tree.items({ signal: controller.signal })) {
          ids.push(id)
          controller.abort('enough')
        }
      })(),
    ).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' })
    expect(ids).toHaveLength(1)
  })

  it('is a data set: by content, equal files each listed, changes noticed', async () => {
    const { tree, root } = await treeOf({ 'a.png': 'same', 'b.png': 'same', 'c.png': 'other' })
    const labels: string[] = []
    const uuids: string[] = []
    for await (const element of tree.elements()) labels.push(element.label)
    for await (const uuid of tree.uuids()) uuids.push(uuid)
    expect(labels.map((label) => label.slice(root.length + 1))).toEqual(['a.png', 'b.png', 'c.png'])
    expect(uuids).toHaveLength(2)
    expect(await tree.count()).toBe(3)
    expect((await getElement(tree, uuids[0]!)).label).toBe(join(root, 'a.png'))
    await unlink(join(root, 'a.png'))
    expect((await getElement(tree, uuids[0]!)).label).toBe(join(root, 'b.png'))
    await unlink(join(root, 'b.png'))
    expect(await hasElement(tree, uuids[0]!)).toBe(false)
    await expect(tree.getMany(uuids)).rejects.toMatchObject({ code: 'UNKNOWN_UID', details: { uids: [uuids[0]] } })
    await expect(tree.addMany([[]])).rejects.toMatchObject({ code: 'READ_ONLY' })
    await tree.dispose()
    await expect(tree.count()).rejects.toMatchObject({ code: 'DISPOSED' })
  })

  it('is a plugin; with functions it is not data', () => {
    const tree = fileTreePlugin({ root: '/pictures', include: ['.jpg'] })
    expect(tree.toConfig().config).toEqual({ root: '/pictures', include: ['.jpg'], followSymlinks: true, onError: 'throw' })
    expect(() => fileTree('/pictures', { include: () => true }).toConfig()).toThrow(expect.objectContaining({ code: 'NOT_SERIALIZABLE' }))
  })
})

describe('sortInSlices', () => {
  it('sorts as sort does, stably', async () => {
    for (const length of [0, 1, 1023, 1024, 1025, 5000, 9999]) {
      const values = Array.from({ length }, (_, i) => ({ key: (i * 7919) % 997, i }))
      const sorted = await sortInSlices(values, (a, b) => a.key - b.key)
      expect(sorted).toEqual([...values].sort((a, b) => a.key - b.key))
    }
  })
})
