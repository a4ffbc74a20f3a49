// objectSchema: a small Standard Schema for configuration, so that a plugin needs no schema library.

import type { ComponentConfig } from '../component/component.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { nearNames } from '../errors/near-names.ts'
import type { SecretReference } from './secret.ts'
import type { JsonSchema, SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.ts'

/** Tells what is wrong, and where below the value that is checked. */
type Report = (message: string, path?: readonly PropertyKey[]) => undefined

/** One field of a configuration; `T` is what parsing gives. Made by the functions of {@link field}. */
export interface Field<T> {
  /** The parsed value, or undefined after a report. Never called with undefined. */
  readonly check: (value: unknown, report: Report) => T | undefined
  readonly schema: JsonSchema
  readonly options: FieldOptions<T>
}

/** A field is required unless it has a default or is optional. */
export interface FieldOptions<T> {
  /** Stands in where the field is left out. It must itself be a valid value. */
  readonly default?: T | undefined
  /** The field may be left out, and then stays out. */
  readonly optional?: boolean | undefined
  /** For the JSON Schema. */
  readonly description?: string | undefined
}

export interface NumberFieldOptions extends FieldOptions<number> {
  /** Smallest value allowed. */
  readonly min?: number | undefined
  /** Largest value allowed. */
  readonly max?: number | undefined
}

export interface StringFieldOptions extends FieldOptions<string> {
  /** Fewest characters; 0 where not given. */
  readonly minLength?: number | undefined
}

/** What a field with options `O` parses to. */
export type Parsed<T, O> = O extends { readonly optional: true } ? T | undefined : T

/** The fields of a configuration `Config`: one for each key; a key that may be undefined takes an optional field. */
export type Fields<Config> = { readonly [K in keyof Config]-?: Field<Config[K]> }

const show = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' && value !== null ? 'an object' : typeof value === 'function' ? 'a function' : String(value)
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function range({ min, max }: NumberFieldOptions): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  if (min !== undefined) return ` of at least ${min}`
  return max === undefined ? '' : ` of at most ${max}`
}

function numeric(type: 'number' | 'integer', options: NumberFieldOptions): Field<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = options
  const expected = `expected ${type === 'integer' ? 'an integer' : 'a number'}${range(options)}`
  return {
    check: (value, report) => {
      // Past 2^53 neighbouring integers are the same number, so an integer there is not the one that was written.
      const fits = type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)
      if (!fits || (value as number) < min || (value as number) > max) return report(`${expected}, got ${show(value)}`)
      return value as number
    },
    schema: { type, ...(options.min === undefined ? {} : { minimum: min }), ...(options.max === undefined ? {} : { maximum: max }) },
    options,
  }
}

function reference<T>(fields: Fields<T>, options: FieldOptions<T>): Field<T> {
  return { check: (value, report) => parseFields(fields, value, report), schema: schemaOf(fields, 'input'), options }
}

const componentFields: Fields<ComponentConfig> = {
  type: textField({ minLength: 1 }),
  package: textField({ minLength: 1 }),
  config: {
    check: (value, report) => (isRecord(value) ? value : report(`expected an object, got ${show(value)}`)),
    schema: { type: 'object' },
    options: { default: {} },
  },
}

const secretFields: Fields<SecretReference> = {
  env: textField({ minLength: 1, description: 'The name of the environment variable that holds the secret.' }),
}

function textField<const O extends StringFieldOptions>(options: O): Field<Parsed<string, O>> {
  const { minLength = 0 } = options
  const expected = `expected ${minLength > 0 ? `text of at least ${minLength} character${minLength > 1 ? 's' : ''}` : 'text'}`
  const text: Field<string> = {
    check: (value, report) => (typeof value === 'string' && value.length >= minLength ? value : report(`${expected}, got ${show(value)}`)),
    schema: { type: 'string', ...(minLength > 0 ? { minLength } : {}) },
    options,
  }
  return text as Field<Parsed<string, O>>
}

