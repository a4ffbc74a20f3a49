// The examples of the READMEs run, as a reader would copy them. (That they compile against the packed packages is a check of its own.)

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { root } from '../run.mjs'
import { hasTestData, testData } from '../test-data.ts'
import { packagesIn } from '../workspace.mjs'

const packages = packagesIn('packages')
const folder = mkdtempSync(join(tmpdir(), 'cbir-readme-'))
const home = process.cwd()

/** The first TypeScript block of a README; undefined where there is none. */
function exampleOf(directory: string): string | undefined {
  const readme = join(directory, 'README.md')
  return existsSync(readme) ? /^```ts\n([\s\S]*?)^```/m.exec(readFileSync(readme, 'utf8'))?.[1] : undefined
}

/** The code with the packages of the workspace taken from their sources: outside of it their names mean nothing. */
function fromSources(code: string): string {
  return code.replace(/(?<=from ')(@cbir\/[a-z0-9-]+)(\/[a-z0-9-]+)?(?=')/g, (specifier, name: string, entry = '') => {
    const found = packages.find(({ manifest }) => manifest['name'] === name)
    const source: unknown = found?.manifest['exports'][`.${entry}`]?.['@cbir/source']
    if (!found || typeof source !== 'string') throw new Error(`An example imports ${specifier}, which no package of the workspace exports.`)
    return join(found.directory, source)
  })
}

/** A sound of two seconds, as a wav file (16 bits, one channel). */
function toneFile(): Buffer {
  const [rate, seconds] = [22050, 2]
  const file = Buffer.alloc(44 + 2 * rate * seconds)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  for (const [at, value] of [16, 0x10001, rate, 2 * rate, 0x100002].entries()) file.writeUInt32LE(value, 16 + 4 * at)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(file.length - 44, 40)
  for (let i = 0; i < rate * seconds; i++) file.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * 440 * i) / rate)), 44 + 2 * i)
  return file
}

/** Pictures, sounds and models under the names that the examples use. */
async function writeFiles(code: string): Promise<void> {
  const { default: sharp } = await import(createRequire(join(root, 'packages/image-loader/package.json')).resolve('sharp'))
  mkdirSync(join(folder, 'photos'), { recursive: true })
  for (const [i, name] of ['cat', 'dog', 'sky'].entries()) {
    const background = { r: 80 * i, g: 200 - 90 * i, b: 40 }
    await sharp({ create: { width: 64, height: 48, channels: 3, background } }).toFile(join(folder, `photos/${name}.jpg`))
  }
  mkdirSync(join(folder, 'sounds'), { recursive: true })
  for (const [, name] of code.matchAll(/'(sounds\/[\w.-]+\.wav)'/g)) writeFileSync(join(folder, name!), toneFile())
  for (const [, name] of code.matchAll(/'(sounds\/[\w.-]+\.m4a)'/g)) {
    writeFileSync(join(folder, 'tone.wav'), toneFile())
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', join(folder, 'tone.wav'), join(folder, name!)])
  }
  for (const [, model] of code.matchAll(/'([\w.-]+\.onnx)'/g)) {
    const path = join(folder, model!)
    if (!existsSync(path)) symlinkSync(testData('models', 'squeezenet_v1.1_imagenet.onnx'), path)
  }
}

beforeAll(() => process.chdir(folder))
afterEach(() => vi.restoreAllMocks())
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true })
})

for (const { folder: name, directory } of [{ folder: 'README', directory: root }, ...packages]) {
  const code = exampleOf(directory)
  if (code === undefined) continue
  const file = join(folder, `${name.replace('/', '-')}.ts`)
  const run = async (): Promise<void> => {
    writeFileSync(file, fromSources(code))
    await import(/* @vite-ignore */ file)
  }
  // An example of tests is run as tests.
  if (/from '(vitest|@cbir\/conformance\/vitest)'/.test(code)) describe(`the example of ${name}`, run)
  else {
    test.skipIf(code.includes('.onnx') && !hasTestData)(`the example of ${name} runs and shows something`, async () => {
      await writeFiles(code)
      const shown = vi.spyOn(console, 'log').mockImplementation(() => {})
      await run()
      expect(shown).toHaveBeenCalled()
    })
  }
}
