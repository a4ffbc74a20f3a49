// ITQ's training beside the same iterations in NumPy, one thread each, from the same first rotation.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alternate, medianRatio, ratio } from '../alternate.ts'
import { Peer } from '../peer.ts'
import { pythonPeer } from '../python-peer.ts'
import { atLeast, type Row, shown } from '../row.ts'
import { clustered, DIMENSIONS } from './clusters.ts'

const BITS = 64
const ITERATIONS = 50
const TARGET = 1.8
/** What two losses may differ by, as a share: signs of numbers at float32's rounding fall differently. */
const AGREE = 1e-3

export async function measure(): Promise<Row[]> {
  const { name, files } = await clustered()
  const folder = await mkdtemp(join(tmpdir(), 'cbir-itq-'))
  const numpy = pythonPeer('NumPy', 'itq_peer.py')
  const hosts = [1, 2].map(
    (threads) => new Peer('ours', process.execPath, [join(import.meta.dirname, 'itq-training-host.js')], { CBIR_THREADS: String(threads) }),
  )
  const [host, both] = hosts as [Peer, Peer]
  try {
    const start = join(folder, 'start.f64')
    await writeFile(start, new Uint8Array(Float64Array.from({ length: BITS * BITS }, (_, i) => Math.cos(1.7 * i * i + i)).buffer))
    const { numpy: version, config, blas } = await numpy.ask('version')
    for (const peer of [numpy, ...hosts]) await peer.ask('base', files.base, DIMENSIONS)
    const projecting = await numpy.time('project', BITS)
    const { steps, rises, loss, instructionSet } = await host.ask('train', start, BITS, ITERATIONS)
    const { loss: theirs } = await numpy.ask('iterate', start, BITS, ITERATIONS)
    const times = await alternate(
      {
        all: () => host.time('train', start, BITS, ITERATIONS),
        before: () => host.time('train', start, BITS, 0),
        numpy: () => numpy.time('iterate', start, BITS, ITERATIONS),
        inPlace: () => numpy.time('iterate_in_place', start, BITS, ITERATIONS),
        fit: () => host.time('fit', BITS, ITERATIONS),
        both: () => both.time('fit', BITS, ITERATIONS),
      },
      { rounds: 5 },
    )
    // Ours less what comes before the first iteration: moments, principal components and one pass for the first loss.
    const ours = { best: times.all.best - times.before.best, rounds: times.all.rounds.map((ms, i) => ms - times.before.rounds[i]!) }
    const how =
      `${name}, ${BITS} bits, ${ITERATIONS} iterations, one thread each, ${instructionSet}: ours ${ours.best.toFixed(0)} ms, ` +
      `NumPy ${version} ${times.numpy.best.toFixed(0)} ms; best of 5, ${medianRatio(times.numpy, ours)}`
    return [
      atLeast('lsh.itq.iterations', ratio(times.numpy, ours), TARGET, "× NumPy's speed", how),
      shown(
        'lsh.itq.iterations.in-place',
        ratio(times.inPlace, ours),
        "× NumPy's speed",
        `NumPy with one buffer, copysign in place: ${times.inPlace.best.toFixed(0)} ms; ${medianRatio(times.inPlace, ours)}`,
      ),
      {
        id: 'lsh.itq.steps',
        value: Number(steps),
        unit: 'iterations',
        target: `${ITERATIONS}`,
        ok: steps === ITERATIONS,
        how: 'done by ours: none was spared',
      },
      { id: 'lsh.itq.rises', value: Number(rises), unit: 'steps', target: '0', ok: rises === 0, how: 'in which the loss rose' },
      {
        id: 'lsh.itq.loss',
        value: Number(loss),
        unit: '‖B − V·R‖²',
        target: `NumPy's within ${AGREE}`,
        ok: Math.abs(Number(loss) / Number(theirs) - 1) < AGREE,
        how: `after ${ITERATIONS} iterations from the same rotation; NumPy ${theirs}`,
      },
      shown(
        'lsh.itq.fit',
        times.fit.best,
        'ms',
        `the whole fit, awaited, one thread; NumPy: ${(projecting + times.numpy.best).toFixed(0)} ms with its own principal components`,
      ),
      shown('lsh.itq.fit.2-threads', times.both.best, 'ms', 'the whole fit, awaited, two threads'),
      shown('lsh.itq.numpy', String(version), 'NumPy', `loaded: ${blas}; ${String(config).replaceAll(/\s+/g, ' ')}`),
    ]
  } finally {
    await Promise.all([numpy, ...hosts].map((peer) => peer.stop()))
    await rm(folder, { recursive: true })
  }
}
