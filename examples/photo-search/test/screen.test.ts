import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { terminalScreen } from '../src/screen.ts'

function record(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let written = ''
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120, cursorTo() {}, clearLine() {}, moveCursor() {} })
  stream.on('data', (chunk) => (written += String(chunk)))
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => written }
}

const count = async (onProgress: (progress: { done: number }) => void): Promise<string> => {
  for (let done = 1; done <= 5; done++) onProgress({ done })
  return 'finished'
}

test('without a terminal there are plain lines', async () => {
  const { stream, text } = record(false)
  const screen = terminalScreen(stream)
  screen.line('hello')
  expect(await screen.step('Counting', count, 5)).toBe('finished')
  expect(text()).toBe('hello\nCounting: 5 of 5\n')
})

test('on a terminal there is a bar, which also ends when the work fails', async () => {
  const { stream, text } = record(true)
  const screen = terminalScreen(stream)
  expect(await screen.step('Counting', count, 5)).toBe('finished')
  expect(text()).toMatch(/Counting.*5 of 5/)
  const failing = screen.step('Failing', () => Promise.reject(new Error('broken')), 5)
  await expect(failing).rejects.toThrow('broken')
  expect(text().endsWith('\n')).toBe(true)
})
