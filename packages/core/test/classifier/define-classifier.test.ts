// defineClassifier, proved with a classifier that takes the class whose mean is nearest.

import { type Classifier, classifyElement, classifyElements, createClassifierCollection, rowOf } from '@cbir/core'
import { type ClassifierDriver, defineClassifier, openClassifier } from '@cbir/core/define'
import { memoryClassificationElement, memoryDescriptorElement } from '@cbir/core/memory'
import { describe, expect, it } from 'vitest'
import { noRows, readAll, rows } from '../support/batches.ts'
import { memoryContainer } from '../support/memory-container.ts'

type Means = ReadonlyMap<string, readonly number[]>

/** Confidence 1 for the nearest mean and 0 for the others. */
const nearestMean: ClassifierDriver<Means> = {
  labelsOf: (means) => [...means.keys()],
  dimensionsOf: (means) => [...means.values()][0]!.length,
  async train(classes) {
    const means = new Map<string, number[]>()
    for (const { label, vectors } of classes) {
      const all = await readAll(vectors)
      means.set(
        label,
        all[0]!.map((_, i) => all.reduce((sum, row) => sum + row[i]!, 0) / all.length),
      )
    }
    return means
  },
  classify(means, vectors) {
    const list = [...means.values()]
    const out = new Float32Array(vectors.count * list.length)
    for (let i = 0; i < vectors.count; i++) {
      const row = rowOf(vectors, i)
      const distances = list.map((mean) => mean.reduce((sum, x, j) => sum + (x - row[j]!) ** 2, 0))
      out[i * list.length + distances.indexOf(Math.min(...distances))] = 1
    }
    return out
  },
  save: (means, writer) => writer.write('means', [new TextEncoder().encode(JSON.stringify([...means]))]),
  load: async (container) => new Map(JSON.parse(new TextDecoder().decode(await container.read('means'))) as [string, number[]][]),
}

async function trained(): Promise<Classifier> {
  const classifier = defineClassifier('nearest-mean', nearestMean)
  await classifier.train({ cat: [rows([0, 0], [0, 2])], dog: [rows([10, 10])] })
  return classifier
}

