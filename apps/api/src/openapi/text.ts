import * as z from 'zod'

/** Text as PostgreSQL can store it: of so many characters, not halves of them, and without NUL. */
export const text = ({ min = 0, max }: { readonly min?: number; readonly max: number }) =>
  z
    .string()
    .refine((value) => !value.includes('\0'), 'Text cannot hold the character NUL')
    .refine((value) => [...value].length >= min, `Too short: at least ${min} characters`)
    .refine((value) => [...value].length <= max, `Too long: at most ${max} characters`)
    .meta({ minLength: min, maxLength: max, pattern: '^[^\\u0000]*$' })

/** Of a row, in the path, or in a body. */
export const Id = z.guid().meta({ format: 'uuid' })
