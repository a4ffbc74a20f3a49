// The part of the Standard Schema interface (standardschema.dev, version 1) that configuration uses. zod, valibot and arktype schemas fit.

export interface SchemaIssue {
  readonly message: string
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined
}

export type SchemaResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] }

/** A JSON Schema (json-schema.org) as data. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** The optional part of the standard that describes a schema as JSON Schema; zod has it from 4.2 on. Either function may throw. */
export interface JsonSchemaConverter {
  /** What may be written: fields with a default may be left out. */
  readonly input: (options: { readonly target: 'draft-2020-12' }) => JsonSchema
  /** What parsing gives. */
  readonly output: (options: { readonly target: 'draft-2020-12' }) => JsonSchema
}

/** Validates unknown data and fills defaults in. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
    readonly jsonSchema?: JsonSchemaConverter | undefined
  }
}