describe('defineClassifier', () => {
  it('classifies after it was trained, once', async () => {
    const classifier = defineClassifier('nearest-mean', nearestMean)
    await expect(classifier.labels()).rejects.toMatchObject({ code: 'NOT_TRAINED' })
    await expect(classifier.classify(rows([1, 2]))).rejects.toMatchObject({ code: 'NOT_TRAINED' })
    const cats = rows([0, 0])
    const training = classifier.train(new Map([['cat', [cats]], ['dog', [rows([10, 10])]]])) // biome-ignore format: one line
    cats.data.fill(10)
    await expect(classifier.train({ a: [rows([1])], b: [rows([2])] })).rejects.toMatchObject({ code: 'ALREADY_TRAINED' })
    await training
    expect(classifier.hasModel).toBe(true)
    await expect(classifier.train({ a: [rows([1])], b: [rows([2])] })).rejects.toMatchObject({ code: 'ALREADY_TRAINED' })
    expect(await classifier.labels()).toEqual(['cat', 'dog'])
    const queries = rows([9, 9], [1, 1])
    const classifying = classifier.classify(queries)
    queries.data.fill(0)
    const answer = await classifying
    expect([answer.count, answer.labels, [...answer.confidences]]).toEqual([2, ['cat', 'dog'], [0, 1, 1, 0]])
    expect([...answer.of(0)]).toEqual([
      ['cat', 0],
      ['dog', 1],
    ])
    expect(() => answer.of(2)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    const none = await classifier.classify(noRows(2))
    expect([none.count, none.labels]).toEqual([0, ['cat', 'dog']])
  })

  it('refuses bad input, and a training that failed can be made again', async () => {
    const classifier = defineClassifier('nearest-mean', nearestMean)
    const bad: [() => Promise<void>, string][] = [
      [() => classifier.train({}), 'INVALID_ARGUMENT'],
      [() => classifier.train({ cat: [rows([1])] }), 'INVALID_ARGUMENT'],
      [() => classifier.train([] as never), 'INVALID_ARGUMENT'],
      [() => classifier.train({ cat: [rows([1])], '': [rows([1])] }), 'INVALID_ARGUMENT'],
      [() => classifier.train({ cat: [rows([1])], dog: [] }), 'EMPTY_BUILD'],
      [() => classifier.train({ cat: [rows([1])], dog: [rows([1, 2])] }), 'DIMENSION_MISMATCH'],
      [() => classifier.train({ cat: [rows([1])], dog: [rows([Number.NaN])] }), 'NOT_FINITE'],
      [() => classifier.train({ cat: [rows([1])], dog: rows([1]) as never }), 'INVALID_ARGUMENT'],
      [() => classifier.train({ cat: [rows([1])], dog: [rows([1])] }, { signal: AbortSignal.abort() }), 'ABORTED'],
    ]
    for (const [call, code] of bad) await expect(call(), call.toString()).rejects.toMatchObject({ code })
    expect(classifier.hasModel).toBe(false)
    await classifier.train({ cat: [rows([1])], dog: [rows([2])] })
    await expect(classifier.classify(rows([1, 2]))).rejects.toMatchObject({ code: 'DIMENSION_MISMATCH' })
    await expect(classifier.classify(rows([Number.NaN]))).rejects.toMatchObject({ code: 'NOT_FINITE' })
    await expect(classifier.save('x')).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
    await classifier.dispose()
    await expect(classifier.labels()).rejects.toMatchObject({ code: 'DISPOSED' })
  })

  it('says when a driver answers wrongly', async () => {
    const model: Means = new Map([['cat', [0]], ['dog', [1]]]) // biome-ignore format: one line
    const wrong = [Float32Array.of(1), Float32Array.of(0, 1.5), Float32Array.of(0, Number.NaN), Float32Array.of(-0.1, 1), [0, 1] as never]
    for (const answer of wrong) {
      const classifier = defineClassifier('wrong', { ...nearestMean, model, classify: () => answer })
      await expect(classifier.classify(rows([1]))).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
    }
    const { train: _, ...rest } = nearestMean
    const fixed = defineClassifier('fixed', { ...rest, model })
    expect(fixed.capabilities.has('train')).toBe(false)
    await expect(fixed.train({ a: [rows([1])], b: [rows([2])] })).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
  })

  it('keeps its model in a directory', async () => {
    const at = { container: memoryContainer(), directory: 'd' }
    const classifier = await openClassifier('nearest-mean', nearestMean, at)
    await classifier.train({ cat: [rows([0])], dog: [rows([10])] })
    const again = await openClassifier('nearest-mean', nearestMean, at)
    expect(await again.labels()).toEqual(['cat', 'dog'])
    expect([...(await again.classify(rows([7]))).of(0).values()]).toEqual([0, 1])
  })
})

describe('classifyElements', () => {
  const element = async (uid: string, x?: number): Promise<ReturnType<typeof memoryDescriptorElement>> => {
    const made = memoryDescriptorElement('test', uid)
    if (x !== undefined) await made.setVector(Float32Array.of(x, x))
    return made
  }

  it('gives results in order, and classifies only what has none unless told to', async () => {
    const classifier = await trained()
    const known = memoryClassificationElement('nearest-mean', 'b')
    await known.setClassifications({ cat: 0.5 })
    const factory = { create: (type: string, uid: string) => (uid === 'b' ? known : memoryClassificationElement(type, uid)) }
    const elements = await Promise.all([element('a', 0), element('b'), element('c', 9), element('d', 1)])
    const results = []
    for await (const result of classifyElements(classifier, elements, { factory, batchSize: 3 })) results.push(result)
    expect(results.map((result) => [result.type, result.uid])).toEqual(['a', 'b', 'c', 'd'].map((uid) => ['nearest-mean', uid]))
    expect(await Promise.all(results.map(async (result) => Object.fromEntries(await result.classifications())))).toEqual([
      { cat: 1, dog: 0 },
      { cat: 0.5 },
      { cat: 0, dog: 1 },
      { cat: 1, dog: 0 },
    ])
    await expect(classifyElement(classifier, elements[1]!, { factory, overwrite: true })).rejects.toMatchObject({
      code: 'NO_VECTOR',
      details: { uids: ['b'] },
    })
    await elements[1]!.setVector(Float32Array.of(9, 9))
    await classifyElement(classifier, elements[1]!, { factory, overwrite: true })
    expect(Object.fromEntries(await known.classifications())).toEqual({ cat: 0, dog: 1 })
  })

  it('refuses an untrained classifier and a bad batch size', async () => {
    const untrained = defineClassifier('nearest-mean', nearestMean)
    await expect(classifyElements(untrained, []).next()).rejects.toMatchObject({ code: 'NOT_TRAINED' })
    await expect(classifyElements(await trained(), [], { batchSize: 0 }).next()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await classifyElements(await trained(), []).next()).toEqual({ done: true, value: undefined })
  })
})

describe('createClassifierCollection', () => {
  it('asks its classifiers together, by name', async () => {
    const collection = createClassifierCollection({ pets: await trained() })
    collection.add('more', await trained())
    expect(collection.names).toEqual(['pets', 'more'])
    expect(() => collection.add('pets', collection.get('more'))).toThrow(expect.objectContaining({ code: 'DUPLICATE_NAME' }))
    expect(() => collection.add('', collection.get('more'))).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    const answers = await collection.classify(rows([0, 0]))
    expect([...answers].map(([name, answer]) => [name, [...answer.confidences]])).toEqual([
      ['pets', [1, 0]],
      ['more', [1, 0]],
    ])
    expect([...(await collection.classify(rows([0, 0]), { names: ['more'] })).keys()]).toEqual(['more'])
    await expect(collection.classify(rows([0, 0]), { names: ['other'] })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(collection.classify(rows([0]))).rejects.toMatchObject({ code: 'DIMENSION_MISMATCH' })
    collection.remove('pets')
    expect(() => collection.remove('pets')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(collection.names).toEqual(['more'])
  })
})
