// Runs one measure in this process and prints its rows on one line, for run.mjs.

import { pathToFileURL } from 'node:url'
import type { Measure } from './row.ts'

const { measure } = (await import(pathToFileURL(process.argv[2]!).href)) as { measure: Measure }
const rows = await measure()
console.log(`@@rows ${JSON.stringify(rows)}`)
process.exit(0)
