// Factory strings: faiss's way of naming an index, e.g. `OPQ16,IVF1024,PQ16`. Read and checked here, because faiss itself stops the process, or is
// silently wrong, for some of what it reads.

import { CbirError } from '@cbir/core'

/** How a vector is stored. */
export type Code =
  | { readonly kind: 'flat' }
  | { readonly kind: 'sq'; readonly type: 'SQ4' | 'SQ6' | 'SQ8' | 'SQfp16' }
  | { readonly kind: 'pq'; readonly parts: number; readonly bits: number }

/** What is done to vectors before they are stored. */
export interface Transform {
  readonly kind: 'OPQ' | 'PCA' | 'PCAR' | 'RR' | 'Pad'
  /** Of OPQ: the parts that its rotation is made for. */
  readonly parts: number
  /** Numbers of a vector behind it; 0 stands for as many as before. */
  readonly outputs: number
}

/** A factory string, taken apart. */
export interface Factory {
  /** Whether files of it have an IDMap around the index. In memory there is none: core names the rows. */
  readonly mapped: boolean
  readonly transforms: readonly Transform[]
  readonly kind: 'codes' | 'lsh' | 'hnsw' | 'ivf'
  readonly code: Code
  /** LSH behind a random rotation. */
  readonly rotated: boolean
  /** Links of a vector in a graph (on its lowest level twice as many). */
  readonly links: number
  /** Inverted lists. */
  readonly lists: number
  /** Links of a centroid where these are in a graph, else 0. */
  readonly centroidLinks: number
}

const SUPPORTED =
  'Flat, SQ4, SQ6, SQ8, SQfp16, PQ<parts>[x<bits>][np], LSH, LSHr, HNSW[<links>][,Flat|SQ…|PQ<parts>], IVF<lists>[_HNSW<links>],Flat|SQ…|PQ…; before it OPQ<parts>[_<dimensions>], PCA<dimensions>, PCAR<dimensions>, RR[<dimensions>] or Pad<dimensions>; around it IDMap'

function refuse(text: string, why: string): never {
  throw new CbirError('INVALID_CONFIG', `The factory string "${text}" ${why}. Supported: ${SUPPORTED}.`)
}

/**
 * Reads a factory string.
 * @throws CbirError INVALID_CONFIG
 * @example parseFactory('OPQ16,IVF1024,PQ16').lists // 1024
 */
export function parseFactory(text: string): Factory {
  const number = (digits: string | undefined, least: number, most: number, what: string, otherwise?: number): number => {
    if (digits === undefined || digits === '') return otherwise ?? refuse(text, `lacks ${what}`)
    const value = Number(digits)
    if (value < least || value > most) refuse(text, `has ${digits} for ${what}, which must be from ${least} to ${most}`)
    return value
  }
  const parts = text.split(',')
  const mapped = takeMap(text, parts)
  const transforms: Transform[] = []
  for (let made = transformOf(parts[0] ?? '', number); made && parts.length > 1; made = transformOf(parts[0] ?? '', number)) {
    transforms.push(made)
    parts.shift()
  }
  const [first = '', second, ...more] = parts
  if (more.length > 0) refuse(text, `has ${more.join(',')} at its end, which is not known`)
  const plain = { mapped, transforms, code: { kind: 'flat' }, rotated: false, links: 0, lists: 0, centroidLinks: 0 } as const
  const codeOf = (name: string, mostBits: number): Code => {
    if (name === 'Flat') return { kind: 'flat' }
    if (name === 'SQ4' || name === 'SQ6' || name === 'SQ8' || name === 'SQfp16') return { kind: 'sq', type: name }
    const pq = /^PQ(\d+)(?:x(\d+))?(?:np)?$/.exec(name)
    if (!pq) return refuse(text, `has "${name}" where a code is expected`)
    return { kind: 'pq', parts: number(pq[1], 1, 65536, 'the parts of PQ'), bits: number(pq[2], 1, mostBits, 'the bits of a part', 8) }
  }
  const hnsw = /^HNSW(\d*)(?:_(.+))?$/.exec(first)
  if (hnsw) {
    if (hnsw[2] !== undefined && second !== undefined) refuse(text, `has ${second} at its end, which is not known`)
    const code = codeOf(hnsw[2] ?? second ?? 'Flat', 8)
    if (code.kind === 'pq' && code.bits !== 8) refuse(text, 'has a PQ of other than 8 bits in a graph, which faiss does not have')
    return { ...plain, kind: 'hnsw', code, links: number(hnsw[1], 2, 1024, 'the links of HNSW', 32) }
  }
  const ivf = /^IVF(\d+)(?:_HNSW(\d*))?$/.exec(first)
  if (ivf) {
    if (second === undefined) refuse(text, 'lacks what the lists hold, e.g. ",Flat"')
    const lists = number(ivf[1], 1, 2 ** 24, 'the lists of IVF')
    const centroidLinks = ivf[2] === undefined ? 0 : number(ivf[2], 2, 1024, 'the links of HNSW', 32)
    return { ...plain, kind: 'ivf', code: codeOf(second, 8), lists, centroidLinks }
  }
  if (second !== undefined) refuse(text, `has ${second} behind ${first}, which is not known`)
  if (first === 'LSH' || first === 'LSHr') return { ...plain, kind: 'lsh', rotated: first === 'LSHr' }
  return { ...plain, kind: 'codes', code: codeOf(first, 12) }
}

/** Takes IDMap away from the front or the end. */
function takeMap(text: string, parts: string[]): boolean {
  const isMap = (part: string | undefined): boolean => part === 'IDMap' || part === 'IDMap2'
  const before = isMap(parts[0])
  if (before) parts.shift()
  const behind = isMap(parts.at(-1))
  if (behind) parts.pop()
  if ((before && behind) || parts.some(isMap)) refuse(text, 'has IDMap in it more than once')
  return before || behind
}

