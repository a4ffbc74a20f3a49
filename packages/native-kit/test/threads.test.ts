// An addon in several JavaScript threads at once, and threads and processes that end while it works.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { packageRoot } from './support/test-addon.ts'

const folder = fileURLToPath(packageRoot)
const program = (code: string): string => `
  const load = require('node:module').createRequire(${JSON.stringify(`${folder}/program.js`)})
  const addon = load(load('node-gyp-build').path(${JSON.stringify(folder)}))
  ${code}
`
const inWorker = (code: string): Worker => new Worker(program(code), { eval: true })

describe('worker threads', () => {
  test('four at once load it and work', async () => {
    const workers = Array.from({ length: 4 }, () =>
      inWorker(`
        const { parentPort } = require('node:worker_threads')
        const handle = addon.hold(new Float32Array(1000).fill(2), 1000)
        ;(async () => {
          let sum = 0
          for (let i = 0; i < 300; i++) sum += await addon.sum(handle, i % 2 === 0, undefined, 10)
          parentPort.postMessage(sum)
        })()
      `),
    )
    const sums = await Promise.all(
      workers.map(
        (worker) =>
          new Promise((resolve, reject) => {
            worker.once('message', resolve)
            worker.once('error', reject)
          }),
      ),
    )
    expect(sums).toEqual(Array(4).fill(600_000))
    await Promise.all(workers.map((worker) => worker.terminate()))
  })

  test('ten are terminated in the middle of their work, and the next one works', async () => {
    for (let i = 0; i < 10; i++) {
      const worker = inWorker(`
        const { parentPort } = require('node:worker_threads')
        const handle = addon.hold(new Float32Array(1000).fill(2), 1000)
        for (let i = 0; i < 20; i++) void addon.sum(handle, false, undefined, 1)
        void addon.sleep(2, 100000)
        void addon.steps(100000, 4, addon.createControl(() => {}))
        parentPort.postMessage('working')
      `)
      await new Promise((resolve) => worker.once('message', resolve))
      await new Promise((resolve) => setTimeout(resolve, i))
      await worker.terminate()
    }
    const { addon } = await import('./support/test-addon.ts')
    expect(await addon.sum(addon.hold(Float32Array.of(1, 2), 2), false, undefined, 1)).toBe(3)
  })
})

describe('processes', () => {
  const run = async (code: string): Promise<{ code: number; stdout: string; stderr: string }> => {
    try {
      return { code: 0, ...(await promisify(execFile)(process.execPath, ['--expose-gc', '-e', program(code)])) }
    } catch (error) {
      const { code, signal, stdout, stderr } = error as { code: number | null; signal: string; stdout: string; stderr: string }
      return { code: code ?? -1, stdout, stderr: `${signal} ${stderr}` }
    }
  }

  test('one that waits for nothing else lives until the work is home', async () => {
    const { code, stdout } = await run(`addon.steps(5, 8).then((done) => console.log('done', done))`)
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'done 5\n' })
  })

  test('an idle addon keeps no process alive', async () => {
    expect((await run(`addon.hold(new Float32Array(4), 4); addon.createControl(() => {})`)).code).toBe(0)
  })

  test('exit in the middle of the work is clean', async () => {
    const { code, stderr } = await run(`void addon.sleep(2, 100000); void addon.steps(100000, 4); setTimeout(() => process.exit(7), 20)`)
    expect({ code, stderr }).toEqual({ code: 7, stderr: expect.not.stringMatching(/SIG|core/) })
  })

  test('handles may be collected in any order, and at the end', async () => {
    const { code, stderr } = await run(`
      let kept = []
      for (let i = 0; i < 2000; i++) {
        const handle = addon.hold(new Float32Array(10), 10)
        if (i % 3 === 0) kept.push(handle)
        if (i % 5 === 0) addon.close(handle)
        if (i % 100 === 0) gc()
      }
      void addon.sum(kept.pop(), false, undefined, 1)
      kept = undefined
      gc()
    `)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})
