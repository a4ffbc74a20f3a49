// The inner loop of resampling where there is no WebAssembly SIMD. The parts of a sum are those of native/convolution.cc, so both give equal numbers.

import type { Convolution } from './convolution.ts'

/** Arrays of JavaScript's own. */
export function plainConvolution(rows: number, taps: number, inputs: number, outputs: number): Convolution {
  const weights = new Float64Array(rows * taps)
  const input = new Float64Array(inputs)
  const output = new Float32Array(outputs)
  return {
    weights,
    input,
    output,
    run(up, down, phase, at, count) {
      const whole = Math.floor(down / up)
      const rest = down % up
      let row = phase
      let from = at
      for (let m = 0; m < count; m++) {
        output[m] = sum(weights, row * taps, input, from, taps)
        from += whole
        row += rest
        if (row >= up) {
          row -= up
          from++
        }
      }
    },
  }
}

/** Four parts that do not wait for each other. `count` is even. */
function sum(weights: Float64Array, row: number, input: Float64Array, at: number, count: number): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let i = 0
  for (; i + 3 < count; i += 4) {
    a += weights[row + i]! * input[at + i]!
    b += weights[row + i + 1]! * input[at + i + 1]!
    c += weights[row + i + 2]! * input[at + i + 2]!
    d += weights[row + i + 3]! * input[at + i + 3]!
  }
  if (i < count) {
    a += weights[row + i]! * input[at + i]!
    b += weights[row + i + 1]! * input[at + i + 1]!
  }
  return a + b + (c + d)
}
