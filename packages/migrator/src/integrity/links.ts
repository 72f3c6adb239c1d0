import {
  type Address,
  type Link,
  makeLinks,
  type openSession,
  placeReference,
  type Reference,
} from '@manybase/app-validation'
import { select } from '../catalog/catalog.ts'
import type { Target } from '../catalog/resolve.ts'
import { isConnectionLost } from '../execute/explain.ts'
import { explainServerError } from '../server/explain.ts'
import { type CommonOptions, type Context, findTargets } from '../settings/context.ts'
import { nothingReferenced } from './failures.ts'

/** The references of the catalog, and where the databases are that they connect. */
export interface Connections {
  readonly references: readonly Reference[]
  readonly links: readonly Link[]
  readonly targets: ReadonlyMap<string, Target>
}

/**
 * Finds what the selected databases say of others, and others of them.
 * @throws `integrity.nothing`, what reading schemas throws, and what finding databases throws
 */
export async function findConnections(context: Context, { only = [] }: CommonOptions): Promise<Connections> {
  const { soundReferences } = await import('@manybase/app-validation')
  const references = await soundReferences(context.catalog.databases)
  const selected = new Set(select(context.catalog, only).map(({ name }) => name))
  const wanted = references.filter(
    ({ database, target }) => selected.has(database) || selected.has(target.database),
  )
  if (wanted.length === 0) throw nothingReferenced({ databases: [...selected] })
  const targets = new Map((await findTargets(context)).map((target) => [target.name, target]))
  const schemaOf = (database: string) => targets.get(database)?.connection.schema ?? 'public'
  const links = makeLinks(wanted.map((reference) => placeReference(reference, schemaOf)))
  return { references: wanted, links, targets }
}

/** A database of the catalog, as the library opens it. */
const addressOf = ({ name, connection }: Target): Address => ({
  name,
  schema: connection.schema,
  pool: () => ({ connectionString: connection.connectionString }),
})

/** The databases of the catalog with what they declare of each other, as far as that is selected. */
export const participants = ({ references, targets }: Connections) =>
  Object.fromEntries(
    [...targets.values()].map((target) => [
      target.name,
      { ...addressOf(target), references: references.filter(({ database }) => database === target.name) },
    ]),
  )

/** A session of the one side of a link; whoever asks for it ends it. */
export type OpenSide = (link: Link, side: 'referenced' | 'referencing') => ReturnType<typeof openSession>

/** Runs `work` with sessions as it asks for them, and ends them after it. */
export async function withSessions<T>(
  { targets }: Connections,
  name: string,
  work: (open: OpenSide) => Promise<T>,
): Promise<T> {
  const library = await import('@manybase/app-validation')
  /** Whose session ended first; all that is left end with it. */
  let lost: Target | undefined
  try {
    return await library.withSessions(name, async (open) =>
      work(async (link, side) => {
        const target = targets.get(side === 'referenced' ? link.source : link.referencing)
        if (!target) throw new Error('a link connects databases of the catalog')
        const onLost = () => {
          lost ??= target
        }
        return await open({ database: addressOf(target), side, onLost }).catch((error) => {
          throw explainServerError(error, target)
        })
      }),
    )
  } catch (error) {
    throw lost && isConnectionLost(error) ? explainServerError(error, lost) : error
  }
}
