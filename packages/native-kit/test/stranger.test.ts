// An addon as somebody else would write it: the README's, copied into an empty folder, built and called.

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { loadAddon, type NativeAddon } from '@cbir/native-kit'
import { expect, test } from 'vitest'
import { packageRoot } from './support/test-addon.ts'

test("the README's addon builds outside of the workspace, loads, and throws typed errors", { timeout: 180_000 }, async () => {
  const readme = await readFile(new URL('README.md', packageRoot), 'utf8')
  const block = (language: string): string => new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(readme)?.[1] ?? ''
  const folder = await mkdtemp(join(tmpdir(), 'somebodys-addon-'))
  try {
    await mkdir(join(folder, 'native'))
    await mkdir(join(folder, 'node_modules', '@cbir'), { recursive: true })
    await symlink(fileURLToPath(packageRoot), join(folder, 'node_modules', '@cbir', 'native-kit'))
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'my-addon' }))
    await writeFile(join(folder, 'binding.gyp'), block('python'))
    await writeFile(join(folder, 'native', 'addon.cc'), block('cpp'))
    await promisify(execFile)(process.execPath, [fileURLToPath(new URL('../../tooling/native.mjs', packageRoot)), folder])
    const addon = loadAddon<NativeAddon & { sum(handle: object): Promise<number> }>(pathToFileURL(`${folder}/`))
    expect(addon.threads).toBeGreaterThan(0)
    expect(() => addon.sum({})).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  } finally {
    await rm(folder, { recursive: true })
  }
})