/** The kinds of field. Each takes `{ default?, optional?, description? }` and what is said beside it. */
export const field: {
  /** Text; `minLength`. */
  string<const O extends StringFieldOptions>(options?: O): Field<Parsed<string, O>>
  /** A finite number; `min`, `max`. */
  number<const O extends NumberFieldOptions>(options?: O): Field<Parsed<number, O>>
  /** An integer within ±2^53; `min`, `max`. */
  integer<const O extends NumberFieldOptions>(options?: O): Field<Parsed<number, O>>
  boolean<const O extends FieldOptions<boolean>>(options?: O): Field<Parsed<boolean, O>>
  /** One of the given strings. */
  oneOf<const V extends string, const O extends FieldOptions<V>>(values: readonly V[], options?: O): Field<Parsed<V, O>>
  /** Values of one kind of field under any names. */
  record<T, const O extends FieldOptions<Readonly<Record<string, T>>>>(value: Field<T>, options?: O): Field<Parsed<Readonly<Record<string, T>>, O>>
  /** A list of values of one kind of field. */
  array<T, const O extends FieldOptions<readonly T[]>>(item: Field<T>, options?: O): Field<Parsed<readonly T[], O>>
  /** Another component as `{ type, package, config }`; the plugin's `components` says of which kind. */
  component<const O extends FieldOptions<ComponentConfig>>(options?: O): Field<Parsed<ComponentConfig, O>>
  /** A secret as `{ env: 'NAME' }`; see `resolveSecret`. */
  secret<const O extends FieldOptions<SecretReference>>(options?: O): Field<Parsed<SecretReference, O>>
} = {
  string: (options) => textField(options ?? ({} as NonNullable<typeof options>)),
  number: (options) => numeric('number', options ?? {}) as Field<never>,
  integer: (options) => numeric('integer', options ?? {}) as Field<never>,
  boolean: (options) =>
    ({
      check: (value: unknown, report: Report) => (typeof value === 'boolean' ? value : report(`expected true or false, got ${show(value)}`)),
      schema: { type: 'boolean' },
      options: options ?? {},
    }) as Field<never>,
  oneOf: (values, options) =>
    ({
      check: (value: unknown, report: Report) =>
        values.includes(value as never) ? value : report(`expected one of ${values.map(show).join(', ')}, got ${show(value)}`),
      schema: { enum: [...values] },
      options: options ?? {},
    }) as Field<never>,
  record: (value, options) =>
    ({
      check: (record: unknown, report: Report) => {
        if (!isRecord(record)) return report(`expected an object, got ${show(record)}`)
        const entries = Object.entries(record).map(([key, inner]) => [key, value.check(inner, below(report, key))] as const)
        return Object.fromEntries(entries)
      },
      schema: { type: 'object', additionalProperties: value.schema },
      options: options ?? {},
    }) as Field<never>,
  array: (item, options) =>
    ({
      check: (list: unknown, report: Report) =>
        Array.isArray(list) ? list.map((inner, i) => item.check(inner, below(report, i))) : report(`expected an array, got ${show(list)}`),
      schema: { type: 'array', items: item.schema },
      options: options ?? {},
    }) as Field<never>,
  component: (options) => reference(componentFields, (options ?? {}) as FieldOptions<ComponentConfig>) as Field<never>,
  secret: (options) => reference(secretFields, (options ?? {}) as FieldOptions<SecretReference>) as Field<never>,
}

function below(report: Report, key: PropertyKey): Report {
  return (message, path = []) => report(message, [key, ...path])
}

function parseFields<Config>(fields: Fields<Config>, value: unknown, report: Report): Config | undefined {
  if (!isRecord(value)) return report(`expected an object, got ${show(value)}`)
  const known = Object.keys(fields) as (keyof Config & string)[]
  const parsed: Partial<Config> = {}
  for (const key of Object.keys(value)) {
    if (known.includes(key as never)) continue
    const near = nearNames(key, known)
    below(report, key)(`is not known here; ${near.length > 0 ? `did you mean ${near.join(', ')}?` : `known are ${known.join(', ') || 'no fields'}`}`)
  }
  for (const key of known) {
    const { check, options } = fields[key]
    const given = Object.hasOwn(value, key) ? value[key] : undefined
    if (given !== undefined) {
      const result = check(given, below(report, key))
      if (result !== undefined) parsed[key] = result
    } else if (options.default !== undefined) parsed[key] = structuredClone(options.default)
    else if (!options.optional) below(report, key)('is missing')
  }
  return parsed as Config
}

function schemaOf<Config>(fields: Fields<Config>, side: 'input' | 'output'): JsonSchema {
  const entries = Object.entries(fields) as [string, Field<unknown>][]
  const properties = entries.map(([key, { schema, options }]) => {
    const { default: fallback, description } = options
    return [key, { ...schema, ...(description === undefined ? {} : { description }), ...(fallback === undefined ? {} : { default: fallback }) }]
  })
  const required = entries.filter(([, { options }]) => !options.optional && (side === 'output' || options.default === undefined)).map(([key]) => key)
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as JsonSchema,
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  }
}

/**
 * A schema for an object with these fields. Unknown keys are refused, every issue is reported with its path, defaults are filled in, and it
 * describes itself as JSON Schema. `Config` is the hand-written interface of the parsed configuration: fields that do not give it do not compile.
 * @example const schema = objectSchema<ItqConfig>({ bits: field.integer({ min: 1, default: 64 }), seed: field.integer({ optional: true }) })
 * @throws CbirError INVALID_ARGUMENT for a default that the field itself refuses
 */
export function objectSchema<Config extends object>(fields: Fields<Config>): StandardSchema<unknown, Config> {
  for (const [key, { check, options }] of Object.entries(fields) as [string, Field<unknown>][]) {
    if (options.default === undefined) continue
    check(options.default, (message) => {
      throw new CbirError('INVALID_ARGUMENT', `The default of field "${key}" is not valid: ${message}.`)
    })
  }
  const validate = (value: unknown): SchemaResult<Config> => {
    const issues: SchemaIssue[] = []
    const parsed = parseFields(fields, value, (message, path = []) => void issues.push({ message, path }) as undefined)
    return issues.length > 0 ? { issues } : { value: parsed as Config }
  }
  const jsonSchema = { input: () => schemaOf(fields, 'input'), output: () => schemaOf(fields, 'output') }
  return { '~standard': { version: 1, vendor: '@cbir/core', validate, jsonSchema } }
}

/** The schema of a plugin that has nothing to configure: it takes `{}`. */
export const noConfig: StandardSchema<unknown, Record<string, never>> = objectSchema<Record<string, never>>({})
