// Whether a value fits a parameter. Essentia checks too, but only when a sound is there, and what it refuses costs it memory for ever.

import type { Argument } from '../../worker/protocol.d.mts'
import type { ParameterDescription } from './algorithm-description.ts'

/** What the value should be, in words; undefined where it is that. */
export function parameterFault(parameter: ParameterDescription, value: Argument): string | undefined {
  const { default: usual, integer, range, choices } = parameter
  const wanted = kindOf(usual)
  if (wanted !== kindOf(value)) return wanted
  if (choices && !choices.includes(value as string)) return `one of ${choices.join(', ')}`
  if (typeof value !== 'number') return undefined
  // Integers have 32 bits in Essentia, other numbers single precision.
  if (integer && (value | 0) !== value) return 'an integer'
  return isWithin(Math.fround(value), range ?? '(-inf,inf)') ? undefined : `in the range ${range}`
}

function isWithin(value: number, range: string): boolean {
  const [low, high] = range.slice(1, -1).split(',').map(limit) as [number, number]
  return (range.startsWith('[') ? value >= low : value > low) && (range.endsWith(']') ? value <= high : value < high)
}

function limit(text: string): number {
  return Math.fround(Number(text.replace('inf', 'Infinity')))
}

function kindOf(value: Argument): string {
  return Array.isArray(value) ? 'an array of numbers' : `a ${typeof value}`
}
