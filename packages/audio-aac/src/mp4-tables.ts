// The index of an MP4 file (ISO/IEC 14496-12): which track is sound, where its samples lie, and which part of it is to be heard.

import { u16, u32 } from '@cbir/audio-decode'

/** A box: its name, and where its body lies. */
interface Box {
  readonly name: string
  readonly from: number
  readonly to: number
}

export interface AudioTrack {
  /** `aac`, `alac`, or the name of what is not decoded here. */
  readonly codec: string
  /** The AudioSpecificConfig, or Apple Lossless' cookie. */
  readonly config: Uint8Array | undefined
  /** Access units. */
  readonly units: number
  /** Bytes of unit i. */
  size(unit: number): number
  /** Places of all units in the file, in order. */
  places(): Generator<{ readonly unit: number; readonly at: number; readonly bytes: number }, void, undefined>
  /** Units of time in a second. */
  readonly timescale: number
  /** Length of all units, in the timescale. */
  readonly length: number
  /** The part that is to be heard, in the timescale; `undefined` where no edit list says it, or several edits do. */
  readonly edit: { readonly start: number; readonly length: number | undefined } | undefined
}

const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'edts'])

/** The first track of sound in the body of a `moov` box; `undefined` where there is none. */
export function audioTrack(moov: Uint8Array): AudioTrack | undefined {
  let movieScale = 0
  for (const { name, from, to } of boxes(moov, 0, moov.length)) if (name === 'mvhd') movieScale = timescale(moov.subarray(from, to))
  for (const { name, from, to } of boxes(moov, 0, moov.length)) {
    if (name !== 'trak') continue
    const track = trackOf(tables(moov, from, to), movieScale)
    if (track) return track
  }
  return undefined
}

/** Boxes side by side; one that is cut off ends them. */
function* boxes(bytes: Uint8Array, from: number, to: number): Generator<Box, void, undefined> {
  for (let at = from; at + 8 <= to; ) {
    const short = u32(bytes, at)
    const head = short === 1 ? 16 : 8
    if (at + head > to) return
    const size = short === 0 ? to - at : short === 1 ? u32(bytes, at + 8) * 2 ** 32 + u32(bytes, at + 12) : short
    if (size < head || at + size > to) return
    yield { name: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), from: at + head, to: at + size }
    at += size
  }
}

/** The bodies of all boxes of a track, by name. */
function tables(bytes: Uint8Array, from: number, to: number): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  const open = [{ from, to }]
  for (let part = open.pop(); part; part = open.pop()) {
    for (const box of boxes(bytes, part.from, part.to)) {
      if (CONTAINERS.has(box.name)) open.push(box)
      else if (!found.has(box.name)) found.set(box.name, bytes.subarray(box.from, box.to))
    }
  }
  return found
}

/** `mvhd` and `mdhd` begin alike. */
function timescale(body: Uint8Array): number {
  const at = body[0] === 1 ? 20 : 12
  return body.length >= at + 4 ? u32(body, at) : 0
}

function trackOf(found: Map<string, Uint8Array>, movieScale: number): AudioTrack | undefined {
  const entry = found.get('stsd')
  const media = found.get('mdhd')
  const handler = found.get('hdlr')
  if (!entry || !media || entry.length < 16) return undefined
  if (handler && handler.length >= 12 && String.fromCharCode(...handler.subarray(8, 12)) !== 'soun') return undefined
  const scale = timescale(media)
  const described = soundEntry(entry)
  const stts = table(found.get('stts'), 8, 8)
  const length = stts ? sum(stts.count, (i) => u32(stts.body, 8 + 8 * i) * u32(stts.body, 12 + 8 * i)) : 0
  const sizes = unitSizes(found.get('stsz'))
  return {
    ...described,
    units: sizes?.count ?? 0,
    size: (unit) => sizes!.size(unit),
    places: () => unitPlaces(found, sizes),
    timescale: scale,
    length,
    edit: scale > 0 ? editOf(found.get('elst'), scale, movieScale, length) : undefined,
  }
}

/** Codec and configuration from the first entry of `stsd`; QuickTime's versions 1 and 2 have more before their boxes. */
function soundEntry(stsd: Uint8Array): { codec: string; config: Uint8Array | undefined } {
  const end = Math.min(stsd.length, 8 + u32(stsd, 8))
  const name = String.fromCharCode(...stsd.subarray(12, 16))
  if ((name !== 'mp4a' && name !== 'alac') || end < 8 + 36) return { codec: name, config: undefined }
  const version = u16(stsd, 24)
  const head = version === 1 ? 52 : version === 2 ? u32(stsd, 8 + 36) : 36
  const open = [{ from: 8 + head, to: end }]
  for (let part = open.pop(); part; part = open.pop()) {
    for (const box of boxes(stsd, part.from, part.to)) {
      const body = stsd.subarray(box.from, box.to)
      if (box.name === 'wave') open.push(box)
      else if (box.name === 'alac' && name === 'alac' && body.length >= 28) return { codec: 'alac', config: body.slice(4) }
      else if (box.name === 'esds' && name === 'mp4a') return elementaryStream(body)
    }
  }
  return { codec: name === 'mp4a' ? 'aac' : name, config: undefined }
}

