import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Address,
  type Link,
  makeLinks,
  type openSession,
  type PlacedReference,
} from '@manybase/app-validation'
import { errorCode, errorMessage } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { explainServerError, isConnectionLost } from '../server/explain.ts'
import { type CommonOptions, type Context, findTargets } from '../settings/context.ts'
import { integrityRightMissing, nothingReferenced } from './failures.ts'
import { spreadReferences } from './spread.ts'

/** The references of the catalog, those of a list for each member, and where the databases are that they connect. */
export interface Connections {
  readonly references: readonly PlacedReference[]
  readonly links: readonly Link[]
  readonly targets: ReadonlyMap<string, Target>
}

/**
 * Finds what the selected databases say of others, and others of them.
 * @throws `integrity.nothing`, `integrity.list-referenced`, what reading schemas throws, and what finding databases throws
 */
export async function findConnections(context: Context, { only = [] }: CommonOptions): Promise<Connections> {
  const { soundReferences } = await import('@manybase/app-validation')
  const declared = await soundReferences(context.catalog.databases)
  const all = await findTargets(context)
  const spread = spreadReferences(declared, all)
  const selected = new Set(
    (only.length === 0 ? all : await findTargets(context, only)).map(({ name }) => name),
  )
  // What a selected database shares its tombstones with is swept along.
  const concerned = new Set(
    spread.filter(({ own }) => selected.has(own.database)).map(({ swept }) => swept.database),
  )
  const references = spread
    .map(({ swept }) => swept)
    .filter(({ database, target }) => concerned.has(database) || selected.has(target.database))
  if (references.length === 0) throw nothingReferenced({ databases: [...selected] })
  const targets = new Map(all.map((target) => [target.name, target]))
  return { references, links: makeLinks(references), targets }
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
  { targets }: Pick<Connections, 'targets'>,
  name: string,
  work: (open: OpenSide) => Promise<T>,
): Promise<T> {
  const library = await import('@manybase/app-validation')
  /** Whose session the server or the network has ended. */
  const lost = Promise.withResolvers<Target>()
  return await library.withSessions(name, async (open) => {
    const openSide: OpenSide = async (link, side) => {
      const target = targets.get(side === 'referenced' ? link.source : link.referencing)
      if (!target) throw new Error('a link connects databases of the catalog')
      const onLost = (error: Error) => {
        if (isConnectionLost(error)) lost.resolve(target)
      }
      return await open({ database: addressOf(target), side, onLost }).catch((error) => {
        throw explainServerError(error, target)
      })
    }
    try {
      return await work(openSide)
    } catch (error) {
      if (errorCode(error) === '42501') throw integrityRightMissing({ message: errorMessage(error) }, error)
      if (!isConnectionLost(error)) throw error
      // The query hears of it before the session does.
      const target = await Promise.race([lost.promise, sleep(1000, undefined)])
      throw target ? explainServerError(error, target) : error
    }
  })
}
