import { expect, test } from 'vitest'
import { resultPage } from '../src/result-page.ts'

const image = 'data:image/jpeg;base64,AAAA'

test('shows query, neighbours, distances and facts, and fetches nothing', () => {
  const html = resultPage({
    facts: ['3 pictures in photos'],
    query: { id: 'a.jpg', image },
    matches: [
      { id: 'b.jpg', distance: 0.25, image },
      { id: 'c.jpg', distance: 0.5, image },
    ],
  })
  for (const part of ['a.jpg', 'b.jpg', 'c.jpg', 'distance 0.2500', 'distance 0.5000', 'width:50%', 'width:100%', '3 pictures in photos']) {
    expect(html).toContain(part)
  }
  expect(html).not.toMatch(/<script|https?:|url\(/)
})

test('escapes every text', () => {
  const evil = `<script>alert("1")</script>&'`
  const html = resultPage({ facts: [evil], query: { id: evil, image: `"${evil}` }, matches: [{ id: evil, distance: 0, image: evil }] })
  expect(html).not.toContain('<script>')
  expect(html).not.toContain('alert("1")')
  expect(html.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;')).toHaveLength(7)
})

test('has a page for a picture that has no neighbours', () => {
  expect(resultPage({ facts: [], query: { id: 'alone.jpg', image }, matches: [] })).toContain('alone.jpg')
})
