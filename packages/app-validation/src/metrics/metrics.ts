import type { Scan } from '../scan/scan.ts'
import type { StatusFinding } from '../status/findings.ts'
import type { LinkStatus } from '../status/link.ts'
import type { Metric, Sample } from './exposition.ts'

/** How it goes with each pair of databases, as numbers to watch. Times are seconds. */
export function statusMetrics(
  { links, findings }: { readonly links: readonly LinkStatus[]; readonly findings: readonly StatusFinding[] },
  now: Date = new Date(),
): readonly Metric[] {
  const gauge = (name: string, help: string, read: (link: LinkStatus) => number): Metric => ({
    name: `integrity_${name}`,
    kind: 'gauge',
    help,
    samples: links.map((link) => ({ labels: labelsOf(link), value: read(link) })),
  })
  return [
    gauge('visible_lag_seconds', 'Age of the oldest deletion whose rows may still be there.', (link) =>
      age([link.referenced.oldestWaiting, link.following.oldestUncleared], now),
    ),
    gauge('closed_lag_seconds', 'Age of the oldest deletion without a receipt.', (link) =>
      age([link.referenced.oldestWaiting, link.following.oldestUnswept], now),
    ),
    gauge(
      'waiting_deletions',
      'Deletions that no sweeper has taken over yet.',
      (link) => link.referenced.waiting,
    ),
    gauge(
      'uncleared_deletions',
      'Deletions taken over whose rows may still be there.',
      (link) => link.following.uncleared,
    ),
    gauge(
      'unswept_deletions',
      'Deletions taken over that have no receipt.',
      (link) => link.following.unswept,
    ),
    gauge(
      'left_reservations',
      'Ids that an arbitration has reserved for long.',
      (link) => link.following.oldReservations,
    ),
    {
      name: 'integrity_left_intents',
      kind: 'gauge',
      help: 'Deletions whose arbitration began long ago and has not ended.',
      samples: perDatabase(links, ({ referenced }) => [[referenced.database, {}, referenced.oldIntents]]),
    },
    {
      name: 'integrity_stopped',
      kind: 'gauge',
      help: '1 while a person has paused the sweeping, or a restore has frozen it.',
      samples: links.flatMap((link) =>
        ['paused', 'frozen'].map((state) => ({
          labels: { ...labelsOf(link), state },
          value: link.following.stopped?.state === state ? 1 : 0,
        })),
      ),
    },
    {
      name: 'integrity_refused_total',
      kind: 'counter',
      help: 'Statements that a trigger refused, by reason.',
      samples: perDatabase(links, ({ referenced, following }) => [
        [following.database, { reason: 'deleted row named' }, following.refused.writes],
        [following.database, { reason: 'deletion being decided' }, following.refused.reserved],
        [referenced.database, { reason: 'deleted id reused' }, referenced.refused.reuses],
        [referenced.database, { reason: 'deletion not arbitrated' }, referenced.refused.deletes],
      ]),
    },
    {
      name: 'integrity_findings',
      kind: 'gauge',
      help: 'What `db integrity status` finds, by kind.',
      samples: [
        ...Map.groupBy(findings, ({ database, kind }) => JSON.stringify([database, kind])).values(),
      ].flatMap((group) =>
        group.slice(0, 1).map(({ database, kind }) => ({ labels: { database, kind }, value: group.length })),
      ),
    },
  ]
}

/** What a scan found, for whoever keeps the numbers of the last one. */
export function scanMetrics(
  scans: readonly (Scan & { readonly milliseconds: number })[],
  now: Date = new Date(),
): readonly Metric[] {
  const perColumn = (
    name: string,
    help: string,
    read: (column: Scan['columns'][number]) => number,
  ): Metric => ({
    name: `integrity_${name}`,
    kind: 'gauge',
    help,
    samples: scans.flatMap((scan) =>
      scan.columns.map((column) => ({
        labels: { ...labelsOf(scan), column: column.column },
        value: read(column),
      })),
    ),
  })
  const perScan = (name: string, help: string, read: (scan: (typeof scans)[number]) => number): Metric => ({
    name: `integrity_${name}`,
    kind: 'gauge',
    help,
    samples: scans.map((scan) => ({ labels: labelsOf(scan), value: read(scan) })),
  })
  return [
    perColumn(
      'orphan_ids',
      'Ids that rows name and that do not exist, at the last scan.',
      ({ orphans }) => orphans.ids,
    ),
    perColumn('orphan_rows', 'Rows that name them, at the last scan.', ({ orphans }) => orphans.rows),
    perScan(
      'scan_duration_seconds',
      'How long the last scan took.',
      ({ milliseconds }) => milliseconds / 1000,
    ),
    perScan('scan_timestamp_seconds', 'When the last scan ended.', () => Math.floor(now.getTime() / 1000)),
  ]
}

const labelsOf = ({ source, referencing }: { readonly source: string; readonly referencing: string }) => ({
  source,
  referencing,
})

function age(times: readonly (string | null)[], now: Date): number {
  const ages = times.filter((time) => time !== null).map((time) => (now.getTime() - Date.parse(time)) / 1000)
  return Math.max(0, ...ages)
}

type Counted = readonly [database: string, labels: Readonly<Record<string, string>>, value: number]

/** What belongs to a database and not to a pair comes once, however many pairs it is part of. */
function perDatabase(
  links: readonly LinkStatus[],
  read: (link: LinkStatus) => readonly Counted[],
): readonly Sample[] {
  const samples = links
    .flatMap(read)
    .map(([database, labels, value]) => ({ labels: { database, ...labels }, value }))
  return [...new Map(samples.map((sample) => [JSON.stringify(sample.labels), sample])).values()]
}
