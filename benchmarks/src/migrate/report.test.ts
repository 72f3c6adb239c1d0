import { describe, expect, test } from '@jest/globals'
import { makeFigures } from './figures.ts'
import { type Report, renderReport, reportToJson } from './report.ts'
import { judge } from './targets.ts'
import { makeContestant, makeSeries } from './testing/series.ts'

const floor = makeContestant('floor', 'floor')
const ours = makeContestant('ours', 'ours')
const absent = makeContestant('absent', 'other')
const figures = makeFigures([
  makeSeries(floor, [100, 110], [50, 50], 50),
  makeSeries(ours, [120, 121], [], 60, [130, 131]),
])
const report: Report = {
  machine: {
    date: '2026-01-01',
    platform: 'linux x64',
    processor: 'P',
    cores: 2,
    memory: 2 ** 34,
    node: 'v24',
  },
  server: 'PostgreSQL 17',
  rounds: 2,
  memoryMethod: 'a scale',
  overhead: { median: 2, min: 1, max: 3 },
  figures,
  absentees: [{ contestant: absent, kind: 'missing', why: 'absent is not installed' }],
  verdicts: judge([ours], figures),
}

describe('the report for people', () => {
  const text = renderReport(report)

  test('gives median and spread, and ratios beside them', () => {
    expect(text).toMatch(/^ours +121 ms \(120–121\) +1\.15 \(1\.10–1\.20\) .* 60 MiB \(60–60\)/m)
  })

  test('names who is missing, and why', () => {
    expect(text).toMatch(/^absent +missing$/m)
    expect(text).toContain('absent: missing: absent is not installed')
  })

  test('names who has nothing to say in a case', () => {
    expect(text).toMatch(/^ours +keeps no books$/m)
    expect(text).toMatch(/^floor +has no way back$/m)
  })

  test('says of each target whether it is met', () => {
    expect(text).toContain('✅ ours, empty to head, time: 1.15 (at most 1.15)')
    expect(text).toContain('❔ ours, nothing to do, time: not judged (at most 1.15)')
  })
})

describe('the report for machines', () => {
  test('has every value', () => {
    const { figures } = JSON.parse(JSON.stringify(reportToJson(report)))
    expect(figures[0]).toMatchObject({
      contestant: 'floor',
      group: 'direct',
      case: 'empty-to-head',
      time: { values: [100, 110], summary: { median: 105 } },
    })
  })
})
