// The directory container on a real disk: what it holds, what it refuses, and who waits for whom.

import { execFileSync, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ContainerWriter } from '../../src/index.ts'
import { createDirectoryContainer, directoryContainer, machineStorage } from '../../src/node/index.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cbir-container-'))
})
afterAll(() => rm(root, { recursive: true }))

let used = 0
const fresh = (): string => join(root, `c ${used++}`, 'ünner')

const header = (n: number) => ({ type: 'test/thing', formatVersion: 3, n })
const bytes = (length: number, seed: number): Uint8Array => new Uint8Array(length).map((_, i) => (i * 7 + seed) & 255)
const fill =
  (n: number) =>
  async (writer: ContainerWriter): Promise<void> => {
    await Promise.all([writer.write('a.bin', [bytes(3000, n)]), writer.write('b', [bytes(10, n), bytes(20, n)]), writer.write('empty', [])])
    await writeFile(writer.path('native'), bytes(500, n))
  }

/** Reads everything; gives its number. */
async function numberIn(directory: string): Promise<number | undefined> {
  const opened = await directoryContainer.open(directory, { type: 'test/thing' })
  if (!opened) return undefined
  try {
    const n = Number(opened.header['n'])
    expect(await opened.read('a.bin')).toEqual(bytes(3000, n))
    expect(Buffer.from(await opened.read('b'))).toEqual(Buffer.concat([bytes(10, n), bytes(20, n)]))
    expect(await opened.read('empty')).toHaveLength(0)
    expect(new Uint8Array(await readFile(await opened.path('native')))).toEqual(bytes(500, n))
    return n
  } finally {
    await opened.close()
  }
}