function transformOf(
  part: string,
  number: (digits: string | undefined, least: number, most: number, what: string, otherwise?: number) => number,
): Transform | undefined {
  const opq = /^OPQ(\d+)(?:_(\d+))?$/.exec(part)
  if (opq) return { kind: 'OPQ', parts: number(opq[1], 1, 65536, 'the parts of OPQ'), outputs: number(opq[2], 1, 65536, 'the dimensions of OPQ', 0) }
  const other = /^(PCAR?|RR|Pad)(\d*)$/.exec(part)
  if (!other) return undefined
  const kind = other[1] as 'PCA' | 'PCAR' | 'RR' | 'Pad'
  return { kind, parts: 0, outputs: number(other[2], 1, 65536, `the dimensions of ${kind}`, kind === 'RR' ? 0 : undefined) }
}

/**
 * What faiss is given. PQ comes with `np`: without it faiss reorders the centroids for a way of searching (polysemous codes) that is not used
 * here, which takes minutes and changes no answer.
 */
export function writeFactory(factory: Factory): string {
  const { code, kind } = factory
  const links = kind === 'hnsw'
  const codeText = code.kind === 'flat' ? 'Flat' : code.kind === 'sq' ? code.type : `PQ${code.parts}${links ? '' : `x${code.bits}`}np`
  const transforms = factory.transforms.map(({ kind: name, parts, outputs }) => {
    const size = outputs === 0 ? '' : String(outputs)
    return name === 'OPQ' ? `OPQ${parts}${size && `_${size}`}` : name + size
  })
  const centroids = factory.centroidLinks > 0 ? `_HNSW${factory.centroidLinks}` : ''
  const core =
    kind === 'lsh'
      ? `LSH${factory.rotated ? 'r' : ''}`
      : links
        ? `HNSW${factory.links},${codeText}`
        : kind === 'ivf'
          ? `IVF${factory.lists}${centroids},${codeText}`
          : codeText
  return [...transforms, core].join(',')
}

/** Whether faiss has the index in this metric, or why not. */
export function metricProblem(factory: Factory, metric: string): string | undefined {
  if (factory.kind === 'lsh' && metric !== 'cosine') {
    return 'LSH keeps signs alone, from which only angles can be told: use it with metric "cosine".'
  }
  if (factory.kind === 'hnsw' && factory.code.kind === 'pq' && metric !== 'euclidean') {
    return 'faiss has a graph over PQ for metric "euclidean" only.'
  }
  if (metric !== 'euclidean' && factory.transforms.some(({ kind }) => kind === 'PCA' || kind === 'PCAR')) {
    return `PCA moves the origin, which changes ${metric === 'cosine' ? 'angles' : 'inner products'}: use it with metric "euclidean", or OPQ or RR.`
  }
  return undefined
}

/** Dimensions of the vectors behind all transforms. @throws CbirError INVALID_CONFIG where the string does not fit vectors of these dimensions */
export function checkDimensions(factory: Factory, text: string, dimensions: number): number {
  const fail = (why: string): never => {
    throw new CbirError('INVALID_CONFIG', `The factory string "${text}" does not fit vectors of ${dimensions} dimensions: ${why}.`)
  }
  let now = dimensions
  for (const { kind, parts, outputs } of factory.transforms) {
    const next = outputs === 0 ? now : outputs
    if (kind === 'Pad' && next < now) fail(`Pad would leave ${next} of ${now}`)
    if (kind !== 'Pad' && next > now) fail(`${kind} cannot make ${next} from ${now}`)
    if (kind === 'OPQ' && next % parts !== 0) fail(`OPQ's ${next} dimensions must be a multiple of its ${parts} parts`)
    now = next
  }
  const { code } = factory
  if (code.kind === 'pq' && now % code.parts !== 0) fail(`the ${now} dimensions that PQ divides must be a multiple of its ${code.parts} parts`)
  return now
}

/** Clusters that the training forms at least: it needs as many rows. 0: there is nothing to train. */
export function leastTrainingRows(factory: Factory): number {
  const { code, transforms, lists } = factory
  const codes = code.kind === 'pq' ? 2 ** code.bits : code.kind === 'sq' ? 1 : 0
  const own = code.kind === 'pq' ? code : undefined
  const before = transforms.map(({ kind, parts, outputs }) => {
    if (kind === 'PCA' || kind === 'PCAR') return outputs
    if (kind === 'OPQ') return own?.parts === parts ? codes : 256
    return 0
  })
  return Math.max(codes, lists, 0, ...before)
}

/** Rows that faiss itself would use of more: 256 a cluster. */
export function mostTrainingRows(factory: Factory): number {
  return 256 * Math.max(256, leastTrainingRows(factory))
}

/** Whether two strings name the same kind of index over vectors of these dimensions. */
export function sameFactory(a: Factory, b: Factory, dimensions: number): boolean {
  return fullText(a, dimensions) === fullText(b, dimensions)
}

/** The string with every dimension written out; a rotation by OPQ or RR is a rotation in a file. */
function fullText(factory: Factory, dimensions: number): string {
  let now = dimensions
  const transforms = factory.transforms.map((transform) => {
    now = transform.outputs === 0 ? now : transform.outputs
    const kind = transform.kind === 'PCAR' ? 'PCA' : transform.kind === 'OPQ' ? 'RR' : transform.kind
    return { kind, parts: 0, outputs: now } as const
  })
  return writeFactory({ ...factory, transforms })
}
