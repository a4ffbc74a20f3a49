// The example runs: on generated instruments, and on spoken digits where the data is there.

import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { hasTestData, testData } from '../../../tooling/test-data.ts'
import { tone, wav } from '../../../tooling/test-sounds.ts'
import { soundSearchCommand } from '../src/command.ts'
import { excerptOf } from '../src/excerpt.ts'
import { INSTRUMENTS, makeInstrumentSet } from '../src/instruments.ts'
import { resultPage } from '../src/result-page.ts'
import { sameKindFirst } from '../src/same-kind.ts'
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
    // By chance it would be 4 of 29.
    expect(await sameKindFirst(search, (id) => id.split('-')[0]!)).toBeGreaterThanOrEqual(24)
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
    expect(html.match(/<i class="moment" style="left:[\d.]+%;right:[\d.]+%"><\/i>/g)?.length).toBe(4)
    expect(html.match(/>8 kHz</g)?.length).toBe(5)
    for (const { id, part } of result.found) {
      expect(html).toContain(id)
      expect(html).toContain(`most alike from ${part.start!.toFixed(1)}`)
      expect(html).toContain(`#t=${part.start!.toFixed(2)}"`)
    }
    for (const fact of search.facts) expect(html).toContain(fact)
    expect(html).not.toContain('<script')
  })

  it('finds what is like a file from elsewhere', async () => {
    const elsewhere = join(cache, 'elsewhere.wav')
    await copyFile(join(folder, 'organ-2.wav'), elsewhere)
    const search = await openSoundSearch(folder)
    const { query, found } = await search.find(elsewhere, 1)
    expect(query).toEqual({ id: 'elsewhere.wav', file: elsewhere })
    expect(found[0]).toMatchObject({ id: 'organ-2.wav' })
    expect(found[0]!.distance).toBeLessThan(1e-6)
    await search.dispose()
  })

  it('shows ten seconds of a long recording, around the moment', async () => {
    const file = join(cache, 'long & <loud>.wav')
    await writeFile(file, wav(tone(1, 30, 8000), 8000))
    const around = await excerptOf(file, { start: 20, end: 21 })
    expect([around.start, around.end]).toEqual([15.5, 25.5])
    expect(around.samples.length).toBe(10 * around.sampleRate)
    expect((await excerptOf(file, { start: 29.5, end: 30 })).end).toBeCloseTo(30, 3)
    expect(await excerptOf(file, { start: 1, end: 2 })).toMatchObject({ start: 0, end: 10 })
    const sound = { id: 'long & <loud>.wav', file }
    const html = await resultPage({ query: sound, found: [{ ...sound, distance: 0, part: { index: 20, start: 20, end: 21 } }], facts: [] })
    // The frame is where 20 and 21 are between 15.5 and 25.5, and the player begins 4.5 s into its ten.
    expect(html).toContain('style="left:45.00%;right:45.00%"')
    expect(html).toContain('#t=4.50"')
    expect(html).toContain('>16 s<')
    expect(html).toContain('long &amp; &lt;loud&gt;.wav')
    expect(html).not.toContain('<loud>')
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

describe('the command', () => {
  const run = async (...argv: string[]): Promise<string[]> => {
    const lines: string[] = []
    await soundSearchCommand(argv, { cache: join(cache, 'command'), line: (text) => lines.push(text) })
    return lines
  }

  it('makes sounds where no folder is given, measures itself, and writes the page', async () => {
    const lines = await run('--k', '3')
    const [, right] = /For (\d+) of these 72 recordings the most alike/.exec(lines.join('\n')) ?? []
    expect(Number(right)).toBeGreaterThanOrEqual(60)
    expect(lines.filter((line) => /^ {2}0\.\d{4} {2}bell-\d+\.wav {2}\(\d\.\d – \d\.\d s\)$/.test(line)).length).toBe(3)
    const html = await readFile(fileURLToPath(lines.at(-1)!.replace('To listen, open ', '')), 'utf8')
    expect(html).toContain(`For ${right} of these 72`)
    // No second of sound is twice on it, and a picture is small: 44 KB a second, in base64.
    expect(html.length).toBeLessThan(4 * 3 * 44_100 * 1.34 + 4 * 60_000)
  })

  it('tells how it is called, and what was wrong with the call', async () => {
    expect((await run('--help')).join()).toContain('--seconds <number>')
    await expect(run('one', 'two')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(run('--ks', '3')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('--ks') })
    await expect(run(join(cache, 'nowhere'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
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
