import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { mapBounded } from '../fleet/bounded.ts'
import { checksum } from '../history/checksum.ts'
import { archiveRows } from './archive.ts'
import type { Checksums } from './checksums.ts'
import { publish, writeOut } from './draft.ts'
import { dump } from './dump.ts'
import { findExtra } from './extra.ts'
import { toolMissing } from './failures.ts'
import { readHistories } from './histories.ts'
import {
  type Compression,
  type ExtraSchemas,
  formatVersion,
  type HistoryFacts,
  type Manifest,
} from './manifest.ts'
import type { PhysicalDatabase } from './physical.ts'
import { openReader, type Reader } from './reader.ts'
import { findTools, fitting, type Tool } from './tools.ts'

/** In which form a database is saved: by pg_dump where one fits, else as an archive. */
export type Way = 'any' | 'archive' | 'pg_dump'

export type Group = readonly PhysicalDatabase[]

export interface BackupOptions {
  /** How many groups at once. */
  readonly jobs: number
  /** Keeps migrators out of a group while it is worked on. */
  readonly whileLocked: <T>(group: Group, work: () => Promise<T>) => Promise<T>
  /** The directory in which the backup's own is made. */
  readonly out: string
  readonly way: Way
  readonly compression: Compression
  /** A database is saved. */
  readonly onSaved?: (manifest: Manifest, milliseconds: number) => void
}

export interface Backup {
  readonly directory: string
  readonly manifests: readonly Manifest[]
}

/** The name of a database's description in its folder. */
export const manifestFile = 'manifest.json'

/**
 * Saves databases into one new directory, which appears when all of it is on disk.
 * @param groups databases of one group are saved as of almost one moment
 * @throws `backup.*`, `plan.*`, `shadow.*`, `server.*`, `database.missing`
 */
export async function backUp(groups: readonly Group[], options: BackupOptions): Promise<Backup> {
  const saved: SavedDatabase[] = []
  const directory = await publish(options.out, new Date(), async (draft) => {
    const results = await mapBounded(groups, options.jobs, (group) =>
      options.whileLocked(group, () => saveGroup(group, draft, options)),
    )
    saved.push(...results.flat())
    return new Map(saved.flatMap(({ checksums }) => [...checksums]))
  })
  return { directory, manifests: saved.map(({ manifest }) => manifest) }
}

interface SavedDatabase {
  readonly manifest: Manifest
  readonly checksums: Checksums
}

async function saveGroup(
  group: Group,
  draft: string,
  options: BackupOptions,
): Promise<readonly SavedDatabase[]> {
  const readers = await openReaders(group)
  try {
    const forms = await Promise.all(readers.map((reader) => formOf(reader, options.way)))
    const ended = await Promise.allSettled(forms.map((form) => save(form, draft, options)))
    const failed = ended.find((each) => each.status === 'rejected')
    if (failed) throw failed.reason
    return ended.filter((each) => each.status === 'fulfilled').map(({ value }) => value)
  } finally {
    await Promise.all(readers.map(({ client }) => client.end()))
  }
}

/**
 * The last database first: rows of a later one may name rows of an earlier one, and those were there before. Seen
 * the other way round, a user made in between would be missing.
 */
async function openReaders(databases: Group): Promise<readonly Reader[]> {
  const readers: Reader[] = []
  try {
    for (const database of databases.toReversed()) readers.unshift(await openReader(database))
    return readers
  } catch (error) {
    await Promise.all(readers.map(({ client }) => client.end()))
    throw error
  }
}

type Form =
  | {
      readonly kind: 'archive'
      readonly reader: Reader
      readonly histories: Histories
      readonly extra: ExtraSchemas
    }
  | { readonly kind: 'pg_dump'; readonly reader: Reader; readonly histories: Histories; readonly tool: Tool }

type Histories = readonly HistoryFacts[]

async function formOf(reader: Reader, way: Way): Promise<Form> {
  const { database, server } = reader
  const histories = await readHistories(reader)
  const tools = way === 'archive' ? [] : await findTools('pg_dump')
  const tool = fitting(tools, server.major)
  if (tool) return { kind: 'pg_dump', reader, histories, tool }
  if (way === 'pg_dump') {
    throw toolMissing({
      database: database.name,
      major: server.major,
      found: tools.map(({ path, major }) => `${path} (${major})`),
    })
  }
  return { kind: 'archive', reader, histories, extra: await findExtra(database, histories) }
}

async function save(
  form: Form,
  draft: string,
  { compression, onSaved }: BackupOptions,
): Promise<SavedDatabase> {
  const { reader, histories } = form
  const start = performance.now()
  const { name } = reader.database
  const folder = join(draft, name)
  const checksums = new Map<string, string>()
  const onFile = (path: string, sha256: string) => {
    checksums.set(`${name}/${path}`, sha256)
  }
  // A member of a list has its folder in that of the list.
  await mkdir(folder, { mode: 0o700, recursive: true })
  const { lsn, xmin } = reader.snapshot
  const head = {
    format: formatVersion,
    database: name,
    takenAt: reader.takenAt,
    server: reader.server,
    snapshot: { lsn, xmin },
    histories,
  } as const
  const manifest: Manifest =
    form.kind === 'pg_dump'
      ? {
          ...head,
          kind: 'pg_dump',
          ...(await dump(reader, form.tool, folder, compression !== 'none', onFile)),
        }
      : {
          ...head,
          kind: 'archive',
          ...(await archiveRows(reader, folder, compression, onFile)),
          extra: form.extra,
        }
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  await writeOut(join(folder, manifestFile), text)
  onFile(manifestFile, checksum(text))
  onSaved?.(manifest, performance.now() - start)
  return { manifest, checksums }
}
