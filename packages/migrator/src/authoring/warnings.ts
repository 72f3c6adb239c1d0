import type { CatalogDifference } from '../snapshot/catalog-snapshot.ts'
import { type Change, changesOf, cutScript, joinStatements } from './statements.ts'

/** Puts a `-- WARNING: …` above each statement that loses data, or fails on some. */
export async function annotate(script: string): Promise<string> {
  const statements = await cutScript(script)
  const changes = statements.map(({ tree }) => changesOf(tree))
  const created = new Set(
    changes.flat().flatMap((each) => (each.kind === 'creates-table' ? [each.table] : [])),
  )
  // A table that the same script creates has no rows to lose.
  const onRows = (change: Change) => !('table' in change) || !created.has(change.table)
  return joinStatements(
    statements.map(({ text }, index) => {
      const warnings = (changes[index] ?? []).filter(onRows).flatMap(warningOf)
      return [...warnings.map((warning) => `-- WARNING: ${warning}`), text].join('\n')
    }),
  )
}

/** Tables that a script creates, in its order. */
export async function tablesCreated(script: string): Promise<readonly string[]> {
  const changes = (await cutScript(script)).flatMap(({ tree }) => changesOf(tree))
  return changes.flatMap((change) => (change.kind === 'creates-table' ? [change.table] : []))
}

function warningOf(change: Change): string[] {
  switch (change.kind) {
    case 'drops-table':
      return [`drops the table ${change.table} with all its rows.`]
    case 'drops-schema':
      return [`drops the schema ${change.schema} with all that is in it.`]
    case 'drops-column':
      return [`drops the column ${change.table}.${change.column} with all its values.`]
    case 'changes-type':
      return [
        `changes the type of ${change.table}.${change.column}; values may be cut, and one that doesn't fit makes it fail.`,
      ]
    case 'deletes-rows':
      return [`deletes rows of ${change.table}.`]
    case 'adds-column':
      return change.needsValue
        ? [`fails where ${change.table} has rows: ${change.column.name} is required and has no default.`]
        : []
    case 'sets-required':
      return [`fails where ${change.table}.${change.column} is null.`]
    case 'adds-unique':
      return [`fails where ${change.table} holds the same key twice.`]
    case 'creates-table':
      return []
  }
}

/** What a `down.sql` leaves behind, as a comment at its end. */
export const traceWarning = (trace: CatalogDifference): string => {
  const what = {
    added: 'is left over',
    removed: 'is not made again',
    changed: 'is not as before',
  }[trace.kind]
  return `\n-- WARNING: not undone above: ${trace.object.replaceAll('\n', ' ')} ${what}.\n`
}
