import { readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import type { DatabaseUrl } from '../../catalog/url.ts'
import type { DiskFacts } from '../facts.ts'

const here = ['localhost', '127.0.0.1', '::1', '[::1]']

/**
 * The file system with the server's data, where that can be seen: the server runs on this machine, it tells this
 * role where the data are, and the folder there is really this server's.
 */
export async function readFree(client: Client, { host, port }: DatabaseUrl): Promise<DiskFacts['free']> {
  if (!here.includes(host) && !host.startsWith('/')) return null
  const { rows } = await client.query<{ directory: string | null }>(
    `SELECT CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN current_setting('data_directory') END AS directory`,
  )
  const directory = rows[0]?.directory
  if (!directory) return null
  try {
    const lines = (await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n')
    // Its lines: process, data directory, start time, port. Another container may have the same path.
    if (lines[1]?.trim() !== directory || Number(lines[3]) !== port) return null
    const { bavail, blocks, bsize } = await statfs(directory)
    return { bytes: bavail * bsize, total: blocks * bsize }
  } catch {
    return null
  }
}
