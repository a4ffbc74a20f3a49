// The weighted sums of resampling: what computes them, and the memory it works in.

/** Weights, input and output of one change of rate. The arrays may be written to and read between two runs. */
export interface Convolution {
  /** Rows of weights. */
  readonly weights: Float64Array
  readonly input: Float64Array
  readonly output: Float32Array
  /**
   * `count` outputs of a change of rate by `up / down`, the first of phase `phase`, whose input begins at `at`. Row p of the weights is that of phase p.
   */
  run(up: number, down: number, phase: number, at: number, count: number): void
}

/** Makes memory for rows of `taps` weights (an even number), inputs and outputs. */
export type MakeConvolution = (rows: number, taps: number, inputs: number, outputs: number) => Convolution
