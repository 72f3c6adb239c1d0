import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, errorMessage } from '@manybase/failure'
import { DatabaseError } from 'pg'
import { explainServerError } from '../server/explain.ts'
import { type CopyPlan, saveRows, suffixOf } from './copy-file.ts'
import { isFileError } from './draft.ts'
import { backupCannotCarry, unreadable } from './failures.ts'
import { readSequences, type TableFacts, takeInventory } from './inventory.ts'
import type { ArchiveManifest, Compression, SavedTable } from './manifest.ts'
import type { Reader } from './reader.ts'

/** What an archive's manifest says of its rows. */
export type ArchivedRows = Pick<ArchiveManifest, 'tables' | 'sequences' | 'compression'>

/**
 * Writes the rows of all tables, one table after the other, as the reader's snapshot has them.
 * @param onFile called with each file's path below the folder and its SHA-256
 * @throws `backup.cannot-carry`, `backup.unreadable`, `server.*`
 */
export async function archiveRows(
  reader: Reader,
  folder: string,
  compression: Compression,
  onFile: (path: string, sha256: string) => void,
): Promise<ArchivedRows> {
  const { client, database } = reader
  const { tables, sequences, others } = await takeInventory(client)
  if (others.length > 0) throw backupCannotCarry({ database: database.name, objects: others })
  await mkdir(join(folder, tablesFolder), { recursive: true, mode: 0o700 })
  // Nobody drops or rewrites a table that is still to be read.
  if (tables.length > 0) {
    await reading(reader, 'A table', () =>
      client.query(`LOCK TABLE ${tables.map(({ name }) => name).join(', ')} IN ACCESS SHARE MODE`),
    )
  }
  const saved: SavedTable[] = []
  for (const [index, facts] of tables.entries()) {
    const file = `${tablesFolder}/${fileName(index, facts)}${suffixOf(compression)}`
    const { sha256, ...digest } = await reading(reader, facts.name, () =>
      saveRows(client, planOf(reader, facts), join(folder, file), compression),
    )
    onFile(file, sha256)
    const { schema, table, columns, copy } = facts
    saved.push({ schema, table, columns, copy, file, ...digest })
  }
  return {
    compression,
    tables: saved,
    sequences: await reading(reader, 'A sequence', () => readSequences(client, sequences)),
  }
}

const tablesFolder = 'tables'

/** For people; the number keeps apart what sanitizing makes alike. */
const fileName = (index: number, { schema, table }: TableFacts): string =>
  `${String(index + 1).padStart(4, '0')}-${`${schema}.${table}`.replaceAll(/[^\w.-]/g, '_').slice(0, 80)}.copy`

const planOf = ({ client }: Reader, { name, columns, copy }: TableFacts): CopyPlan => ({
  name,
  columns: columns.map((column) => client.escapeIdentifier(column)),
  copy,
})

async function reading<T>({ database }: Reader, object: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DatabaseError && !isServerGone(error)) {
      throw unreadable({ database: database.name, object, message: errorMessage(error) }, error)
    }
    throw isFileError(error) ? error : explainServerError(error, database.targets[0])
  }
}

/** Those have explanations of their own. */
const isServerGone = (error: DatabaseError): boolean => /^(08|57P)/.test(errorCode(error) ?? '')
