import { type Connected, connectTo, type Databases, schemaOf } from '../databases/connect.ts'
import { type DatabaseDescription, descriptionOf, type Given } from '../databases/database.ts'
import { targetName } from '../references/placed.ts'
import { deleteUnreferenced } from './failures.ts'

/** The database whose rows are named: its client, or what that tells of itself. */
export type ReferencedClient = Given<DatabaseDescription>

/** The names of its models. */
export type ModelOf<C extends ReferencedClient> = C extends {
  readonly $database: { readonly models: infer M }
}
  ? keyof M & string
  : C extends { readonly models: infer M }
    ? keyof M & string
    : never

/** A column whose values other databases name, and what connects them to it. */
export interface Referenced extends Connected {
  readonly source: DatabaseDescription
  readonly model: string
  /** `public.users.id` */
  readonly target: string
}

/**
 * Finds how the other databases name rows of a model.
 * @param column where they name several columns of it: which one
 * @throws `delete.unreferenced`
 */
export function findReferenced(
  client: ReferencedClient,
  referencing: Databases,
  { model, column }: { readonly model: string; readonly column?: string | undefined },
): Referenced {
  const source = descriptionOf(client)
  const shape = source.models[model]
  if (!shape) throw new TypeError(`${source.name} has no model ${model}.`)
  const connected = connectTo(source, referencing)
  const schema = shape.schema ?? schemaOf(source)
  const columns = connected.references
    .map(({ target }) => target)
    .filter((target) => target.schema === schema && target.table === shape.table)
  const targets = [
    ...new Set(columns.filter((one) => column === undefined || one.column === column).map(targetName)),
  ]
  const [target, ...others] = targets
  if (target === undefined) {
    const databases = Object.values(referencing).map((given) => descriptionOf(given).name)
    throw deleteUnreferenced({ model, databases })
  }
  if (others.length > 0)
    throw new TypeError(`Which column is meant of ${targets.join(', ')}? Say it in column.`)
  return { ...connected, source, model, target }
}
