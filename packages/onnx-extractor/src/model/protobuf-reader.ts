// ProtobufReader: walks the wire format of protocol buffers inside a byte range, without a schema and without copying.
// Every size is checked against the range before it is used, so damaged bytes end in INVALID_MODEL and never in a huge allocation.
// Wire format: protobuf.dev/programming-guides/encoding

import { CbirError } from '@cbir/core'

/** How a field is written. Groups (3 and 4) are obsolete and do not occur in ONNX. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

const MAX_VARINT_BYTES = 10
const TWO_63 = 2 ** 63
const TWO_64 = 2 ** 64

export function damagedModel(what: string): CbirError {
  return new CbirError(
    'INVALID_MODEL',
    `The bytes are not a whole ONNX model: ${what}. Was the download cut, or is it another kind of file? Export or fetch the model again.`,
  )
}

/** Steps over the fields of one message: `while (reader.next()) { reader.field …; reader.varint() | reader.message() | … }`. */
export class ProtobufReader {
  /** Number and wire type of the current field. */
  field = 0
  wire = 0
  private readonly bytes: Uint8Array
  private readonly end: number
  private at: number
  private valueAt = 0
  private valueLength = 0
  private value = 0

  constructor(bytes: Uint8Array, from = 0, to: number = bytes.length) {
    this.bytes = bytes
    this.at = from
    this.end = to
  }

  /** Reads the next field, value included; false at the end of the message. @throws CbirError INVALID_MODEL */
  next(): boolean {
    if (this.at === this.end) return false
    const tag = this.readVarint()
    this.field = Math.floor(tag / 8)
    this.wire = tag % 8
    if (this.field < 1 || this.field > 0x1fffffff) throw damagedModel(`a field at byte ${this.at} has number ${this.field}`)
    if (this.wire === WIRE.varint) this.value = this.readVarint()
    else if (this.wire === WIRE.bytes) this.take(this.readVarint())
    else if (this.wire === WIRE.fixed64) this.take(8)
    else if (this.wire === WIRE.fixed32) this.take(4)
    else throw damagedModel(`a field at byte ${this.at} has the unknown wire type ${this.wire}`)
    return true
  }

  /** The current field as a signed 64-bit integer: exact up to 2^53, and beyond it at least of the right sign. */
  int(): number {
    this.expect(WIRE.varint)
    return this.value >= TWO_63 ? Math.min(-1, this.value - TWO_64) : this.value
  }

  /** The current field as text. */
  text(): string {
    this.expect(WIRE.bytes)
    // Buffer and not TextDecoder: the bytes may lie in shared memory, which TextDecoder refuses.
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.valueAt, this.valueLength).toString('utf8')
  }

  /** A reader of the message in the current field. */
  message(): ProtobufReader {
    this.expect(WIRE.bytes)
    return new ProtobufReader(this.bytes, this.valueAt, this.valueAt + this.valueLength)
  }

  private expect(wire: number): void {
    if (this.wire !== wire) throw damagedModel(`field ${this.field} at byte ${this.at} has wire type ${this.wire} instead of ${wire}`)
  }

  private take(length: number): void {
    if (length > this.end - this.at) throw damagedModel(`a field of ${length} bytes at byte ${this.at} goes beyond its end`)
    this.valueAt = this.at
    this.valueLength = length
    this.at += length
  }

  private readVarint(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      if (this.at >= this.end) throw damagedModel(`a number at byte ${this.at} is cut off`)
      const byte = this.bytes[this.at++]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
    throw damagedModel(`a number at byte ${this.at} is longer than ${MAX_VARINT_BYTES} bytes`)
  }
}
