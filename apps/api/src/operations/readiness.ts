import { fileURLToPath } from 'node:url'
import {
  checkReadiness,
  type QueryClient,
  type Readiness,
  readKnownHistory,
} from '@manybase/migrator/readiness'

/** How each database stands to the history that this program was built with. */
export type DatabaseStates = Readonly<Record<string, Readiness['kind']>>

export interface Readable {
  readonly name: string
  readonly client: QueryClient
  /** The folder of migrations. */
  readonly history: URL
  readonly schema?: string
}

/** Where the migrations of a database package lie. */
export const historyOf = (name: string): URL =>
  new URL('../prisma/migrations', import.meta.resolve(`@socrates/${name}`))

const patience = 2_000
const freshness = 1_000

/**
 * Makes a question that may be asked as often as somebody likes: a database is asked once a second at most, and one that
 * says nothing is `unknown` after two.
 */
export function makeReadiness(databases: readonly Readable[]): () => Promise<DatabaseStates> {
  const known = databases.map((database) => ({
    ...database,
    history: readKnownHistory(fileURLToPath(database.history)),
  }))
  const ask = async () =>
    Object.fromEntries(
      await Promise.all(
        known.map(async ({ name, client, ...options }) => [
          name,
          await inTime(checkReadiness(client, options).then(({ kind }) => kind)),
        ]),
      ),
    )
  let last: { readonly at: number; readonly states: Promise<DatabaseStates> } | undefined
  return () => {
    if (!last || performance.now() - last.at > freshness) last = { at: performance.now(), states: ask() }
    return last.states
  }
}

async function inTime(kind: Promise<Readiness['kind']>): Promise<Readiness['kind']> {
  const { promise: late, resolve } = Promise.withResolvers<'unknown'>()
  const timer = setTimeout(() => resolve('unknown'), patience)
  try {
    return await Promise.race([kind, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Newer is fit to serve too: whoever deploys migrates first. */
export const isReady = (states: DatabaseStates): boolean =>
  Object.values(states).every((kind) => kind === 'ready' || kind === 'ahead')

const explanations: Readonly<Record<Readiness['kind'], string>> = {
  ready: 'is at head',
  ahead: 'is ahead',
  behind: 'is behind, and has to be migrated first',
  divergent: 'was migrated by other scripts than these',
  unknown: 'doesn’t answer, or has no ledger',
}

/** Why not: one sentence a database, without what an error may quote. */
export const whyNot = (states: DatabaseStates): string =>
  Object.entries(states)
    .filter(([, kind]) => kind !== 'ready' && kind !== 'ahead')
    .map(([name, kind]) => `${name} ${explanations[kind]}.`)
    .join(' ')
