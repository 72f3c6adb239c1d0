import type { Client } from 'pg'
import { digestRows } from '../backup/copy-file.ts'
import { objectsBeyond } from '../backup/extra.ts'
import { takeInventory } from '../backup/inventory.ts'
import type { ArchiveManifest, DumpManifest, Manifest } from '../backup/manifest.ts'
import type { Target } from '../catalog/resolve.ts'
import { compare } from '../drift/compare.ts'
import { findDrift } from '../drift/drift.ts'
import { renderDrift } from '../drift/render.ts'
import { describeObject } from '../snapshot/object.ts'
import { unverified } from './failures.ts'
import { type Destination, nameOf } from './load.ts'

/**
 * Holds a restored database to the backup's manifest. An archive is compared row by row: each is read again by the
 * COPY that saved it, and the sum of their SHA-256 must be the same; the schema must be what the histories make. Of
 * a dump, whose rows pg_dump wrote in a form of its own, the rows are counted.
 * @param targets the database's histories, at the new place
 * @throws `restore.unverified`
 */
export async function verifyRestored(
  { client, database }: Destination,
  manifest: Manifest,
  targets: readonly Target[],
): Promise<void> {
  const problems =
    manifest.kind === 'archive'
      ? [...(await compareRows(client, manifest)), ...(await compareSchema(client, manifest, targets))]
      : await compareCounts(client, manifest)
  if (problems.length > 0) throw unverified({ database, problems })
}

async function compareRows(client: Client, manifest: ArchiveManifest): Promise<readonly string[]> {
  const { tables } = await takeInventory(client)
  const names = new Set(manifest.tables.map(nameOf))
  const problems = tables
    .filter((table) => !names.has(nameOf(table)))
    .map(({ name }) => `${name} is a table that was not saved.`)
  for (const table of manifest.tables) {
    const columns = table.columns.map((column) => client.escapeIdentifier(column))
    const { rows, digest } = await digestRows(client, { name: nameOf(table), columns, copy: table.copy })
    if (rows !== table.rows) problems.push(`${nameOf(table)} has ${rows} rows, and ${table.rows} were saved.`)
    else if (digest !== table.digest) problems.push(`${nameOf(table)} has other rows than were saved.`)
  }
  return problems
}

async function compareSchema(
  client: Client,
  { extra }: ArchiveManifest,
  targets: readonly Target[],
): Promise<readonly string[]> {
  const problems: string[] = []
  for (const target of targets) problems.push(...renderDrift(await findDrift(target)).slice(1))
  const [first] = targets
  if (!first || extra.schemas.length === 0) return problems
  const made = await objectsBeyond(client, extra, first)
  const differences = compare(extra.objects, made)
  return [...problems, ...differences.map(({ object }) => `${describeObject(object)} is not as it was.`)]
}

async function compareCounts(client: Client, manifest: DumpManifest): Promise<readonly string[]> {
  const problems: string[] = []
  for (const table of manifest.tables) {
    const { rows } = await client.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ONLY ${nameOf(table)}`,
    )
    const counted = Number(rows[0]?.rows)
    if (counted !== table.rows)
      problems.push(`${nameOf(table)} has ${counted} rows, and ${table.rows} were saved.`)
  }
  return problems
}
