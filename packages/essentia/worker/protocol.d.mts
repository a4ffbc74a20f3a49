// What the thread that holds Essentia is asked and answers.

/** How samples become frames: frame t is centred at sample t · hopSize, zeros beyond the ends. */
export interface Framing {
  readonly frameSize: number
  readonly hopSize: number
  readonly windowType: string
}

/** An argument of an algorithm, in its place. */
export type Argument = number | boolean | string | readonly number[]

/** What an algorithm is given: see `AlgorithmInput` in the table of algorithms. */
export type Input = 'signal' | 'stereo' | 'envelope' | 'frame' | 'spectrum' | 'moments' | 'peaks' | 'harmonics'

/** One algorithm over a sound. */
export interface AlgorithmPlan {
  readonly kind: 'algorithm'
  readonly name: string
  readonly input: Input
  readonly parameters: readonly Argument[]
  readonly outputs: readonly string[]
  readonly framing: Framing
}

/** `mean` … `max` of the values; `dmean`, `dvar` of their differences' sizes, `dmean2`, `dvar2` of the sizes of the differences' differences. */
export type PoolStatistic = 'mean' | 'var' | 'median' | 'min' | 'max' | 'dmean' | 'dvar' | 'dmean2' | 'dvar2'

/** One descriptor in a vector: `offset` and `length` are in floats. */
export interface DescriptorField {
  /** Essentia's name of what is described, e.g. `lowlevel.mfcc`. */
  readonly descriptor: string
  /** The statistic; absent where there is one value for a sound. */
  readonly statistic?: PoolStatistic | undefined
  readonly offset: number
  readonly length: number
}

/** A descriptor of a sound, laid out by fields. */
export interface DescriptorPlan {
  readonly kind: 'music' | 'freesound'
  readonly fields: readonly DescriptorField[]
  readonly dimensions: number
}

export type Plan = AlgorithmPlan | DescriptorPlan

export interface Request {
  readonly plan: Plan
  readonly samples: Float32Array<ArrayBuffer>
  readonly sampleRate: number
}

/** Rows of features over columns of frames, row-major. */
export interface Rows {
  readonly data: Float32Array<ArrayBuffer>
  readonly rows: number
  readonly columns: number
}

/** `refused`: Essentia's own exception, `invalid`: what this package found in the sound, `broken`: the module cannot be used any more. */
export type Answer = { readonly value: Rows } | { readonly failure: 'refused' | 'invalid' | 'broken'; readonly message: string }

export type Reply = Answer & {
  /** The size of Essentia's memory in bytes. */
  readonly heap: number
  /** How often Essentia has refused since the thread began. */
  readonly refusals: number
}

/** Numbers that stand for one thing at one time: a value of Essentia's for a frame. */
export type Frame = ArrayLike<number>

/** What was found in a sound, by descriptor: frames of it, or one value in one frame. */
export type Pool = Map<string, readonly Frame[]>
