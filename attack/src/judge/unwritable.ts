import { projects } from '../place/tables.ts'
import type { Scene } from '../work/scene.ts'
import type { Living, Verdict } from './verdict.ts'
import type { Violation } from './violation.ts'

const sample = 40

/** Retryable refusals end: once all is well, whoever lives can be named, at the first attempt. */
export async function findUnwritable({ crew, random, book }: Scene, { users }: Living): Promise<Verdict> {
  const ids = [...users].slice(0, sample)
  const outcomes = await Promise.all(
    ids.map(async (id) => {
      const rows = [{ id: random.uuid(), values: [id] }]
      const outcome = await crew.ask({
        kind: 'prisma',
        form: 'create',
        mode: 'locked',
        table: projects.name,
        rows,
      })
      return { id, outcome }
    }),
  )
  const refused = outcomes.filter(({ outcome }) => outcome.kind !== 'committed')
  return {
    checked: { 'living users named again': ids.length },
    violations: refused.map(
      ({ id, outcome }): Violation => ({
        kind: 'unwritable',
        what: `naming user ${id} ended with ${JSON.stringify(outcome)}`,
        history: book.historyOf(id),
      }),
    ),
  }
}
