import * as z from 'zod'
import type { FieldShape } from '../generator/descriptor.ts'

/** JSON as Prisma takes it. Null by itself is left out: Prisma has objects of its own for it, which no request can hold. */
export type Json =
  | string
  | number
  | boolean
  | readonly (Json | null)[]
  | { readonly [key: string]: Json | null }

/** What a value of Prisma's type becomes, and what may be given for it, in JSON among others. */
interface Types {
  readonly String: readonly [output: string, input: string]
  readonly Int: readonly [output: number, input: number]
  readonly BigInt: readonly [output: bigint, input: bigint | number | string]
  readonly Float: readonly [output: number, input: number]
  readonly Decimal: readonly [output: number | string, input: number | string]
  readonly Boolean: readonly [output: boolean, input: boolean]
  readonly DateTime: readonly [output: Date, input: Date | string]
  readonly Json: readonly [output: Json, input: Json]
  readonly Bytes: readonly [output: Uint8Array, input: Uint8Array]
}

/** The schema of one element of a field. */
type Element<F extends FieldShape> = F['type'] extends 'enum'
  ? z.ZodType<F['values'][number], F['values'][number]>
  : F['type'] extends keyof Types
    ? z.ZodType<Types[F['type']][0], Types[F['type']][1]>
    : z.ZodType

/** The schema of a value of a field, without the ways to leave it out. */
export type Value<F extends FieldShape> = F['isList'] extends true ? z.ZodArray<Element<F>> : Element<F>

const makers: Readonly<Record<string, (native: string) => z.ZodType>> = {
  String: text,
  Int: (native) => (native === 'smallint' ? z.int().min(-32_768).max(32_767) : z.int32()),
  BigInt: () => bigint,
  Float: () => z.number(),
  Decimal: decimal,
  Boolean: () => z.boolean(),
  DateTime: (native) => (native === 'date' ? z.union([moment, day]) : moment),
  Json: () => z.json().refine((value) => value !== null, 'JSON null can’t be written'),
  Bytes: () => z.instanceof(Uint8Array),
}

/** Whether null can be written. */
export const isNullable = ({ type, isRequired, isList }: FieldShape): boolean =>
  !isRequired && !isList && type !== 'Json'

/** The schema of a value as its column can hold it. */
export function valueSchema({ type, native, isList, values }: FieldShape): z.ZodType {
  const make = makers[type]
  const element = type === 'enum' ? z.enum(values) : (make?.(native) ?? z.unknown())
  return isList ? z.array(element) : element
}

/** The same for a JSON Schema, which counts as PostgreSQL does. */
const withoutNul = { pattern: '^[^\\u0000]*$' }

/** PostgreSQL counts characters, not the halves of them that JavaScript's `length` counts. */
function text(native: string): z.ZodType {
  // Nothing that isn't a uuid may reach the lookup of references, so the check ends there.
  if (native === 'uuid') return z.guid({ abort: true })
  const [, limit] = /^(?:varchar|char)\((\d+)\)$/.exec(native) ?? []
  const stored = z.string().refine((value) => !value.includes('\0'), 'Text cannot hold the character NUL')
  if (limit === undefined) return stored.meta(withoutNul)
  return stored
    .refine((value) => [...value].length <= Number(limit), `Too long: at most ${limit} characters`)
    .meta({ ...withoutNul, maxLength: Number(limit) })
}

const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n]
const bigint = z
  .union([
    z.bigint(),
    z.int().transform(BigInt),
    z
      .string()
      .regex(/^-?\d{1,19}$/)
      .transform(BigInt),
  ])
  .refine((value) => value >= least && value <= most, 'Out of the range of a bigint')

const moment = z.union([z.date(), z.iso.datetime({ offset: true }).transform((value) => new Date(value))])
const day = z.iso.date().transform((value) => new Date(value))

function decimal(native: string): z.ZodType {
  const [, precision, scale] = /^numeric\((\d+),(\d+)\)$/.exec(native) ?? []
  const number = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/, 'Not a decimal number')])
  if (precision === undefined || scale === undefined) return number
  const [whole, digits] = [Number(precision) - Number(scale), Number(scale)]
  // Rounded to its scale first, as PostgreSQL does it.
  const fits = (value: number | string) => Math.abs(Number(Number(value).toFixed(digits))) < 10 ** whole
  return number.refine(fits, `Too large: at most ${whole} digits before the point`)
}
