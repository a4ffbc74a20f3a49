// The tests of the native parts under AddressSanitizer, UBSan or valgrind: every test file that uses one of them, package by package.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Row } from '../row.ts'
import { ROOT, runTests } from '../vitest.ts'

const PACKAGES = ['native-kit', 'flat-index', 'hnsw-index', 'faiss-index', 'annoy-index', 'lsh', 'audio-dsp']

export async function measure(): Promise<Row[]> {
  const rows: Row[] = []
  for (const name of PACKAGES) {
    const folder = join('packages', name, 'test')
    const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts') && /sanitize|valgrind/i.test(readFileSync(join(ROOT, folder, file), 'utf8')))
      .map((file) => join(folder, file))
    let passed = 0
    let failed = 0
    for (const long of [false, true]) {
      const chosen = files.filter((file) => file.endsWith('.long.test.ts') === long)
      if (chosen.length === 0) continue
      const counts = await runTests(chosen, long ? 'vitest.long.config.ts' : undefined)
      passed += counts.passed
      failed += counts.failed
    }
    rows.push({
      id: `sanitizers.${name}`,
      value: files.length === 0 ? 'no test' : `${passed} passed, ${failed} failed`,
      unit: '',
      target: 'all pass',
      ok: failed === 0 && passed > 0,
      how: `the test files of the native part that run under a sanitizer or valgrind: ${files.join(', ') || 'none'}`,
    })
  }
  return rows
}
