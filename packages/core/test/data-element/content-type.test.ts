// Content types from bytes and names, and data: URLs.

import { describe, expect, it } from 'vitest'
import { contentTypeOf, contentTypeOfName, SNIFF_BYTES, sniffContentType } from '../../src/index.ts'
import { dataUrlElement, parseDataUrl } from '../../src/memory.ts'

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))
const ogg = (packet: string): string => `OggS\0\x02${'\0'.repeat(20)}\x01\x1e${packet}`
const bmp = `BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0`

describe('sniffContentType', () => {
  it.each([
    ['image/jpeg', '\xff\xd8\xff\xe0\0\x10JFIF'],
    ['image/png', '\x89PNG\r\n\x1a\n\0\0'],
    ['image/gif', 'GIF89a\x01'],
    ['image/gif', 'GIF87a\x01'],
    ['image/webp', 'RIFF\x24\0\0\0WEBPVP8 '],
    ['audio/wav', 'RIFF\x24\0\0\0WAVEfmt '],
    ['audio/wav', 'RF64\xff\xff\xff\xffWAVEds64'],
    ['image/tiff', 'II*\0\x08\0\0\0'],
    ['image/tiff', 'MM\0*\0\0\0\x08'],
    ['image/bmp', bmp],
    ['image/heic', '\0\0\0\x18ftypheic\0\0\0\0'],
    ['image/heif', '\0\0\0\x18ftypmif1\0\0\0\0'],
    ['image/avif', '\0\0\0\x1cftypavif\0\0\0\0'],
    ['audio/mp4', '\0\0\0\x20ftypM4A \0\0\0\0'],
    ['video/mp4', '\0\0\0\x20ftypisom\0\0\x02\0'],
    ['video/quicktime', '\0\0\0\x14ftypqt  \0\0\0\0'],
    ['application/pdf', '%PDF-1.7\n'],
    ['audio/mpeg', 'ID3\x04\0\0\0'],
    ['audio/mpeg', '\xff\xfb\x90\x64\0'],
    ['audio/mpeg', '\xff\xf3\x44\xc4\0'],
    ['audio/aac', '\xff\xf1\x50\x80\0'],
    ['audio/flac', 'fLaC\0\0\0\x22'],
    ['audio/ogg', ogg('OpusHead\x01')],
    ['audio/ogg', ogg('\x01vorbis\0')],
    ['video/ogg', ogg('\x80theora\x03')],
    ['application/ogg', ogg('fishead')],
    ['video/webm', '\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm'],
    ['video/x-matroska', '\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska'],
    ['application/zip', 'PK\x03\x04\x14\0'],
    ['application/gzip', '\x1f\x8b\x08\0'],
    ['application/x-npy', '\x93NUMPY\x01\0'],
    ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg">'],
    ['image/svg+xml', '\ufeff<?xml version="1.0"?>\n<!-- a --><!DOCTYPE svg PUBLIC "x">\n<svg width="1">'.replace('\ufeff', '\xef\xbb\xbf')],
    ['text/html', '<!DOCTYPE html><html>'],
    ['application/xml', '<?xml version="1.0"?><feed/>'],
    ['application/json', ' {"a": [1, 2]}'],
    ['text/plain', '{ not json'],
    ['text/plain', 'A line.\nAnother.'],
    ['text/plain', 'gr\xc3\xbc\xc3\x9fe'],
  ])('%s', (type, text) => {
    expect(sniffContentType(bytes(text))).toBe(type)
  })

  it.each([
    ['nothing', ''],
    ['control characters', 'abc\0def'],
    ['bytes that are not UTF-8', 'gr\xfc\xdfe'],
    ['text in UTF-16', '\xff\xfeh\0i\0'],
    ['an unknown RIFF', 'RIFF\x24\0\0\0ABCD'],
    ['a frame of a sort that does not exist', '\xff\xea\xf0\x64'],
  ])('does not know %s', (_, text) => {
    expect(sniffContentType(bytes(text))).toBeUndefined()
  })

  it('takes a beginning for the whole: a character cut at its end is no fault', () => {
    const long = new TextEncoder().encode('ü'.repeat(SNIFF_BYTES))
    expect(sniffContentType(long.subarray(0, SNIFF_BYTES - 1))).toBe('text/plain')
    expect(sniffContentType(long)).toBe('text/plain')
  })

  it('calls "BM" at the beginning of a text text', () => {
    expect(sniffContentType(bytes('BMW is a maker of cars, mostly.'))).toBe('text/plain')
  })

  it('lets the name say more where it fits, and only there', () => {
    expect(contentTypeOfName('/a/b.c/Photo.JPG')).toBe('image/jpeg')
    expect(contentTypeOfName('/a.jpg/b')).toBeUndefined()
    expect(contentTypeOfName('model.onnx')).toBe('application/onnx')
    expect(contentTypeOfName('x.constructor')).toBeUndefined()
    expect(contentTypeOf('text/plain', 'table.csv')).toBe('text/csv')
    expect(contentTypeOf('application/zip', 'arrays.npz')).toBe('application/x-npz')
    expect(contentTypeOf('video/mp4', 'song.m4a')).toBe('audio/mp4')
    expect(contentTypeOf('text/plain', 'photo.jpg')).toBe('text/plain')
    expect(contentTypeOf('image/png', 'photo.jpg')).toBe('image/png')
    expect(contentTypeOf(undefined, 'model.onnx')).toBe('application/onnx')
  })
})

describe('data: URLs', () => {
  it('are read in base64 and percent-encoded', async () => {
    expect(parseDataUrl('data:image/PNG;base64,AAEC')).toEqual({ bytes: Uint8Array.of(0, 1, 2), contentType: 'image/png' })
    expect(parseDataUrl('data:;charset=utf-8;base64,AA%3D%3D')).toEqual({ bytes: Uint8Array.of(0), contentType: 'text/plain' })
    expect(parseDataUrl('data:text/html,a%20%C3%BCb%00').bytes).toEqual(bytes('a \xc3\xbcb\0'))
    expect(new TextDecoder().decode(parseDataUrl('DATA:,grüße, ja').bytes)).toBe('grüße, ja')
    const element = dataUrlElement('data:application/octet-stream;base64,R0lGODlhAQ==')
    expect(await element.contentType()).toBe('image/gif')
    expect(element.writable).toBe(false)
    expect(await element.bytes()).toEqual(bytes('GIF89a\x01'))
  })

  it.each(['data:no comma', 'http://x', 'data:;base64,§§', 'data:,100%', 'data:,%zz', 'data:,%+1'])('%s is refused', (url) => {
    expect(() => parseDataUrl(url)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
