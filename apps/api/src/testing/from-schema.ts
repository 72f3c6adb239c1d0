import fc from 'fast-check'

/** The part of JSON Schema that the document uses. */
export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly minProperties?: number
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
}

/** Values that a schema allows. */
export function valuesOf(schema: JsonSchema, resolve: (ref: string) => JsonSchema): fc.Arbitrary<unknown> {
  const values = (part: JsonSchema) => valuesOf(part, resolve)
  if (schema.$ref !== undefined) return values(resolve(schema.$ref))
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(values))
  switch (schema.type) {
    case 'object': {
      const { properties = {}, required = [], minProperties = 0 } = schema
      const fields = Object.fromEntries(
        Object.entries(properties).map(([name, part]) => [name, values(part)]),
      )
      const objects = fc.record(fields, { requiredKeys: [...required] })
      return objects.filter((object) => Object.keys(object).length >= minProperties)
    }
    case 'array':
      return fc.array(values(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      })
    case 'string':
      return texts(schema)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 100 })
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 100, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.constant({})
  }
}

function texts({ format, pattern, minLength = 0, maxLength = 100 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  // Narrower than the standard, which the pattern says.
  if (format === 'email')
    return fc.emailAddress({ size: 'small' }).filter((text) => new RegExp(pattern ?? '').test(text))
  if (format === 'date') return times.map((time) => time.slice(0, 10))
  if (format === 'date-time') return times
  const lengths = { minLength, maxLength: Math.min(maxLength, minLength + 40) }
  if (pattern === undefined || pattern === withoutNul) {
    return fc
      .oneof(fc.string({ unit: 'binary', ...lengths }), fc.constantFrom(...hostile))
      .filter(
        (value) =>
          !value.includes('\0') && value.isWellFormed() && fits([...value].length, minLength, maxLength),
      )
  }
  return fc
    .stringMatching(new RegExp(pattern))
    .filter((value) => fits([...value].length, minLength, maxLength))
}

const fits = (length: number, least: number, most: number) => length >= least && length <= most

const withoutNul = '^[^\\u0000]*$'

const times = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
  .map((time) => time.toISOString())

/** What has hurt others. */
const hostile = [
  "'; DROP TABLE users; --",
  '" OR 1=1 --',
  '{{7*7}}',
  '../../../../etc/passwd',
  '<script>alert(1)</script>',
  '%00%0a',
  '\u202e\ufeff🤷🏽‍♀️',
  '__proto__',
]
