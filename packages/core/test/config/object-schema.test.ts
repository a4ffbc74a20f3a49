import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { field, noConfig, objectSchema } from '../../src/define.ts'
import type { ComponentConfig, SchemaResult, StandardSchema } from '../../src/index.ts'

interface Config {
  readonly bits: number
  readonly rate?: number | undefined
  readonly label: string
  readonly metric: 'cosine' | 'euclidean'
  readonly warm: boolean
  readonly tags: readonly string[]
  readonly weights: Readonly<Record<string, number>>
  readonly functor: ComponentConfig
  readonly key?: { readonly env: string } | undefined
}

const schema = objectSchema<Config>({
  bits: field.integer({ min: 1, max: 512, default: 64, description: 'Bits of a code.' }),
  rate: field.number({ min: 0, optional: true }),
  label: field.string({ minLength: 1 }),
  metric: field.oneOf(['cosine', 'euclidean'], { default: 'cosine' }),
  warm: field.boolean({ default: false }),
  tags: field.array(field.string(), { default: [] }),
  weights: field.record(field.number({ min: 0 }), { default: {} }),
  functor: field.component({ default: { type: 'itq', package: '@x/lsh', config: {} } }),
  key: field.secret({ optional: true }),
})

function validate<C>(of: StandardSchema<unknown, C>, value: unknown): SchemaResult<C> {
  return of['~standard'].validate(value) as SchemaResult<C>
}
function issuesOf(value: unknown): string[] {
  return (validate(schema, value).issues ?? []).map((issue) => `${(issue.path ?? []).join('.')}: ${issue.message}`)
}

describe('objectSchema', () => {
  test('fills defaults in and leaves absent optional fields out', () => {
    expect(validate(schema, { label: 'a' })).toEqual({
      value: {
        bits: 64,
        label: 'a',
        metric: 'cosine',
        warm: false,
        tags: [],
        weights: {},
        functor: { type: 'itq', package: '@x/lsh', config: {} },
      },
    })
    expect(validate(schema, { label: 'a', rate: undefined })).not.toHaveProperty('value.rate')
  })

  test('a default is a fresh copy every time', () => {
    const first = validate(schema, { label: 'a' }) as { value: Config }
    ;(first.value.tags as string[]).push('changed')
    expect((validate(schema, { label: 'a' }) as { value: Config }).value.tags).toEqual([])
  })

  test('collects every issue with its path', () => {
    expect(
      issuesOf({
        bits: 0,
        rate: Number.NaN,
        metric: 'cosin',
        warm: 1,
        tags: ['a', 2],
        weights: { a: -1 },
        functor: { type: 'x', package: 'y', confg: 1 },
        key: { env: '' },
        lable: 'x',
      }),
    ).toEqual([
      'lable: is not known here; did you mean label?',
      'bits: expected an integer from 1 to 512, got 0',
      'rate: expected a number of at least 0, got NaN',
      'label: is missing',
      'metric: expected one of "cosine", "euclidean", got "cosin"',
      'warm: expected true or false, got 1',
      'tags.1: expected text, got 2',
      'weights.a: expected a number of at least 0, got -1',
      'functor.confg: is not known here; did you mean config?',
      'key.env: expected text of at least 1 character, got ""',
    ])
    expect(issuesOf([])).toEqual([': expected an object, got an array'])
    expect(issuesOf({ label: 'a', bits: 2 ** 60, more: 1 })).toHaveLength(2)
  })

  test('keys of Object.prototype are neither known nor read', () => {
    expect(issuesOf(JSON.parse('{"label":"a","__proto__":{"bits":1}}'))).toHaveLength(1)
    expect(issuesOf({ label: 'a', constructor: 1 })).toHaveLength(1)
    expect(issuesOf(Object.create({ label: 'a' }))).toEqual(['label: is missing'])
  })

  test('is idempotent for every input that it accepts', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            bits: fc.integer({ min: 1, max: 512 }),
            rate: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
            label: fc.string({ minLength: 1 }),
            metric: fc.constantFrom('cosine', 'euclidean'),
            tags: fc.array(fc.string()),
            weights: fc.dictionary(fc.string(), fc.nat()),
          },
          { requiredKeys: ['label'] },
        ),
        (input) => {
          const once = validate(schema, input) as { value: Config }
          expect(once.value).toMatchObject(input)
          expect(validate(schema, once.value)).toEqual(once)
        },
      ),
    )
  })

  test('a plugin without options takes an empty object and nothing else', () => {
    expect(validate(noConfig, {})).toEqual({ value: {} })
    expect(validate(noConfig, { a: 1 }).issues).toEqual([{ message: 'is not known here; known are no fields', path: ['a'] }])
  })

  test('refuses a default that it would refuse', () => {
    expect(() => objectSchema<{ n: number }>({ n: field.integer({ min: 1, default: 0 }) })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('"n"') }),
    )
  })

  test('describes itself as JSON Schema', () => {
    const { input, output } = schema['~standard'].jsonSchema!
    expect(input({ target: 'draft-2020-12' })).toMatchObject({
      type: 'object',
      required: ['label'],
      additionalProperties: false,
      properties: {
        bits: { type: 'integer', minimum: 1, maximum: 512, default: 64, description: 'Bits of a code.' },
        metric: { enum: ['cosine', 'euclidean'], default: 'cosine' },
        weights: { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
      },
    })
    expect(output({ target: 'draft-2020-12' }).required).toEqual(['bits', 'label', 'metric', 'warm', 'tags', 'weights', 'functor'])
  })
})
