// Data elements behind a URL, against a server of this process.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataElementFromUri, urlDataElement, urlDataElementPlugin } from '../../src/node/index.ts'

const gif = Buffer.from('GIF89a and more')
let server: Server
let base: string
let requests: string[] = []
let closed = 0

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = request.url ?? ''
    requests.push(url)
    response.on('close', () => {
      if (!response.writableFinished) closed++
    })
    if (url === '/gif') response.setHeader('content-type', 'text/html; charset=x').end(gif)
    else if (url === '/odd') response.setHeader('content-type', 'model/x; v=1').end(Buffer.from([0, 1, 2, 3, 4, 5]))
    else if (url === '/moved') response.writeHead(302, { location: '/gif' }).end()
    else if (url === '/endless') {
      const more = (): void => {
        if (response.destroyed) return
        response.write(Buffer.alloc(50_000))
        setTimeout(more, 1)
      }
      more()
    } else if (url === '/slow') response.write('x')
    else if (url === '/cut') {
      response.setHeader('content-length', '100').write('x')
      setTimeout(() => response.destroy(), 10)
    } else if (url === '/flaky' && requests.filter((r) => r === url).length === 1) response.writeHead(503).end('later')
    else if (url === '/flaky') response.end('now')
    else if (url === '/gone') response.writeHead(410).end()
    else if (url === '/claims') response.setHeader('content-length', '1000000000000').write('x')
    else response.writeHead(404).end('no such thing')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe('urlDataElement', () => {
  it('downloads once, and believes the bytes before the server', async () => {
    requests = []
    const element = urlDataElement(`${base}/gif`)
    const [bytes, uuid, type] = await Promise.all([element.bytes(), element.uuid(), element.contentType()])
    expect(Buffer.from(bytes)).toEqual(gif)
    expect(uuid).toMatch(/^[0-9a-f]{40}$/)
    expect(type).toBe('image/gif')
    bytes.fill(0)
    const chunks: Uint8Array[] = []
    for await (const chunk of element.stream()) chunks.push(chunk)
    expect(Buffer.concat(chunks)).toEqual(gif)
    expect(requests).toEqual(['/gif'])
    expect(await urlDataElement(`${base}/odd`).contentType()).toBe('model/x')
    expect(await dataElementFromUri(`${base}/moved`).bytes()).toHaveLength(gif.length)
  })

  it('says what went wrong', async () => {
    await expect(urlDataElement(`${base}/nothing`).bytes()).rejects.toMatchObject({ code: 'NOT_FOUND', details: { status: 404 } })
    await expect(urlDataElement(`${base}/gone`).uuid()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(urlDataElement(`${base}/cut`).bytes()).rejects.toMatchObject({ code: 'IO_FAILED' })
    await expect(urlDataElement(`${base}/endless`, { maxBytes: 200_000 }).bytes()).rejects.toMatchObject({
      code: 'IO_FAILED',
      details: { maxBytes: 200_000 },
    })
    await expect(urlDataElement(`${base}/claims`).bytes()).rejects.toMatchObject({ code: 'IO_FAILED' })
    await expect(urlDataElement(`${base}/slow`, { timeoutMs: 50 }).bytes()).rejects.toMatchObject({
      code: 'IO_FAILED',
      message: expect.stringContaining('50 ms'),
    })
    await expect(urlDataElement('http://127.0.0.1:1/x').bytes()).rejects.toMatchObject({ code: 'IO_FAILED' })
    await expect(urlDataElement(`${base}/gif`).setBytes(new Uint8Array(1))).rejects.toMatchObject({ code: 'READ_ONLY' })
    for (const url of ['nonsense', 'ftp://a/b', 'http://me:secret@a/b', 'data:,x']) {
      expect(() => urlDataElement(url)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    }
    expect(() => urlDataElement('http://me:secret@a/b')).toThrow(expect.not.objectContaining({ message: expect.stringContaining('secret') }))
  })

  it('tries again after a failure', async () => {
    const element = urlDataElement(`${base}/flaky`)
    await expect(element.bytes()).rejects.toMatchObject({ code: 'IO_FAILED', details: { status: 503 } })
    expect(Buffer.from(await element.bytes()).toString()).toBe('now')
  })

  it('goes on for the others when one caller gives up, and stops when the last one does', async () => {
    const element = urlDataElement(`${base}/slow`)
    const first = new AbortController()
    const second = new AbortController()
    const one = element.bytes({ signal: first.signal })
    const two = element.bytes({ signal: second.signal })
    one.catch(() => undefined)
    two.catch(() => undefined)
    await expect.poll(() => requests.at(-1)).toBe('/slow')
    const before = closed
    first.abort('enough')
    await expect(one).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' })
    expect(closed).toBe(before)
    second.abort()
    await expect(two).rejects.toMatchObject({ code: 'ABORTED' })
    await expect.poll(() => closed).toBe(before + 1)
  })

  it('is a plugin', () => {
    const config = { url: 'https://example.org/a.png', maxBytes: 10, timeoutMs: 60_000 }
    expect(urlDataElementPlugin({ url: config.url, maxBytes: 10 }).toConfig()).toEqual({ type: 'url-data-element', package: '@cbir/core', config })
  })
})