describe('directoryContainer', () => {
  it('gives back what was written, whole, in chunks and as a path', async () => {
    const directory = fresh()
    expect(await directoryContainer.open(directory)).toBeUndefined()
    await directoryContainer.write(directory, header(1), fill(1))
    const opened = (await directoryContainer.open(directory))!
    expect(opened.header).toEqual(header(1))
    expect(opened.generation).toBe(1)
    expect([...opened.files].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'a.bin', size: 3000 },
      { name: 'b', size: 30 },
      { name: 'empty', size: 0 },
      { name: 'native', size: 500 },
    ])
    const chunks: Uint8Array[] = []
    for await (const chunk of opened.stream('a.bin', { chunkSize: 999 })) chunks.push(chunk)
    expect(chunks.map(({ length }) => length)).toEqual([999, 999, 999, 3])
    expect(new Uint8Array(Buffer.concat(chunks))).toEqual(bytes(3000, 1))
    for await (const _ of opened.stream('empty')) expect.unreachable()
    await expect(opened.read('other')).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
    await opened.close()
    await expect(opened.read('a.bin')).rejects.toMatchObject({ code: 'DISPOSED' })
    expect(await numberIn(directory)).toBe(1)
    expect((await readdir(directory)).sort()).toEqual(['CURRENT', 'gen-1'])
  })

  it('writes large files and many small chunks', async () => {
    const directory = fresh()
    const large = bytes(5_000_001, 3)
    await directoryContainer.write(directory, header(1), async (writer) => {
      await writer.write('large', [large])
      await writer.write(
        'crumbs',
        (function* () {
          for (let i = 0; i < 100_000; i++) yield Uint8Array.of(i & 255)
        })(),
      )
    })
    const opened = (await directoryContainer.open(directory))!
    expect(Buffer.from(await opened.read('large')).equals(large)).toBe(true)
    expect(await opened.read('crumbs')).toHaveLength(100_000)
    await opened.close()
  })

  it('goes on giving what was opened while newer generations replace it', async () => {
    const directory = fresh()
    await directoryContainer.write(directory, header(1), fill(1))
    const opened = (await directoryContainer.open(directory))!
    await directoryContainer.write(directory, header(2), fill(2))
    await directoryContainer.write(directory, header(3), fill(3))
    expect(await opened.read('a.bin')).toEqual(bytes(3000, 1))
    expect(new Uint8Array(await readFile(await opened.path('native')))).toEqual(bytes(500, 1))
    await opened.close()
    expect(await numberIn(directory)).toBe(3)
    await directoryContainer.write(directory, header(4), fill(4))
    expect((await readdir(directory)).sort()).toEqual(['CURRENT', 'gen-4'])
  })

  it('gives a path to a reader whose generation another process removed only as an error', async () => {
    const directory = fresh()
    const other = createDirectoryContainer(machineStorage)
    await directoryContainer.write(directory, header(1), fill(1))
    const opened = (await directoryContainer.open(directory))!
    await other.write(directory, header(2), fill(2))
    expect(await opened.read('a.bin')).toEqual(bytes(3000, 1))
    await expect(opened.path('native')).rejects.toMatchObject({ code: 'IO_FAILED', message: expect.stringContaining('Open the container again') })
    await opened.close()
  })

  it('is read whole by readers that race with writers', async () => {
    const directory = fresh()
    const other = createDirectoryContainer(machineStorage)
    await directoryContainer.write(directory, header(0), fill(0))
    let writing = true
    const readers = Array.from({ length: 4 }, async () => {
      const seen = new Set<number>()
      while (writing) {
        const opened = (await directoryContainer.open(directory))!
        const n = Number(opened.header['n'])
        expect(await opened.read('a.bin')).toEqual(bytes(3000, n))
        seen.add(n)
        await opened.close()
      }
      return seen.size
    })
    for (let n = 1; n <= 10; n++) await other.write(directory, header(n), fill(n))
    writing = false
    expect(Math.max(...(await Promise.all(readers)))).toBeGreaterThan(1)
  })

  it('lets writers wait for one another, by whatever path they come', async () => {
    const directory = fresh()
    await mkdir(directory, { recursive: true })
    const link = join(root, `link${used++}`)
    await symlink(directory, link)
    let running = 0
    const slow =
      (n: number) =>
      async (writer: ContainerWriter): Promise<void> => {
        expect(++running).toBe(1)
        await new Promise((done) => setTimeout(done, 5))
        await fill(n)(writer)
        running--
      }
    const paths = [directory, link, relative(process.cwd(), directory), `${directory}/../ünner/`]
    await Promise.all([...paths, ...paths].map((path, n) => directoryContainer.write(path, header(n), slow(n))))
    expect(await numberIn(directory)).toBe(7)
    // A container of its own stands for another process here: only the lock in the directory is between the two.
    const other = createDirectoryContainer(machineStorage)
    await Promise.all([directory, link].map((path, n) => (n ? other : directoryContainer).write(path, header(8 + n), slow(8 + n))))
    expect([8, 9]).toContain(await numberIn(directory))
    expect((await readdir(directory)).filter((name) => name.startsWith('lock-'))).toEqual([])
  })

  it('is refused while another process writes, and free when that one has ended', async () => {
    const directory = fresh()
    await directoryContainer.write(directory, header(1), fill(1))
    const impatient = createDirectoryContainer(machineStorage, 50)
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    // The lock that such a process would have made.
    const start = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]!.split(' ')[19]
    const [host, boot] = machineStorage.processes.self.split('.')
    await writeFile(join(directory, `lock-${host}.${boot}.${child.pid}.${start}-0123456789abcdef`), '')
    await expect(impatient.write(directory, header(2), fill(2))).rejects.toMatchObject({ code: 'IN_USE' })
    expect(await numberIn(directory)).toBe(1)
    const signal = AbortSignal.timeout(30)
    await expect(directoryContainer.write(directory, header(2), fill(2), { signal })).rejects.toMatchObject({ code: 'ABORTED' })
    child.kill('SIGKILL')
    await new Promise((done) => child.on('exit', done))
    await impatient.write(directory, header(2), fill(2))
    expect(await numberIn(directory)).toBe(2)
    // The same number, but of a process that started at another time.
    await writeFile(join(directory, `lock-${host}.${boot}.${process.pid}.1-0123456789abcdef`), '')
    await impatient.write(directory, header(3), fill(3))
    // Of another machine nothing is known.
    await writeFile(join(directory, 'lock-elsewhere.0.1.1-0123456789abcdef'), '')
    await expect(impatient.write(directory, header(4), fill(4))).rejects.toMatchObject({ code: 'IN_USE' })
  })

  it('keeps the old content, and nothing of the new, when a write fails or is aborted', async () => {
    const directory = fresh()
    const failing = async (writer: ContainerWriter): Promise<void> => {
      await fill(2)(writer)
      throw new Error('changed my mind')
    }
    await expect(directoryContainer.write(directory, header(2), failing)).rejects.toThrow('changed my mind')
    expect(await readdir(root)).not.toContain(directory)
    expect(await directoryContainer.open(directory)).toBeUndefined()
    await directoryContainer.write(directory, header(1), fill(1))
    await expect(directoryContainer.write(directory, header(2), failing)).rejects.toThrow('changed my mind')
    const controller = new AbortController()
    const silent = async (writer: ContainerWriter): Promise<void> => {
      setTimeout(() => controller.abort('enough'), 5)
      await writer.write(
        'a',
        (async function* () {
          yield bytes(10, 0)
          await new Promise(() => undefined)
        })(),
      )
    }
    await expect(directoryContainer.write(directory, header(2), silent, { signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' })
    for (const name of ['', '../x', 'MANIFEST', 'manifest', 'a/b', '.hidden', 'x'.repeat(101), 'nul\0', 'dot.']) {
      await expect(directoryContainer.write(directory, header(2), (writer) => writer.write(name, []))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
    }
    const wrong: [string, (writer: ContainerWriter) => Promise<void>][] = [
      ['INVALID_ARGUMENT', (writer) => writer.write('a', ['text' as never])],
      ['INVALID_ARGUMENT', async (writer) => void (await Promise.all(['a', 'A'].map((name) => writer.write(name, []))))],
      ['ADAPTER_FAULT', async (writer) => void writer.path('never-written')],
      [
        'SOURCE_FAILED',
        async (writer) =>
          void writer.write(
            'unawaited',
            (function* () {
              yield bytes(1, 1)
              throw new Error('source')
            })(),
          ),
      ],
    ]
    for (const [code, work] of wrong) await expect(directoryContainer.write(directory, header(2), work)).rejects.toMatchObject({ code })
    await expect(directoryContainer.write(directory, { formatVersion: 1 } as never, fill(1))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(directoryContainer.write(directory, { type: 'x', formatVersion: 1.5 }, fill(1))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await numberIn(directory)).toBe(1)
    expect((await readdir(directory)).sort()).toEqual(['CURRENT', 'gen-1'])
  })

  it('refuses a directory that holds anything else, and never touches that', async () => {
    const directory = fresh()
    await mkdir(join(directory, 'gen-7'), { recursive: true })
    await writeFile(join(directory, 'gen-7', 'photo.jpg'), 'mine')
    for (const other of ['notes.txt', 'CURRENT']) {
      await writeFile(join(directory, other), 'mine')
      await expect(directoryContainer.write(directory, header(1), fill(1))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      await expect(directoryContainer.open(directory)).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
    }
    expect((await readdir(directory)).sort()).toEqual(['CURRENT', 'gen-7', 'notes.txt'])
    expect(await readFile(join(directory, 'gen-7', 'photo.jpg'), 'utf8')).toBe('mine')
    const file = join(root, 'a file')
    await writeFile(file, 'mine')
    await expect(directoryContainer.write(file, header(1), fill(1))).rejects.toMatchObject({ code: 'IO_FAILED' })
    await expect(directoryContainer.open(file)).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
  })

  it('refuses another type of content, and a directory that has lost its CURRENT', async () => {
    const directory = fresh()
    await directoryContainer.write(directory, header(1), fill(1))
    await expect(directoryContainer.open(directory, { type: 'test/other' })).rejects.toMatchObject({
      code: 'CORRUPT_DATA',
      message: expect.stringContaining('test/thing'),
    })
    await unlink(join(directory, 'CURRENT'))
    await expect(directoryContainer.open(directory)).rejects.toMatchObject({ code: 'CORRUPT_DATA', message: expect.stringContaining('CURRENT') })
    // A new content can still be written over it.
    await directoryContainer.write(directory, header(2), fill(2))
    expect(await numberIn(directory)).toBe(2)
  })

  it('rejects every file that is damaged, cut, grown, missing or exchanged, and names it', async () => {
    const directory = fresh()
    await directoryContainer.write(directory, header(1), fill(1))
    const names = ['CURRENT', ...(await readdir(join(directory, 'gen-1'))).filter((name) => name !== 'empty').map((name) => `gen-1/${name}`)]
    const originals = new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name))] as const)))
    const damage = fc.oneof(
      fc.record({ flips: fc.array(fc.record({ at: fc.nat(), bit: fc.nat(7) }), { minLength: 1, maxLength: 64 }) }),
      fc.record({ cut: fc.nat() }),
      fc.record({ grown: fc.uint8Array({ minLength: 1, maxLength: 50 }) }),
      fc.record({ other: fc.uint8Array({ maxLength: 100 }) }),
      fc.constant({ missing: true }),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), damage, async (name, how) => {
        const original = originals.get(name)!
        const path = join(directory, name)
        let damaged = Buffer.from(original)
        if ('flips' in how) for (const { at, bit } of how.flips) damaged[at % damaged.length]! ^= 1 << bit
        else if ('cut' in how) damaged = damaged.subarray(0, how.cut % damaged.length)
        else if ('grown' in how) damaged = Buffer.concat([damaged, how.grown])
        else if ('other' in how) damaged = Buffer.from(how.other)
        fc.pre(!damaged.equals(original) || 'missing' in how)
        if ('missing' in how) await unlink(path)
        else await writeFile(path, damaged)
        try {
          await expect(numberIn(directory)).rejects.toMatchObject({ code: 'CORRUPT_DATA', message: expect.stringContaining(name) })
        } finally {
          await writeFile(path, original)
        }
      }),
      { numRuns: 300 },
    )
    expect(await numberIn(directory)).toBe(1)
    // Streams too, and before the last chunk is given.
    await writeFile(join(directory, 'gen-1/a.bin'), bytes(3000, 2))
    const opened = (await directoryContainer.open(directory))!
    let given = 0
    await expect(
      (async () => {
        for await (const chunk of opened.stream('a.bin', { chunkSize: 1000 })) given += chunk.length
      })(),
    ).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
    expect(given).toBe(2000)
    await expect(opened.path('a.bin')).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
    await opened.close()
  })

  it('is not fooled by a generation of another container, whole as it is', async () => {
    const [one, two] = [fresh(), fresh()]
    await directoryContainer.write(one, header(1), fill(1))
    await directoryContainer.write(two, header(2), fill(2))
    await rm(join(one, 'gen-1'), { recursive: true })
    await rename(join(two, 'gen-1'), join(one, 'gen-1'))
    await expect(directoryContainer.open(one)).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
  })

  it('keeps the old content on a disk that is full, and says so', async () => {
    const directory = fresh()
    await mkdir(directory, { recursive: true })
    const mounted = mountSmall(directory)
    try {
      await directoryContainer.write(join(directory, 'in'), header(1), fill(1))
      const large = (writer: ContainerWriter): Promise<void> =>
        writer.write(
          'large',
          (function* () {
            for (let i = 0; i < 100; i++) yield bytes(100_000, i)
          })(),
        )
      if (mounted) {
        await expect(directoryContainer.write(join(directory, 'in'), header(2), large)).rejects.toMatchObject({
          code: 'IO_FAILED',
          message: expect.stringContaining('full'),
        })
      }
      expect(await numberIn(join(directory, 'in'))).toBe(1)
      await directoryContainer.write(join(directory, 'in'), header(3), fill(3))
      expect(await numberIn(join(directory, 'in'))).toBe(3)
    } finally {
      if (mounted) execFileSync('umount', [directory])
    }
  })
})

/** A file system of 1 MB at `directory`, where this process may mount one. Elsewhere a full disk is only simulated (container-crash.test.ts). */
function mountSmall(directory: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
