import { defineFailure, errorCode, exitCodes, type Failure, isFailure } from '@manybase/failure'
import { entryOf } from '../catalog/target.ts'
import type { Ended, Result } from '../fleet/roll-out.ts'
import type { Unit } from '../fleet/units.ts'
import { type DatabaseSummary, printSummary, type Summary } from './change.ts'
import { errorToJson } from './failure.ts'
import type { Output } from './output.ts'

type Ran = Result<Summary>

const rolloutFailed = defineFailure<{
  failed: number
  notBegun: number
  of: number
  failures: readonly { readonly name: string; readonly code: string; readonly what: string }[]
  fix: string
  frame?: string
}>('rollout.failed', exitCodes.migrationFailed, ({ failed, notBegun, of, failures, fix }) => ({
  what: `${failed} of ${of} databases failed${notBegun > 0 ? `, and ${notBegun} were not begun` : ''}.`,
  why: failures.map(({ name, code, what }) => `${name}: ${what} [${code}]`).join('\n'),
  fix: `${fix}\nThen run the same command again: what is done already stays as it is.`,
}))

/**
 * Prints what a change of many databases came to. One unit is told of as by itself; of several, the databases that
 * stand alike are counted.
 * @throws `rollout.failed`, unless it is told as JSON; what failed, where there is one unit only
 * @returns whether all went well
 */
export function printRollOut(output: Output, results: readonly Ran[], json: boolean): boolean {
  const [only, ...others] = results
  if (only && others.length === 0) {
    printSummary(output, summaryOf(only), json)
    return true
  }
  const failed = results.filter((result) => result.kind === 'failed')
  if (json) output.data(JSON.stringify(toJson(results), null, 2))
  else for (const line of renderPlaces(results)) output.data(line)
  if (failed.length > 0 && !json) throw rollOutFailure(results)
  return failed.length === 0
}

function summaryOf(result: Ran): Summary {
  if (result.kind === 'not-begun') throw new Error('a lone unit is always begun')
  if (result.value) return result.value
  throw result.kind === 'failed' ? result.error : new Error('what is done has a summary')
}

const databasesIn = ({ targets }: Unit): number => targets.length
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)

/** All failures as one; several hundred databases are told of in as many lines. */
export function rollOutFailure(results: readonly Result<unknown>[]): Failure {
  const failed = results.filter((result) => result.kind === 'failed')
  const notBegun = results.filter(({ kind }) => kind === 'not-begun')
  const [first] = failed
  const frame = failed.length === 1 && isFailure(first?.error) ? first.error.meta.frame : undefined
  const fixes = failed.map(({ error }) =>
    isFailure(error) ? error.fix : 'This may be a bug of the migrator.',
  )
  return rolloutFailed(
    {
      failed: sum(failed.map(({ unit }) => databasesIn(unit))),
      notBegun: sum(notBegun.map(({ unit }) => databasesIn(unit))),
      of: sum(results.map(({ unit }) => databasesIn(unit))),
      failures: failed.map(({ unit, error }) => ({
        name: unit.name,
        code: codeOf(error),
        what: whatOf(error),
      })),
      fix: [...new Set(fixes)].join('\n'),
      ...(typeof frame === 'string' && { frame }),
    },
    first?.error,
  )
}

const codeOf = (error: unknown): string => (isFailure(error) ? error.code : (errorCode(error) ?? 'bug'))
const whatOf = (error: unknown): string => errorToJson(error).error.what

/** `✖ tenants/acme: what [code]`, for the moment in which it fails. */
export const renderFailed = ({ unit, error }: Extract<Ended<Summary>, { kind: 'failed' }>): string =>
  `  ✖ ${unit.name}: ${whatOf(error)} [${codeOf(error)}]`

interface Placed {
  readonly entry: string
  readonly database: DatabaseSummary
}

/** Databases that stand alike are one line, `✅ tenants: 012 (head), 47 of 50`; those not at head have names. */
function renderPlaces(results: readonly Ran[]): readonly string[] {
  const placed = results.flatMap((result) => placesOf(result))
  const sizes = Map.groupBy(
    results.flatMap(({ unit }) => unit.targets),
    entryOf,
  )
  const alike = Map.groupBy(placed, ({ entry, database }) =>
    database.line.replace(` ${database.name}:`, ` ${entry}:`),
  )
  return [...alike].map(([line, group]) => {
    const [first] = group
    const size = first ? (sizes.get(first.entry)?.length ?? 0) : 0
    if (size <= 1) return first?.database.line ?? line
    const named = group.length < size && first?.database.atHead === false
    const names = named ? `: ${shorten(group.map(({ database }) => database.name))}` : ''
    return `${line}, ${group.length} of ${size}${names}`
  })
}

function placesOf(result: Ran): readonly Placed[] {
  const summary = result.kind === 'not-begun' ? undefined : result.value
  const entries = new Map(result.unit.targets.map((target) => [target.name, entryOf(target)]))
  return (summary?.databases ?? []).map((database) => ({
    entry: entries.get(database.name) ?? database.name,
    database,
  }))
}

const shorten = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')

const toJson = (results: readonly Ran[]) => ({
  counts: {
    databases: sum(results.map(({ unit }) => databasesIn(unit))),
    ...countKinds(results),
  },
  databases: results.flatMap(databasesToJson),
  steps: results.flatMap((result) => (result.kind === 'not-begun' ? [] : (result.value?.steps ?? []))),
  integrity: results.flatMap((result) =>
    result.kind === 'not-begun' ? [] : (result.value?.integrity ?? []),
  ),
})

function countKinds(results: readonly Ran[]) {
  const count = (wanted: ReturnType<typeof outcomeOf>) =>
    sum(results.filter((result) => outcomeOf(result) === wanted).map(({ unit }) => databasesIn(unit)))
  return {
    changed: count('changed'),
    unchanged: count('unchanged'),
    failed: count('failed'),
    notBegun: count('not-begun'),
  }
}

export function outcomeOf(result: Ran): 'changed' | 'unchanged' | 'failed' | 'not-begun' {
  if (result.kind !== 'done') return result.kind
  const { steps, integrity } = result.value
  return steps.length > 0 || integrity.length > 0 ? 'changed' : 'unchanged'
}

function databasesToJson(result: Ran): readonly object[] {
  const outcome = outcomeOf(result)
  const known = placesOf(result)
  return result.unit.targets.map(({ name }) => ({
    database: name,
    ...known.find(({ database }) => database.name === name)?.database.json,
    outcome,
    ...(result.kind === 'failed' && errorToJson(result.error)),
  }))
}
