import * as z from 'zod'
import type { DatabaseDescriptor, FieldShape, ModelShape } from '../generator/descriptor.ts'
import type { Reference } from '../references/reference.ts'
import { batched, type Exists, type FindMissing } from './batch.ts'
import { isNullable, type Value, valueSchema } from './field.ts'

type Fields = Readonly<Record<string, FieldShape>>

type Nullable<F extends FieldShape> = true extends
  | F['isRequired']
  | F['isList']
  | (F['type'] extends 'Json' ? true : false)
  ? Value<F>
  : z.ZodNullable<Value<F>>

type Created<F extends FieldShape> = F['isRequired'] extends true
  ? F['hasDefault'] extends true
    ? z.ZodExactOptional<Nullable<F>>
    : Nullable<F>
  : z.ZodExactOptional<Nullable<F>>

/** The two schemas of a model. Each is an object schema: `pick`, `omit` and `extend` it for what a request may say. */
export interface ModelInputs<F extends Fields> {
  /** What `create` and `createMany` take, without relations: fields with a default may be left out. */
  readonly create: z.ZodObject<{ -readonly [K in keyof F]: Created<F[K]> }, z.core.$strict>
  /** What `update` and `updateMany` take: every field may be left out. */
  readonly update: z.ZodObject<
    { -readonly [K in keyof F]: z.ZodExactOptional<Nullable<F[K]>> },
    z.core.$strict
  >
}

/** The schemas of a database, by model. */
export type Inputs<M extends Readonly<Record<string, ModelShape>>> = {
  readonly [N in keyof M]: ModelInputs<M[N]['fields']>
}

/**
 * Makes zod schemas for what a client of the database writes: types, lengths and ranges as the columns have them, and
 * unknown keys refused. With `findMissing` a field that names rows of another database also asks whether they are there,
 * in one question for all of an array or a document; then parse with `parseAsync` or `safeParseAsync`.
 *
 * Nothing of it needs Node, so that a form in a browser uses the same schemas.
 */
export function makeInputs<const D extends DatabaseDescriptor>(
  { models, references }: D,
  findMissing?: FindMissing,
): Inputs<D['models']> {
  const exists = findMissing && batched(findMissing)
  const inputs: unknown = Object.fromEntries(
    Object.entries(models).map(([model, shape]) => [model, modelInputs(model, shape, references, exists)]),
  )
  if (!areInputs<D['models']>(models, inputs)) throw new TypeError('A model has no schemas.')
  return inputs
}

function modelInputs(
  model: string,
  { fields }: ModelShape,
  references: readonly Reference[],
  exists: Exists | undefined,
) {
  const create: Record<string, z.ZodType> = {}
  const update: Record<string, z.ZodType> = {}
  for (const [name, field] of Object.entries(fields)) {
    const reference = references.find((one) => one.model === model && one.field === name)
    const plain = valueSchema(field)
    const checked = reference && exists ? withExistence(plain, reference, exists) : plain
    const value = isNullable(field) ? checked.nullable() : checked
    create[name] = field.isRequired && !field.hasDefault ? value : value.exactOptional()
    update[name] = value.exactOptional()
  }
  return { create: z.strictObject(create), update: z.strictObject(update) }
}

function withExistence(schema: z.ZodType, { target }: Reference, exists: Exists): z.ZodType {
  return schema.refine(async (value) => exists(target, String(value)), {
    error: `Names no row of ${target.table}`,
    params: { code: 'reference_missing', target },
  })
}

const areInputs = <M extends Readonly<Record<string, ModelShape>>>(
  models: M,
  inputs: unknown,
): inputs is Inputs<M> =>
  typeof inputs === 'object' && inputs !== null && Object.keys(models).every((model) => model in inputs)