/** The descriptors of `esds` (ISO/IEC 14496-1): the kind of the stream, and its AudioSpecificConfig. */
function elementaryStream(body: Uint8Array): { codec: string; config: Uint8Array | undefined } {
  let codec = 'aac'
  for (let at = 4; at + 2 <= body.length; ) {
    const tag = body[at++]!
    let size = 0
    for (let more = true; more && at < body.length; at++) {
      size = (size << 7) | (body[at]! & 0x7f)
      more = (body[at]! & 0x80) !== 0
    }
    if (tag === 3) at += 3
    else if (tag === 4) {
      const kind = body[at] ?? 0
      if (kind !== 0x40 && (kind < 0x66 || kind > 0x68)) codec = `MPEG-4 object type 0x${kind.toString(16)}`
      at += 13
    } else if (tag === 5) return { codec, config: body.slice(at, at + size) }
    else at += size
  }
  return { codec, config: undefined }
}

interface Table {
  readonly body: Uint8Array
  readonly count: number
}

/** A table of so many rows as its box has room for. */
function table(body: Uint8Array | undefined, head: number, row: number): Table | undefined {
  if (!body || body.length < head) return undefined
  return { body, count: Math.min(u32(body, head - 4), Math.floor((body.length - head) / row)) }
}

function sum(count: number, value: (i: number) => number): number {
  let all = 0
  for (let i = 0; i < count; i++) all += value(i)
  return all
}

interface Sizes {
  readonly count: number
  size(unit: number): number
}

function unitSizes(stsz: Uint8Array | undefined): Sizes | undefined {
  if (!stsz || stsz.length < 12) return undefined
  const one = u32(stsz, 4)
  if (one > 0) return { count: u32(stsz, 8), size: () => one }
  return { count: table(stsz, 12, 4)!.count, size: (unit) => u32(stsz, 12 + 4 * unit) }
}

function* unitPlaces(
  found: Map<string, Uint8Array>,
  sizes: Sizes | undefined,
): Generator<{ unit: number; at: number; bytes: number }, void, undefined> {
  const long = found.get('co64')
  const chunks = long ? table(long, 8, 8) : table(found.get('stco'), 8, 4)
  const runs = table(found.get('stsc'), 8, 12)
  if (!chunks || !runs || !sizes) return
  let unit = 0
  let run = 0
  for (let chunk = 0; chunk < chunks.count && unit < sizes.count; chunk++) {
    while (run + 1 < runs.count && u32(runs.body, 8 + 12 * (run + 1)) <= chunk + 1) run++
    const inChunk = u32(runs.body, 12 + 12 * run)
    let at = long ? u32(long, 8 + 8 * chunk) * 2 ** 32 + u32(long, 12 + 8 * chunk) : u32(chunks.body, 8 + 4 * chunk)
    for (let i = 0; i < inChunk && unit < sizes.count; i++, unit++) {
      const bytes = sizes.size(unit)
      yield { unit, at, bytes }
      at += bytes
    }
  }
}

/** The one edit that shows media. Its length counts in the movie's time scale, which is coarse: one tick more is taken. */
function editOf(elst: Uint8Array | undefined, scale: number, movieScale: number, length: number): AudioTrack['edit'] {
  const wide = elst?.[0] === 1
  const edits = table(elst, 8, wide ? 20 : 12)
  if (!edits) return undefined
  const shown: { start: number; length: number | undefined }[] = []
  for (let i = 0; i < edits.count; i++) {
    const at = 8 + i * (wide ? 20 : 12)
    const view = new DataView(edits.body.buffer, edits.body.byteOffset + at)
    const lasts = wide ? Number(view.getBigUint64(0)) : view.getUint32(0)
    const start = wide ? Number(view.getBigInt64(8)) : view.getInt32(4)
    if (start < 0) continue
    const rest = length > start ? length - start : undefined
    const most = lasts > 0 && movieScale > 0 ? ((lasts + (movieScale < scale ? 1 : 0)) / movieScale) * scale : undefined
    shown.push({ start, length: rest === undefined ? most : most === undefined ? rest : Math.min(rest, most) })
  }
  return shown.length === 1 ? shown[0] : undefined
}
