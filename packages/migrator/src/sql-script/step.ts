import { readHeader } from '@manybase/schema-engine/script'
import { type Statement, splitStatements } from '@manybase/schema-engine/split'
import type { Bookkeeping } from '../execute/bookkeeping.ts'
import type { ScriptJob } from '../execute/job.ts'
import { fresh, ownRole, setTimeouts } from '../execute/session-settings.ts'
import { defaultLockTimeout, type RunSettings } from '../execute/settings.ts'
import { beginnings, nothing } from '../history/beginning.ts'
import { refusesTransaction } from './transaction.ts'

/** A step as SQL that does what the migrator would do, apart from trying again. */
export interface StepScript {
  readonly job: ScriptJob
  /** `none` for a script that goes statement by statement. */
  readonly transaction: 'one' | 'none' | 'skipped'
  readonly sql: string
}

/** SQL around a script, in its transaction where it has one. */
export interface Around {
  before(script: string): string
  readonly after: string
}

/** Writes a step's SQL: the books around the script, in one transaction where that is possible. */
export async function writeStep(
  schema: string,
  job: ScriptJob,
  books: Bookkeeping,
  settings: RunSettings = {},
  around?: Around,
): Promise<StepScript> {
  if (job.skippedIn !== undefined) {
    return { job, transaction: 'skipped', sql: lines('BEGIN', books.skip(job.skippedIn), 'COMMIT') }
  }
  const statements = await splitStatements(job.script)
  if (readHeader(job.script).transaction === 'none' || statements.some(refusesTransaction)) {
    return { job, transaction: 'none', sql: byStatement(schema, job, books, statements, around) }
  }
  const timeouts = setTimeouts('LOCAL', {
    ...job.options,
    lockTimeout: settings.lockTimeout ?? job.options.lockTimeout ?? defaultLockTimeout,
  })
  const [before, after] = [around?.before(job.script) ?? '', around?.after ?? '']
  const opened = [fresh(schema), 'BEGIN', timeouts, books.open]
  const sql = lines(...opened, before, job.script, ownRole, after, books.close, 'COMMIT')
  return { job, transaction: 'one', sql }
}

function byStatement(
  schema: string,
  { script, options, halfDone }: ScriptJob,
  books: Bookkeeping,
  statements: readonly Statement[],
  around?: Around,
): string {
  const ends = beginnings(script, statements)
  const through = halfDone?.appliedSteps ?? 0
  const rest = statements.slice(through).flatMap(({ text }, index) => {
    const number = through + index + 1
    return [text, books.advance(number, ends[number - 1] ?? nothing)]
  })
  return lines(
    fresh(schema),
    setTimeouts('SESSION', options),
    books.openByStatement,
    ...rest,
    ownRole,
    around?.after ?? '',
    books.close,
  )
}

/** Each part ends with a semicolon of its own; one after a comment would belong to the comment. */
const lines = (...parts: readonly string[]): string =>
  parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => (part.endsWith(';') ? part : `${part}${endsInComment(part) ? '\n' : ''};`))
    .join('\n')

const endsInComment = (part: string): boolean => part.slice(part.lastIndexOf('\n') + 1).includes('--')
