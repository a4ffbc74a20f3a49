// The complex roots of unity exp(-2πi k / N), as products of two out of two short tables.

export class RootsOfUnity {
  /** Real and imaginary part of the root that was asked for last. */
  readonly value: [number, number] = [1, 0]
  private readonly fineCos: Float64Array
  private readonly fineSin: Float64Array
  private readonly coarseCos: Float64Array
  private readonly coarseSin: Float64Array
  private readonly bits: number

  constructor(length: number) {
    this.bits = Math.ceil(Math.log2(length) / 2)
    const fine = 2 ** this.bits
    const coarse = Math.floor(length / fine) + 1
    const angle = (k: number): number => (-2 * Math.PI * k) / length
    this.fineCos = Float64Array.from({ length: fine }, (_, k) => Math.cos(angle(k)))
    this.fineSin = Float64Array.from({ length: fine }, (_, k) => Math.sin(angle(k)))
    this.coarseCos = Float64Array.from({ length: coarse }, (_, k) => Math.cos(angle(k * fine)))
    this.coarseSin = Float64Array.from({ length: coarse }, (_, k) => Math.sin(angle(k * fine)))
  }

  /** Sets `value` to root k, from 0 to N. */
  turn(k: number): void {
    const high = k >>> this.bits
    const low = k & ((1 << this.bits) - 1)
    const c = this.coarseCos[high]!
    const s = this.coarseSin[high]!
    const fc = this.fineCos[low]!
    const fs = this.fineSin[low]!
    this.value[0] = c * fc - s * fs
    this.value[1] = c * fs + s * fc
  }
}
