import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readHeader } from '@manybase/schema-engine/script'
import type { Target } from '../catalog/target.ts'
import { checksum } from './checksum.ts'
import { historyMissing, scriptMissing } from './failures.ts'
import { historyOfMember } from './member.ts'
import { type History, parentIds, parseRef, type Revision, revisionId } from './revision.ts'

/**
 * Reads a history from disk, sorted by name as Prisma applies it. Synchronous on purpose: a history is
 * a few dozen small files, and it is read while the connections are being opened.
 * @throws `history.missing`, `history.script-missing`
 */
export function readHistory(database: Pick<Target, 'name' | 'migrations' | 'membership'>): History {
  const { name, migrations, membership } = database
  return membership
    ? historyOfMember(membership, () => readDirectory(membership.list.name, migrations))
    : readDirectory(name, migrations)
}

function readDirectory(name: string, migrations: string): History {
  if (!existsSync(migrations)) throw historyMissing({ database: name, directory: migrations })
  const names = readdirSync(migrations, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  const revisions: Revision[] = []
  for (const directory of names) {
    revisions.push(readRevision(name, join(migrations, directory), directory, revisions.at(-1)))
  }
  return { database: name, revisions }
}

function readRevision(
  database: string,
  path: string,
  name: string,
  previous: Revision | undefined,
): Revision {
  const script = readScript(path)
  const header = readHeader(script)
  return {
    database,
    id: revisionId(name),
    name,
    path,
    parents: parentIds(header.revises, previous?.id),
    dependsOn: header.dependsOn.map((text) => parseRef(text, database)),
    script,
    checksum: checksum(script),
  }
}

function readScript(path: string): string {
  try {
    return readFileSync(join(path, 'migration.sql'), 'utf8')
  } catch (error) {
    throw scriptMissing({ path }, error)
  }
}
