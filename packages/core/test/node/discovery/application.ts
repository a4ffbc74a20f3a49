// A throw-away application on disk, and a way to run a script in it with Node's own module loader (the test runner has another).

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'

/** Text, or what becomes JSON, by path. */
export type Files = Readonly<Record<string, unknown>>

export interface Application {
  readonly root: string
  write(files: Files): void
  /** Makes `path` a symbolic link to the directory `target` of the application. */
  link(path: string, target: string): void
  /**
   * Runs the body of an async function in a process of its own, in the application's directory; gives what it returns. `core` is everything that
   * core exports, discovery included.
   */
  run<T>(body: string, options?: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string }): Promise<T>
}

/** An application with these files that lives as long as the test does, or until `remove` is called where there is no test yet. */
export function application(files: Files = {}): Application {
  // A blank, a percent sign and a letter beyond ASCII: paths are not URLs.
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), 'cbir-'))), 'an äpp 100%')
  mkdirSync(root)
  onTestFinished(() => rmSync(dirname(root), { recursive: true, force: true }))
  const app: Application = {
    root,
    write(more) {
      for (const [path, content] of Object.entries(more)) {
        const file = join(root, path)
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
      }
    },
    link(path, target) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      symlinkSync(join(root, target), join(root, path), 'junction')
    },
    async run<T>(body: string, { env = {}, cwd = root }: { env?: Readonly<Record<string, string>>; cwd?: string } = {}): Promise<T> {
      bundle ??= bundleCore()
      const script = join(root, '..', 'script.mjs')
      writeFileSync(
        script,
        `import * as core from './core.mjs'\nconst result = await (async () => {\n${body}\n})()\nprocess.stdout.write(JSON.stringify(result ?? null))\n`,
      )
      writeFileSync(join(root, '..', 'core.mjs'), await bundle)
      const { PATH = '' } = process.env
      return new Promise<T>((resolve, reject) => {
        execFile(process.execPath, [script], { cwd, env: { PATH, ...env }, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
          if (error) reject(new Error(`${error.message}\n${stderr}`))
          else resolve(JSON.parse(stdout) as T)
        })
      })
    },
  }
  app.write(files)
  return app
}

let bundle: Promise<string> | undefined

async function bundleCore(): Promise<string> {
  const source = join(import.meta.dirname, '../../../src')
  const result = await build({
    stdin: {
      contents: `export * from './index.ts'\nexport * from './node/discovery/discover.ts'\nexport * from './node/discovery/resolve-specifier.ts'`,
      resolveDir: source,
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  })
  return result.outputFiles[0]!.text
}

/** The source text of a plugin object. */
export function pluginText(kind: string, name: string, packageName: string, more = ''): string {
  const component = `{ kind: '${kind}', name: '${name}', apiVersion: 1, toConfig: () => ({ type: '${name}', package: '${packageName}', config: {} }) }`
  const schema = `{ '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } }`
  return `{ kind: '${kind}', name: '${name}', package: '${packageName}', apiVersion: 1, interfaces: ['Base'], configSchema: ${schema}, create: () => (${component}), ${more} }`
}

/** A package with one plugin, and a manifest that says so. */
export function pluginPackage(packageName: string, kind: string, name: string, more = ''): Files {
  const at = `node_modules/${packageName}`
  return {
    [`${at}/package.json`]: {
      name: packageName,
      type: 'module',
      exports: './index.js',
      cbir: { apiVersion: 1, plugins: [{ kind, name, export: '.' }] },
    },
    [`${at}/index.js`]: `export const plugin = ${pluginText(kind, name, packageName, more)}`,
  }
}

export const fileUrl = (...parts: readonly string[]): string => pathToFileURL(join(...parts)).href
