import { projects, teams } from '../place/tables.ts'
import type { Scene } from '../work/scene.ts'
import type { Outcome, Task } from '../worker/messages.ts'
import type { Living, Verdict } from './verdict.ts'
import type { Violation } from './violation.ts'

const sample = 40

/**
 * Retryable refusals end: once all is well, whoever lives can be named, at the first attempt. Through the guard, and
 * through a reference that restricts, since that one alone heeds reservations.
 */
export async function findUnwritable({ crew, random, book }: Scene, { users }: Living): Promise<Verdict> {
  const ids = [...users].slice(0, sample)
  const rowOf = (id: string) => [{ id: random.uuid(), values: [id] }]
  const tasksOf = (id: string): readonly Task[] => [
    { kind: 'prisma', form: 'create', mode: 'locked', table: projects.name, rows: rowOf(id) },
    { kind: 'raw', statement: 'insert', table: teams.name, rows: rowOf(id), manner: plain },
  ]
  // One after the other: a guard that has no connection left on a busy machine is right to say so.
  const outcomes: { id: string; table: string; outcome: Outcome }[] = []
  for (const id of ids) {
    for (const task of tasksOf(id)) outcomes.push({ id, table: task.table, outcome: await crew.ask(task) })
  }
  const refused = outcomes.filter(({ outcome }) => outcome.kind !== 'committed')
  return {
    checked: { 'living users named again': ids.length },
    violations: refused.map(
      ({ id, table, outcome }): Violation => ({
        kind: 'unwritable',
        what: `naming user ${id} in ${table} ended with ${JSON.stringify(outcome)}`,
        history: book.historyOf(id),
      }),
    ),
  }
}

/** A write with nothing particular about it. */
export const plain = {
  isolation: 'READ COMMITTED',
  before: 0,
  after: 0,
  snapshot: 'own',
  commit: 'plain',
  durable: true,
  savepoints: false,
} as const
