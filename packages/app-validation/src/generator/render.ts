import type { DeclaredReference, Reference } from '../references/reference.ts'
import type { DatabaseDescriptor } from './descriptor.ts'

export const outputFile = 'references.ts'

/**
 * The TypeScript of a database's generated catalog. It imports nothing, so that a database package needs nothing but
 * Prisma; `as const` keeps the names as literal types.
 */
export const renderDescriptor = ({ references, models }: DatabaseDescriptor): string => `\
// Generated from the annotations of the Prisma schema. Do not edit.

/** The columns of this database that name rows of another one. */
export const references = ${constant(references)}

/** The fields of each model as the client writes them, and the models that its relations lead to. */
export const models = ${constant(models)}
`

const constant = (value: object): string => `${JSON.stringify(value, null, 2)} as const`

/** Without its position: that changes with every line above it, and nothing asks for it at run time. */
export const withoutPosition = ({ position: _, ...reference }: DeclaredReference): Reference => reference
