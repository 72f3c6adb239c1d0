import type { Datamodel, Field, Model } from '@prisma/dmmf'
import type { Reference } from '../references/reference.ts'

/**
 * What the guard has to know of a model to find referencing fields in the arguments of a write, at any depth:
 * which fields there are, and which of them lead to other models.
 */
export interface ModelShape {
  readonly scalars: readonly string[]
  /** The model behind each relation field. */
  readonly relations: Readonly<Record<string, string>>
}

/** What a database package tells about itself: generated, so that the program needs no schema at run time. */
export interface DatabaseDescriptor {
  readonly references: readonly Reference[]
  readonly models: Readonly<Record<string, ModelShape>>
}

export const describeModels = ({ models }: Datamodel): DatabaseDescriptor['models'] =>
  Object.fromEntries(models.map((model) => [model.name, describeModel(model)]))

const isRelation = ({ kind }: Field): boolean => kind === 'object'

const describeModel = ({ fields }: Model): ModelShape => ({
  scalars: fields.filter((field) => !isRelation(field)).map(({ name }) => name),
  relations: Object.fromEntries(fields.filter(isRelation).map(({ name, type }) => [name, type])),
})
