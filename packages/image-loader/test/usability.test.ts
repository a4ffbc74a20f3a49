// Where sharp is missing: the package still imports, and says what to do.

import { createRequire } from 'node:module'
import { afterEach, describe, expect, it, vi } from 'vitest'

const MISSING = new Error('Could not load the "sharp" module using the linux-x64 runtime')

describe('without sharp', () => {
  afterEach(() => {
    vi.doUnmock('node:module')
    vi.resetModules()
  })

  it('the package imports, is not usable, and gives the remedy', async () => {
    vi.resetModules()
    vi.doMock('node:module', () => ({
      createRequire: (from: string) => (name: string) => {
        if (name === 'sharp') throw MISSING
        return createRequire(from)(name) as unknown
      },
    }))
    const { imageLoader } = await import('../src/index.ts')
    const usability = await imageLoader.usability?.()
    expect(usability).toMatchObject({ usable: false })
    expect((usability as { reason: string }).reason).toMatch(/npm install .*sharp/)
    expect(() => imageLoader()).toThrow(expect.objectContaining({ code: 'NOT_USABLE', cause: MISSING }))
  })
})
