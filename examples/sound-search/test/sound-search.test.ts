// The example runs: on generated instruments, and on spoken digits where the data is there.

import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hasTestData, testData } from '../../../tooling/test-data.ts'
import { INSTRUMENTS, makeInstrumentSet } from '../src/instruments.ts'
import { openSoundSearch, writeResultPage } from '../src/sound-search.ts'

const cache = await mkdtemp(join(tmpdir(), 'cbir-sound-search-'))
afterAll(() => rm(cache, { recursive: true }))

describe('generated instruments', async () => {
  const folder = join(cache, 'instruments')
  await makeInstrumentSet(folder, 5)
  const instruments = Object.keys(INSTRUMENTS)

  it('finds the instrument that it is asked for, whatever it plays', async () => {
    const search = await openSoundSearch(folder)
    expect(search.report).toMatchObject({ items: 30, skipped: [] })
    let right = 0
    for (const instrument of instruments) {
      const { found } = await search.find(`${instrument}-1.wav`, 4)
      expect(found.map(({ id }) => id)).not.toContain(`${instrument}-1.wav`)
      right += found.filter(({ id }) => id.startsWith(instrument)).length
    }
    // By chance it would be 4 of 24.
    expect(right).toBeGreaterThanOrEqual(16)
    await search.dispose()
  })

  it('writes a page with a player and a spectrogram for each', async () => {
    const search = await openSoundSearch(folder)
    const result = await search.find(undefined, 4)
    const page = join(cache, 'page.html')
    await writeResultPage(page, result, search.facts)
    await search.dispose()
    const html = await readFile(page, 'utf8')
    expect(html.match(/<audio controls src="data:audio\/[a-z-]*wav[a-z-]*;base64,/g)?.length).toBe(5)
    expect(html.match(/<img src="data:image\/png;base64,/g)?.length).toBe(5)
    for (const { id, part } of result.found) {
      expect(html).toContain(id)
      expect(html).toContain(`most alike from ${part.start!.toFixed(1)}`)
    }
    expect(html).not.toContain('<script')
  })

  it('leaves out what is no sound, and says so', async () => {
    const mixed = join(cache, 'mixed')
    await mkdir(mixed)
    for (const name of ['bell-0.wav', 'bell-1.wav', 'organ-0.wav']) await copyFile(join(folder, name), join(mixed, name))
    await writeFile(join(mixed, 'broken.wav'), 'this is no sound')
    const search = await openSoundSearch(mixed)
    expect(search.report.skipped.map(({ id }) => id)).toEqual(['broken.wav'])
    expect((await search.find('bell-0.wav', 1)).found[0]!.id).toBe('bell-1.wav')
    await expect(search.find('flute.wav', 1)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await search.dispose()
  })
})

describe.skipIf(!hasTestData)('spoken digits', () => {
  it('finds the same digit', async () => {
    const folder = join(cache, 'digits')
    await mkdir(folder)
    const names = (await readdir(testData('audio', 'fsdd'))).filter((name) => /^[0-4]_[^_]+_[0-4]\.wav$/.test(name))
    for (const name of names) await copyFile(testData('audio', 'fsdd', name), join(folder, name))
    const search = await openSoundSearch(folder)
    const queries = names.filter((name) => name.endsWith('_0.wav'))
    let right = 0
    for (const query of queries) if ((await search.find(query, 1)).found[0]!.id[0] === query[0]) right++
    expect(right / queries.length).toBeGreaterThanOrEqual(0.85)
    await search.dispose()
  })
})
