import type { FindMissing } from '../input/batch.ts'
import type { ReferencedDatabase } from './database.ts'
import { check } from './locks.ts'
import { type GuardOptions, settingsFrom } from './options.ts'
import { referencedDatabases } from './referenced-databases.ts'

/** Looks values up for the schemas of `makeInputs`, on the server. */
export interface ReferenceLookup {
  /** @throws ReferencedDatabaseUnavailable */
  readonly findMissing: FindMissing
  /** Ends its connections. */
  close(): Promise<void>
}

/**
 * Looks up which values name no row, in databases that are given as to `guardReferences`. It holds nothing: a row may be
 * gone when it is written about, and that is the guard's to say.
 */
export function referenceLookup(
  databases: Readonly<Record<string, ReferencedDatabase>>,
  options: Pick<GuardOptions, 'pool'> = {},
): ReferenceLookup {
  const referenced = referencedDatabases(databases, settingsFrom(options))
  return {
    async findMissing(target, values) {
      const named = values.map((value) => ({ reference: { target }, value }))
      return (await check(referenced.poolsOf, 'outer', named)).map(({ value }) => value)
    },
    close: () => referenced.end(),
  }
}
