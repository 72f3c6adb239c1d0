import { join } from 'node:path'
import type { PlacedReference } from '../references/placed.ts'
import { type Change, describeChange, relationOf, sqlOf } from './change.ts'
import { additions, compare } from './compare.ts'
import { desiredIn, tablesOf } from './desired.ts'
import type { Found } from './found.ts'
import { inTheWay } from './in-the-way.ts'
import { type Offline, writeOffline } from './offline.ts'
import { type Client, readFound } from './read.ts'
import { referencesAmong } from './references.ts'
import { rightsIn } from './rights.ts'
import type { Site } from './stamp.ts'
import { relationName } from './trigger.ts'

/** One thing to do in a database. */
export interface Statement {
  /** What is the matter, for people. */
  readonly description: string
  readonly sql: string
  /** The table that it locks against writers. */
  readonly table: string | undefined
}

const migrations = (side: string): string =>
  join(import.meta.dirname, '../histories', side, 'prisma/migrations')

/** The two histories of the schema `integrity`, each for one side of a reference. */
const histories = {
  referenced: { name: 'integrity of the referenced side', migrations: migrations('referenced') },
  referencing: { name: 'integrity of the referencing side', migrations: migrations('referencing') },
} as const

export type Installer = Awaited<ReturnType<typeof makeInstaller>>

/**
 * What has to be in the databases for these schemas, against what is there.
 * @throws `schema.invalid`, `references.unsound`
 */
export async function makeInstaller(sites: readonly Site[]) {
  return installerFor(await referencesAmong(sites))
}

/** Takes away whatever is there. */
export const nothingToInstall = installerFor([])

export function installerFor(references: readonly PlacedReference[]) {
  const find = (client: Client, names: readonly string[]): Promise<Found> =>
    readFound(
      client,
      names.flatMap((name) => tablesOf(name, references)),
    )
  const desired = (names: readonly string[], { tables }: Found) => {
    const each = names.map((name) => desiredIn(name, references, tables))
    return {
      functions: each.flatMap(({ functions }) => functions),
      triggers: each.flatMap(({ triggers }) => triggers),
    }
  }
  return {
    references,
    known: Object.values(histories),
    /** The histories that a database takes part in. */
    histories: (name: string) => [
      ...(references.some(({ target }) => target.database === name) ? [histories.referenced] : []),
      ...(references.some(({ database }) => database === name) ? [histories.referencing] : []),
    ],
    /** What brings a PostgreSQL database in step in which these databases of the catalog lie, and no others. */
    changes: async (client: Client, names: readonly string[]): Promise<readonly Statement[]> => {
      const found = await find(client, names)
      return compare(desired(names, found), found).map(toStatement)
    },
    /** What is missing of one of them; what may belong to another stays. */
    additions: async (client: Client, name: string): Promise<readonly Statement[]> => {
      const found = await find(client, [name])
      return additions(compare(desired([name], found), found)).map(toStatement)
    },
    /** The same for a script that is written without a connection. */
    offline: (name: string): Offline => writeOffline(name, references),
    /** What keeps a script from changing columns. */
    inTheWay: async (client: Client, name: string, script: string): Promise<readonly Statement[]> => {
      const found = await find(client, [name])
      return inTheWay(desired([name], found), script).map(toStatement)
    },
    /** What roles other than the owner need in a database. */
    rights: (name: string) => rightsIn(name, references),
  }
}

function toStatement(change: Change): Statement {
  const relation = relationOf(change)
  return {
    description: describeChange(change),
    sql: sqlOf(change),
    table: relation && relationName(relation),
  }
}
