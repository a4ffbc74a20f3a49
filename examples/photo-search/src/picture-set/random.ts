// Random numbers that are the same on every machine: sfc32, started from a name (Chris Doty-Humphrey's PractRand; public domain).

export class Random {
  private readonly state = new Uint32Array(4)

  /** Equal names give equal numbers. */
  constructor(name: string) {
    const [a, b, c] = [1, 2, 3].map((salt) => hash(name, salt))
    this.state.set([a!, b!, c!, 1])
    for (let i = 0; i < 12; i++) this.next()
  }

  /** From 0 to below 1. */
  next(): number {
    const s = this.state
    const sum = (s[0]! + s[1]! + s[3]!) >>> 0
    s[3]! += 1
    s[0] = s[1]! ^ (s[1]! >>> 9)
    s[1] = s[2]! + (s[2]! << 3)
    s[2] = ((s[2]! << 21) | (s[2]! >>> 11)) + sum
    return sum / 2 ** 32
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** A whole number, both ends included. */
  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1))
  }

  pick<const T extends readonly [unknown, ...unknown[]]>(choices: T): T[number] {
    return choices[this.integer(0, choices.length - 1)]
  }
}

/** FNV-1a over the characters of a name. */
function hash(name: string, salt: number): number {
  let bits = Math.imul(0x811c9dc5, salt)
  for (let i = 0; i < name.length; i++) bits = Math.imul(bits ^ name.charCodeAt(i), 0x01000193)
  return bits >>> 0
}
