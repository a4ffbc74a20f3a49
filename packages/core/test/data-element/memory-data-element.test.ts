// memoryDataElement, and its digests against those of node:crypto.

import { createHash } from 'node:crypto'
import { digestOf } from '@cbir/core'
import { memoryDataElement, memoryDataElementPlugin } from '@cbir/core/memory'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'

const reference = (algorithm: string, bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest('hex')

afterEach(() => vi.unstubAllGlobals())

describe('digestOf', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.integer({ min: 0, max: 130 }).map((n) => new Uint8Array(n).fill(0xa5)),
  )

  it('agrees with node:crypto', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (some) => {
        for (const algorithm of ['md5', 'sha1', 'sha512'] as const) expect(await digestOf(algorithm, some)).toBe(reference(algorithm, some))
      }),
    )
  })

  it('agrees with node:crypto without Web Crypto, at every length up to three blocks and on a view into a larger buffer', async () => {
    vi.stubGlobal('crypto', undefined)
    const pool = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) ^ (i >> 7))
    for (let n = 0; n <= 192; n++) expect(await digestOf('sha1', pool.subarray(1, 1 + n))).toBe(reference('sha1', pool.subarray(1, 1 + n)))
    for (const algorithm of ['md5', 'sha1'] as const) expect(await digestOf(algorithm, pool)).toBe(reference(algorithm, pool))
    await expect(digestOf('sha512', pool)).rejects.toMatchObject({ code: 'NOT_USABLE' })
  })

  it('refuses what it does not know, and an aborted call', async () => {
    await expect(digestOf('crc' as never, new Uint8Array())).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(digestOf('md5', new Uint8Array(), AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

describe('memoryDataElement', () => {
  it('holds a copy, gives copies, and a uuid that follows the bytes', async () => {
    const given = Uint8Array.of(1, 2, 3)
    const element = memoryDataElement(given, { contentType: 'image/png', label: 'x.png' })
    given[0] = 9
    expect([...(await element.bytes())]).toEqual([1, 2, 3])
    ;(await element.bytes())[0] = 9
    expect([...(await element.bytes())]).toEqual([1, 2, 3])
    expect(element.label).toBe('x.png')
    expect(await element.contentType()).toBe('image/png')
    expect(await element.uuid()).toBe(reference('sha1', Uint8Array.of(1, 2, 3)))
    expect(await element.isEmpty()).toBe(false)
    await element.setBytes(new Uint8Array())
    expect(await element.uuid()).toBe(reference('sha1', new Uint8Array()))
    expect(await element.isEmpty()).toBe(true)
  })

  it('streams what it holds, in chunks', async () => {
    const bytes = Uint8Array.from({ length: 150_000 }, (_, i) => i % 251)
    const chunks: Uint8Array[] = []
    for await (const chunk of memoryDataElement(bytes).stream()) chunks.push(chunk)
    expect(chunks.map((chunk) => chunk.length)).toEqual([65536, 65536, 18928])
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
  })

  it('comes back from its configuration with its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.boolean(), async (bytes, readOnly) => {
        const element = memoryDataElement(bytes, { readOnly })
        const { type, config } = element.toConfig()
        expect(type).toBe(memoryDataElementPlugin.name)
        const again = memoryDataElementPlugin(config)
        expect(again.toConfig()).toEqual(element.toConfig())
        expect([...(await again.bytes())]).toEqual([...bytes])
        expect(again.writable).toBe(!readOnly)
      }),
    )
  })

  it('refuses bad input', async () => {
    expect(() => memoryDataElement([1, 2] as never)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(() => memoryDataElementPlugin({ base64: '*' })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(() => memoryDataElementPlugin({ base46: '' } as never)).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }))
    const element = memoryDataElement(Uint8Array.of(1), { readOnly: true })
    await expect(element.setBytes(Uint8Array.of(2))).rejects.toMatchObject({ code: 'READ_ONLY' })
    await expect(element.uuid({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
    await expect(element.digest('x' as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})
