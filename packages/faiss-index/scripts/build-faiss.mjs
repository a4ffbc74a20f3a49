// Release: builds faiss from its sources, without and with AVX2, and the two addons over it. Debian's own library is made for every x86-64 and
// lacks AVX2. The sources are Debian's package of the version whose headers are installed, from the server that this system's own list of sources
// names. `node packages/faiss-index/scripts/build-faiss.mjs [plain] [avx2] [--jobs 1]`; day to day, tooling/native.mjs links Debian's library.

import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const exec = promisify(execFile)
const packageRoot = fileURLToPath(new URL('..', import.meta.url))
const work = join(packageRoot, 'build', 'faiss')
const FLAGS = { plain: [], avx2: ['-mavx2', '-mfma', '-mf16c', '-mpopcnt'] }
const COMMON = [
  ...['-std=c++17', '-O3', '-DNDEBUG', '-fopenmp', '-fPIC', '-fvisibility=hidden', '-ffunction-sections', '-fdata-sections'],
  ...['-DFINTEGER=int', '-I.'],
]

/** @param {string} command @param {string[]} args @param {string} [cwd] */
async function run(command, args, cwd = work) {
  const { stdout } = await exec(command, args, { cwd, maxBuffer: 1 << 28 })
  return stdout
}

/** The version of the installed headers, e.g. 1.7.3. */
async function wantedVersion() {
  // "libfaiss-dev:amd64<tab>1.7.3-2+b1"
  const line = await run('dpkg-query', ['--show', 'libfaiss-dev'], packageRoot)
  return line.trim().split('\t')[1]?.split('-')[0] ?? line
}

/** The first entry of Debian's own list of sources. */
function debianSource() {
  const text = readFileSync('/etc/apt/sources.list.d/debian.sources', 'utf8')
  const field = (/** @type {string} */ name) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(text)?.[1] ?? ''
  const signed = field('Signed-By')
  return `deb-src ${signed ? `[signed-by=${signed}] ` : ''}${field('URIs')} ${field('Suites')} main\n`
}

/** faiss's sources, fetched and verified by apt, with a configuration of its own: the system's stays as it is. */
async function sources() {
  const target = join(work, 'source')
  if (existsSync(target)) return target
  const apt = join(work, 'apt')
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'source']) mkdirSync(join(apt, folder), { recursive: true })
  writeFileSync(join(apt, 'sources.list'), debianSource())
  const options = [
    `Dir::Etc::sourcelist=${join(apt, 'sources.list')}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State=${join(apt, 'state')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${join(apt, 'cache')}`,
  ].flatMap((option) => ['-o', option])
  await run('apt-get', [...options, 'update'])
  await run('apt-get', [...options, 'source', '--download-only', 'faiss'], join(apt, 'source'))
  const description = readdirSync(join(apt, 'source')).find((name) => name.endsWith('.dsc'))
  const version = await wantedVersion()
  if (!description?.includes(version)) throw new Error(`The sources are ${description}, the installed headers are of faiss ${version}.`)
  await run('dpkg-source', ['--extract', join(apt, 'source', description), `${target}.part`])
  renameSync(`${target}.part`, target)
  return target
}

/** libfaiss.a for an instruction set; what was compiled before is not compiled again. @param {'plain' | 'avx2'} set @param {number} jobs */
async function library(set, jobs) {
  const source = await sources()
  const target = join(work, set)
  mkdirSync(target, { recursive: true })
  const files = /** @type {string[]} */ (readdirSync(join(source, 'faiss'), { recursive: true }))
    .map((name) => join('faiss', name))
    .filter((name) => name.endsWith('.cpp') && !/^faiss\/(gpu|python|cppcontrib)\//.test(name))
    .sort()
  const objects = files.map((name) => join(target, `${name.replaceAll('/', '_')}.o`))
  let next = 0
  const worker = async () => {
    while (next < files.length) {
      const i = next++
      const [file = '', object = ''] = [files[i], objects[i]]
      if (existsSync(object)) continue
      console.log(`${set} ${i + 1}/${files.length} ${file}`)
      await run('g++', [...COMMON, ...FLAGS[set], '-c', file, '-o', `${object}.part`], source)
      renameSync(`${object}.part`, object)
    }
  }
  await Promise.all(Array.from({ length: jobs }, worker))
  const archive = join(target, 'libfaiss.a')
  rmSync(archive, { force: true })
  await run('ar', ['rcs', archive, ...objects])
  return archive
}

/** The addon over a library, put where the loader looks. @param {string} archive @param {string} folder of the prebuilds */
async function addon(archive, folder) {
  const gyp = join(dirname(fileURLToPath(import.meta.resolve('node-gyp/package.json'))), 'bin', 'node-gyp.js')
  const headers = dirname(dirname(process.execPath))
  const known = existsSync(join(headers, 'include', 'node', 'node_api.h')) ? [`--nodedir=${headers}`] : []
  await run(process.execPath, [gyp, 'configure', '--directory', packageRoot, ...known, '--', `-Dfaiss_library=${archive}`], packageRoot)
  await run(process.execPath, [gyp, 'build', '--release', '--directory', packageRoot, ...known], packageRoot)
  const platform = join(folder, 'prebuilds', `${process.platform}-${process.arch}`)
  rmSync(platform, { recursive: true, force: true })
  mkdirSync(platform, { recursive: true })
  const built = join(packageRoot, 'build', 'Release', 'faiss_index.node')
  const target = join(platform, 'faiss_index.napi.glibc.node')
  copyFileSync(built, target)
  rmSync(built)
  await run('strip', ['--strip-unneeded', target], packageRoot)
  console.log(target)
}

const words = process.argv.slice(2)
const jobsAt = words.indexOf('--jobs')
const jobs = jobsAt >= 0 ? Math.max(1, Number(words[jobsAt + 1])) : 1
const sets = /** @type {('plain' | 'avx2')[]} */ (['plain', 'avx2']).filter((set) => words.includes(set) || !words.some((word) => word in FLAGS))
mkdirSync(work, { recursive: true })
for (const set of sets) {
  const archive = await library(set, jobs)
  await addon(archive, set === 'avx2' ? join(packageRoot, 'avx2') : packageRoot)
}
