import { describe, expect, test } from '@jest/globals'
import { describeMachine } from '../machine.ts'
import { judge, type Report, renderReport } from './report.ts'

const run = (milliseconds: number) => ({ milliseconds, kibibytes: 2048, exitCode: 0, output: '' })
const runs = (...milliseconds: readonly number[]) => milliseconds.map(run)

const report = (more: Partial<Report> = {}): Report => ({
  machine: describeMachine(),
  server: 'PostgreSQL 17',
  rounds: 2,
  sizes: { migrated: 50, looked: 200, jobs: 8 },
  up: [
    { label: 'db migrate', runs: runs(1000, 3000) },
    { label: 'psql -1 -f', runs: runs(2000, 4000) },
    { label: 'psql', runs: runs(1000, 2000) },
  ],
  first: run(9000),
  looks: [
    { ours: run(1500), psql: run(3000) },
    { ours: run(2500), psql: run(5000) },
  ],
  ...more,
})

describe('the report on many databases', () => {
  test('holds our command against each other one, pair by pair', () => {
    const lines = renderReport(report()).split('\n')
    const cells = (label: string) => lines.find((line) => line.startsWith(label))?.split(/ {2,}/)
    expect(cells('psql -1 -f')).toEqual([
      'psql -1 -f',
      '3.00 s (2.00–4.00)',
      '0.63 (0.50–0.75)',
      '2 MiB (2–2)',
    ])
    expect(cells('db status')).toEqual([
      'db status, at head',
      '2.00 s (1.50–2.50)',
      '1.00 (1.00–1.00)',
      '2 MiB (2–2)',
    ])
  })

  test('meets its targets or says that it does not', () => {
    expect(judge(report()).map(({ met }) => met)).toEqual([true, true])
    const slow = report({
      up: [
        { label: 'db migrate', runs: runs(3000) },
        { label: 'psql -1 -f', runs: runs(2000) },
      ],
      looks: [{ ours: run(11_000), psql: run(1) }],
    })
    expect(judge(slow)).toMatchObject([
      { value: '1.50', met: false },
      { value: '11.00 s', met: false },
    ])
  })
})
