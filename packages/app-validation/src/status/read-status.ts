import { isFailureOf } from '@manybase/failure'
import { type Connected, connectDatabases, type Databases } from '../databases/connect.ts'
import { withSessions } from '../databases/sessions.ts'
import { integrityMissing } from '../sweep/failures.ts'
import { notInstalled, type StatusFinding } from './findings.ts'
import { type LinkStatus, type LinkStatusOptions, readLinkStatus } from './link.ts'

/** How it goes with all pairs of databases; what `statusMetrics` takes. */
export interface Status {
  readonly links: readonly LinkStatus[]
  readonly findings: readonly StatusFinding[]
}

/**
 * Looks at queues, lags, refusals and rights on both sides of every pair; changes nothing. Whether all triggers are in
 * place is left to `db integrity status`, which has the schemas.
 * @param maxLag milliseconds after which a deletion that waits is worth a finding; 5 minutes by default
 * @throws `references.database-missing`, and what the driver throws
 */
export async function readStatus(
  databases: Databases,
  { maxLag = 300_000, now = new Date() }: Partial<LinkStatusOptions> = {},
): Promise<Status> {
  const connected = connectDatabases(databases)
  const read = await Promise.all(connected.links.map((link) => readPair(connected, link, { maxLag, now })))
  const links = read.flatMap(({ status }) => (status ? [status] : []))
  return { links, findings: read.flatMap(({ findings }) => findings) }
}

interface Pair {
  readonly status?: LinkStatus
  readonly findings: readonly StatusFinding[]
}

async function readPair(
  { references, addressOf }: Connected,
  link: Connected['links'][number],
  options: LinkStatusOptions,
): Promise<Pair> {
  try {
    const status = await withSessions('status', async (open) => {
      const [a, b] = await Promise.all([
        open({ database: addressOf(link.source), side: 'referenced' }),
        open({ database: addressOf(link.referencing), side: 'referencing' }),
      ])
      return await readLinkStatus({ a, b }, link, references, options)
    })
    return { status, findings: status.findings }
  } catch (error) {
    if (!isFailureOf(integrityMissing, error)) throw error
    return { findings: [notInstalled(error.meta.database)] }
  }
}
