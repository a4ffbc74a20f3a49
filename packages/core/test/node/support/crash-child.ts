// A process that writes until it is killed: `node crash-child.mjs <container | set> <directory>`. It goes on from what it finds, and says on
// standard output what it is about to write (`begin n`) and what is written (`done n`), at once, so that the last line is true when it dies.

import { writeSync } from 'node:fs'
import { directoryContainer, openFileDescriptorSet } from '../../../src/node/index.ts'
import { batchOf, changeOf, contentOf, FILES, headerOf } from './crash-content.ts'

const [mode, directory] = process.argv.slice(2) as [string, string]

async function step(n: number, work: () => Promise<unknown>): Promise<void> {
  writeSync(1, `begin ${n}\n`)
  await work()
  writeSync(1, `done ${n}\n`)
}

async function writeContainers(): Promise<void> {
  const opened = await directoryContainer.open(directory)
  const last = Number(opened?.header['n'] ?? 0)
  await opened?.close()
  for (let n = last + 1; ; n++) {
    await step(n, () =>
      directoryContainer.write(directory, headerOf(n), async (writer) => {
        for (const name of FILES) await writer.write(name, [contentOf(n, name)])
      }),
    )
  }
}

async function changeSet(): Promise<void> {
  const set = await openFileDescriptorSet({ directory })
  const last = (await set.hasMany(['n']))[0] ? (await set.getAttributes(['n']))[0]!['n'] : 0
  for (let n = Number(last) + 1; ; n++) {
    const change = changeOf(n)
    // A batch ends with the row that says its number; compaction and removal change nothing that is compared.
    if (change === 'compact') await set.compact()
    await step(n, () => set.addMany([batchOf(n)]))
  }
}

await (mode === 'container' ? writeContainers() : changeSet())
