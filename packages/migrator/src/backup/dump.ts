import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { errorMessage } from '@manybase/failure'
import { checksumOf } from './checksums.ts'
import { flushDirectory } from './copy-file.ts'
import { unreadable } from './failures.ts'
import { takeInventory } from './inventory.ts'
import type { DumpManifest } from './manifest.ts'
import type { Reader } from './reader.ts'
import { runTool, type Tool } from './tools.ts'

const file = 'database.dump'

/**
 * Has pg_dump write what the reader's snapshot has, and counts the rows of that snapshot for a comparison after a
 * restore.
 * @throws `backup.tool-failed`, `backup.unreadable`
 */
export async function dump(
  reader: Reader,
  tool: Tool,
  folder: string,
  compressed: boolean,
  onFile: (path: string, sha256: string) => void,
): Promise<Pick<DumpManifest, 'tool' | 'file' | 'tables'>> {
  const [target] = reader.database.targets
  const path = join(folder, file)
  await runTool(tool, target, target.connection.database, [
    '--format=custom',
    `--snapshot=${reader.snapshot.id}`,
    `--file=${path}`,
    ...(compressed ? [] : ['--compress=0']),
  ])
  await protect(path)
  await flushDirectory(folder)
  onFile(file, await checksumOf(path))
  return { tool: tool.description, file, tables: await countTables(reader) }
}

async function protect(path: string): Promise<void> {
  const written = await open(path, 'r+')
  try {
    await written.chmod(0o600)
    await written.sync()
  } finally {
    await written.close()
  }
}

async function countTables({ client, database }: Reader): Promise<DumpManifest['tables']> {
  const { tables } = await takeInventory(client)
  const counted: { schema: string; table: string; rows: number }[] = []
  for (const { schema, table, name } of tables) {
    const { rows } = await client
      .query<{ rows: string }>(`SELECT count(*) AS rows FROM ONLY ${name}`)
      .catch((error) => {
        throw unreadable({ database: database.name, object: name, message: errorMessage(error) }, error)
      })
    counted.push({ schema, table, rows: Number(rows[0]?.rows) })
  }
  return counted
}
