// A process that trains ITQ and is asked as the peers are.

import { readFileSync } from 'node:fs'
import { itq } from '@cbir/lsh'
import { type Commands, serve } from '../host.ts'
import { readRows } from './float-rows.ts'
import { oneBlock, trainingAddon } from './functor-training.ts'

let base = { data: new Float32Array(0), count: 0, dimensions: 1 } as ReturnType<typeof readRows>

const COMMANDS: Commands = {
  async base([file, dimensions]) {
    base = readRows(file!, Number(dimensions))
    return { rows: base.count }
  },
  /** The whole of `fit`, as its caller waits for it. */
  async fit([bits, iterations]) {
    const functor = await itq({ bits: Number(bits), iterations: Number(iterations), sample: base.count })
    const began = performance.now()
    await functor.fit([base])
    const ms = performance.now() - began
    await functor.dispose()
    return { ms }
  },
  /** The addon's training from a given start, with the losses. */
  async train([start, bits, iterations]) {
    const bytes = readFileSync(start!)
    const addon = trainingAddon()
    const given = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    const began = performance.now()
    const { losses } = await addon.trainItq({
      ...oneBlock(base.data, base.dimensions),
      bits: Number(bits),
      iterations: Number(iterations),
      start: given,
    })
    const ms = performance.now() - began
    let rises = 0
    for (let i = 1; i < losses.length; i++) if (losses[i]! > losses[i - 1]!) rises++
    return {
      ms,
      steps: losses.length - 1,
      rises,
      first: losses[0]!,
      loss: losses.at(-1)!,
      instructionSet: addon.instructionSet,
      threads: addon.threads,
    }
  },
}

await serve(COMMANDS)
