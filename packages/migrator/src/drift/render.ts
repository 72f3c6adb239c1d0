import { styleText } from 'node:util'
import { describeObject } from '../snapshot/object.ts'
import type { Difference } from './compare.ts'
import type { Drift } from './drift.ts'
import type { Repair } from './repair.ts'

/** Lines for people: what the live database has more (+), less (-) or otherwise (~). */
export function renderDrift({ database, schemas, differences }: Drift): readonly string[] {
  if (differences.length === 0) return [`✅ ${database}: as its history makes it (${schemas.join(', ')})`]
  const shown = differences.filter((difference) => !isPartOf(difference, differences))
  return [
    `❌ ${database}: ${differences.length} differences from what its history makes`,
    ...shown.flatMap((difference) => renderDifference(difference)),
  ]
}

/** A remark on owners, which often differ from one server to another; undefined when they are the same. */
export function renderOwners({ database, owners }: Drift): string | undefined {
  if (owners.length === 0) return undefined
  const [first] = owners
  const example = first && `${first.object} to ${first.actual}, not to ${first.expected}`
  return owners.length === 1
    ? `1 object of ${database} belongs to another role than the history would give it (${example}).`
    : `${owners.length} objects of ${database} belong to other roles than the history would give them (${example}).`
}

/** What comes or goes with its table needs no line of its own. */
const isPartOf = ({ kind, object }: Difference, all: readonly Difference[]): boolean =>
  kind !== 'changed' &&
  all.some(
    (whole) =>
      whole.kind === kind &&
      (whole.object.kind === 'table' || whole.object.kind === 'view') &&
      whole.object.name === object.parent,
  )

const style = (colour: 'green' | 'red' | 'yellow', text: string) =>
  styleText(colour, text, { stream: process.stdout })

function renderDifference(difference: Difference): readonly string[] {
  const name = describeObject(difference.object)
  if (difference.kind === 'added') return [style('green', `  + ${name}`)]
  if (difference.kind === 'removed') return [style('red', `  - ${name}`)]
  return [
    style('yellow', `  ~ ${name}`),
    ...difference.changes.flatMap(({ field, expected, actual }) => [
      `      ${field} in the history:  ${show(expected)}`,
      `      ${field} in the database: ${show(actual)}`,
    ]),
  ]
}

function show(value: unknown): string {
  if (value === undefined) return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  return String(value).trim().replaceAll('\n', '\n        ')
}

/** A script that brings the database back, with remarks on what it leaves. */
export function renderRepair({ database }: Drift, { statements, byHand }: Repair): readonly string[] {
  return [
    `-- Brings ${database} back to what its history makes. Read it first: it drops what the history doesn't know.`,
    'SET check_function_bodies = off;',
    ...statements.map((statement) => `${statement.replace(/;\s*$/, '')};`),
    ...byHand.map(({ object, reason }) => `-- By hand: ${object} (${reason})`),
  ]
}
