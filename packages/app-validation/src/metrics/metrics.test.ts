import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { LinkStatus } from '../status/link.ts'
import { renderMetrics } from './exposition.ts'
import { scanMetrics, statusMetrics } from './metrics.ts'

const now = new Date('2026-11-21T12:00:00Z')

const link = (referencing: string): LinkStatus => ({
  source: 'auth',
  referencing,
  referenced: {
    database: 'auth',
    waiting: 2,
    oldestWaiting: '2026-11-21T11:59:50Z',
    oldIntents: 1,
    refused: { reuses: 3, deletes: 4 },
    role: 'migrator',
    unlockable: [],
  },
  following: {
    database: referencing,
    source: 'auth',
    horizons: [],
    uncleared: 5,
    oldestUncleared: '2026-11-21T11:59:30Z',
    unswept: 6,
    oldestUnswept: '2026-11-21T11:59:00Z',
    stopped: { state: 'paused', reason: 'a restore', role: 'ada' },
    oldReservations: 7,
    refused: { writes: 8, reserved: 9 },
    role: 'migrator',
    seesSnapshots: true,
  },
  lag: 60_000,
  findings: [],
})

const finding = { kind: 'integrity.lag', database: 'specs', what: '', why: '', fix: '' }
const scan = {
  source: 'auth',
  referencing: 'specs',
  milliseconds: 1500,
  columns: [
    {
      column: 'public.projects.user_id',
      target: 'public.users.id',
      onDelete: 'Cascade',
      orphans: { ids: 1, rows: 2, deleted: 0 },
      kept: { ids: 0, rows: 0 },
      waiting: { ids: 0, rows: 0 },
      examples: [],
    },
  ],
} as const

const all = [
  ...statusMetrics({ links: [link('specs')], findings: [finding] }, now),
  ...scanMetrics([scan], now),
]

describe('metrics', () => {
  test('are what Prometheus reads', () => {
    expect(
      renderMetrics(all)
        .split('\n')
        .filter((line) => !line.startsWith('#')),
    ).toEqual([
      'integrity_visible_lag_seconds{source="auth",referencing="specs"} 30',
      'integrity_closed_lag_seconds{source="auth",referencing="specs"} 60',
      'integrity_waiting_deletions{source="auth",referencing="specs"} 2',
      'integrity_uncleared_deletions{source="auth",referencing="specs"} 5',
      'integrity_unswept_deletions{source="auth",referencing="specs"} 6',
      'integrity_left_reservations{source="auth",referencing="specs"} 7',
      'integrity_left_intents{database="auth"} 1',
      'integrity_stopped{source="auth",referencing="specs",state="paused"} 1',
      'integrity_stopped{source="auth",referencing="specs",state="frozen"} 0',
      'integrity_refused_total{database="specs",reason="deleted row named"} 8',
      'integrity_refused_total{database="specs",reason="deletion being decided"} 9',
      'integrity_refused_total{database="auth",reason="deleted id reused"} 3',
      'integrity_refused_total{database="auth",reason="deletion not arbitrated"} 4',
      'integrity_findings{database="specs",kind="integrity.lag"} 1',
      'integrity_orphan_ids{source="auth",referencing="specs",column="public.projects.user_id"} 1',
      'integrity_orphan_rows{source="auth",referencing="specs",column="public.projects.user_id"} 2',
      'integrity_scan_duration_seconds{source="auth",referencing="specs"} 1.5',
      'integrity_scan_timestamp_seconds{source="auth",referencing="specs"} 1795262400',
      '',
    ])
  })

  test('have help and type before their samples, and quoted labels', () => {
    const samples = [{ labels: { name: 'a"b\\c\nd' }, value: 1 }]
    expect(renderMetrics([{ name: 'some', kind: 'gauge', help: 'Some.', samples }])).toBe(
      '# HELP some Some.\n# TYPE some gauge\nsome{name="a\\"b\\\\c\\nd"} 1\n',
    )
    expect(renderMetrics([{ name: 'none', kind: 'gauge', help: 'None.', samples: [] }])).toBe('')
  })

  test('of a database that several pairs share come once', () => {
    const metrics = statusMetrics({ links: [link('specs'), link('billing')], findings: [] }, now)
    const intents = metrics.find(({ name }) => name === 'integrity_left_intents')
    expect(intents?.samples).toEqual([{ labels: { database: 'auth' }, value: 1 }])
  })

  test('each have an entry in the runbook', () => {
    const page = readFileSync(
      join(import.meta.dirname, '../../../../docs/how-to/integrity-alarms.md'),
      'utf8',
    )
    const headings = page.split('\n').filter((line) => line.startsWith('## '))
    expect(headings).toEqual(
      expect.arrayContaining(all.map(({ name }) => expect.stringContaining(`\`${name}\``))),
    )
  })
})
