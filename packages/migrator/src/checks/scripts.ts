import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, errorMessage, isFailure } from '@manybase/failure'
import { readHeader } from '@manybase/schema-engine/script'
import { readOptions } from '../history/options.ts'
import type { History, Revision } from '../history/revision.ts'
import { type CreatedTables, createdTables } from './created-tables.ts'
import type { ScriptFinding } from './findings.ts'

/** Holds each revision's files to one another: header, script, way back and options. */
export async function verifyScripts(history: History): Promise<readonly ScriptFinding[]> {
  return (await Promise.all(history.revisions.map(verifyRevision))).flat()
}

async function verifyRevision(revision: Revision): Promise<readonly ScriptFinding[]> {
  const { path } = revision
  const at = { database: revision.database, revision: revision.name, path }
  const down = readDown(path)
  const created = await readTables(revision.script)
  return [
    ...(created.kind === 'read'
      ? verifyCreates(revision, created.value)
      : [unreadable(at, 'migration.sql', created)]),
    ...(down === undefined ? [{ kind: 'down-missing' as const, ...at }] : await verifyDown(at, down)),
    ...verifyOptions(revision),
  ]
}

interface At {
  readonly database: string
  readonly revision: string
  readonly path: string
}

type Read =
  | { readonly kind: 'read'; readonly value: CreatedTables }
  | { readonly kind: 'refused'; readonly problem: string }

const readTables = (script: string): Promise<Read> =>
  createdTables(script).then(
    (value) => ({ kind: 'read', value }),
    (error) => ({ kind: 'refused', problem: errorMessage(error) }),
  )

const unreadable = (at: At, file: string, { problem }: Read & { kind: 'refused' }): ScriptFinding => ({
  kind: 'script-unreadable',
  ...at,
  path: join(at.path, file),
  problem,
})

async function verifyDown(at: At, down: string): Promise<readonly ScriptFinding[]> {
  const read = await readTables(down)
  return read.kind === 'read' ? [] : [unreadable(at, 'down.sql', read)]
}

/** A header that says nothing of tables is as Prisma alone makes it. */
function verifyCreates(
  { database, name, path, script }: Revision,
  { tables, partitions, runsCode }: CreatedTables,
): readonly ScriptFinding[] {
  const named = readHeader(script).creates
  if (named.length === 0) return []
  const unnamed = tables.filter((table) => !named.includes(table) && !partitions.includes(table))
  const uncreated = runsCode ? [] : named.filter((table) => !tables.includes(table))
  if (unnamed.length + uncreated.length === 0) return []
  return [{ kind: 'creates-wrong', database, revision: name, path, unnamed, uncreated }]
}

function verifyOptions(revision: Revision): readonly ScriptFinding[] {
  try {
    readOptions(revision)
    return []
  } catch (error) {
    if (!isFailure(error)) throw error
    const { database, name, path } = revision
    const problem = typeof error.meta.problem === 'string' ? error.meta.problem : error.what
    return [{ kind: 'options-invalid', database, revision: name, path, problem }]
  }
}

function readDown(path: string): string | undefined {
  try {
    return readFileSync(join(path, 'down.sql'), 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
