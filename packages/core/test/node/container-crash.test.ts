// A container write, cut by a crash at every single operation: what is opened is the old content or the new one, whole.

import { describe, expect, it } from 'vitest'
import type { ContainerWriter, DirectoryContainer } from '../../src/index.ts'
import { createDirectoryContainer } from '../../src/node/index.ts'
import { SimulatedDisk } from './support/simulated-disk.ts'

const header = (content: string) => ({ type: 'test', formatVersion: 1, content })
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const fill =
  (content: string, disk: SimulatedDisk, tail = '') =>
  async (writer: ContainerWriter): Promise<void> => {
    await writer.write('a', [bytesOf(`${content} a `), bytesOf('x'.repeat(40))])
    await writer.write('empty', [])
    // As native code would: past the container, without a sync.
    const file = await disk.storage().files.open(writer.path(`native${tail}`), 'create')
    await file.write(bytesOf(`${content} native`), 0)
    await file.close()
  }

/** What a container holds: nothing, or one content in all of its files. */
async function contentOf(container: DirectoryContainer): Promise<string | undefined> {
  const opened = await container.open('/data/set', { type: 'test' })
  if (!opened) return undefined
  const content = String(opened.header['content'])
  const decoder = new TextDecoder()
  expect(decoder.decode(await opened.read('a'))).toBe(`${content} a ${'x'.repeat(40)}`)
  expect(await opened.read('empty')).toHaveLength(0)
  const native = opened.files.find(({ name }) => name.startsWith('native'))!
  expect(decoder.decode(await opened.read(native.name))).toBe(`${content} native`)
  await opened.close()
  return content
}

/** Explores every crash from operation `from` on; gives how many disks were opened, and what was found. */
async function explore(disk: SimulatedDisk, from: number, allowed: readonly (string | undefined)[], finallyIs: string | undefined) {
  let explored = 0
  const found = new Set<string | undefined>()
  for (let count = from; count <= disk.operations.length; count++) {
    for (const crash of disk.crashesAfter(count)) {
      const container = createDirectoryContainer(crash.disk.storage('after'), 0)
      const content = await contentOf(container).catch((error: unknown) => {
        throw new Error(`after ${count} operations, ${crash.how}`, { cause: error })
      })
      expect(allowed, `after ${count} operations, ${crash.how}`).toContain(content)
      if (count === disk.operations.length) expect(content).toBe(finallyIs)
      found.add(content)
      // What was left does not stand in the way of the next write, and is gone after it.
      if (crash.how === 'all kept' || crash.how === 'all dropped') {
        await container.write('/data/set', header('next'), fill('next', crash.disk))
        expect(await contentOf(container)).toBe('next')
        const names = await crash.disk.storage().files.readDirectory('/data/set')
        expect(names.sort()).toEqual(['CURRENT', expect.stringMatching(/^gen-\d+$/)])
      }
      explored++
    }
  }
  return { explored, found }
}

describe('a container on a disk that crashes', () => {
  it('is empty or whole when the first write is cut', async () => {
    const disk = new SimulatedDisk()
    await createDirectoryContainer(disk.storage()).write('/data/set', header('new'), fill('new', disk))
    const { explored, found } = await explore(disk, 0, [undefined, 'new'], 'new')
    expect(found).toEqual(new Set([undefined, 'new']))
    expect(explored).toBeGreaterThan(250)
  })

  it('is old or new when a later write is cut, and never empty', async () => {
    const disk = new SimulatedDisk()
    const container = createDirectoryContainer(disk.storage())
    await container.write('/data/set', header('older'), fill('older', disk))
    await container.write('/data/set', header('old'), fill('old', disk))
    const from = disk.operations.length
    await container.write('/data/set', header('new'), fill('new', disk, '-2'))
    const { found } = await explore(disk, from, ['old', 'new'], 'new')
    expect(found).toEqual(new Set(['old', 'new']))
  })

  it.each(['first', 'later'])('stays as it was when the %s write fails, wherever it fails and crashes after', async (which) => {
    const old = which === 'later' ? 'old' : undefined
    let failed = true
    for (let at = 0; failed; at++) {
      const disk = new SimulatedDisk()
      const container = createDirectoryContainer(disk.storage())
      if (old) await container.write('/data/set', header(old), fill(old, disk))
      const from = disk.operations.length
      let left = at
      disk.fault = () => {
        if (left-- === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
      }
      failed = await container.write('/data/set', header('new'), fill('new', disk)).then(
        () => left < 0,
        () => true,
      )
      disk.fault = undefined
      const now = await contentOf(createDirectoryContainer(disk.storage('after'), 0))
      expect([old, 'new']).toContain(now)
      if (at % 3 === 0) await explore(disk, from, [old, 'new'], now)
    }
  })
})
