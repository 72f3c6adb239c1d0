import { guardReferences } from '@manybase/app-validation/guard'
import { createAuthClient } from '@socrates/db-auth'
import { createSpecsClient } from '@socrates/db-specs'
import { connect } from '../place/connect.ts'
import { tableNamed } from '../place/tables.ts'
import { isAsked, type Outcome, type Setting, settingVariable, type Task } from './messages.ts'
import { NotThere, outcomeOf } from './outcome.ts'
import { writeProjects } from './prisma.ts'
import { writeRaw } from './raw.ts'

/** A process that writes as it is told, until it is killed. */
const setting: Setting = JSON.parse(process.env[settingVariable] ?? '{}')
const options = (url: string) => ({ url, pool: { size: 8 }, log: { levels: [] } })
const auth = createAuthClient(options(setting.auth))
const plain = createSpecsClient(options(setting.specs))
const guarded = guardReferences(plain, { auth })

async function work(task: Task): Promise<Outcome> {
  const table = tableNamed(task.table)
  if (!setting.guarded) await check(task)
  if (task.kind !== 'prisma') {
    const { statement, rows, manner } = task
    return { kind: await writeRaw(() => connect(setting.specs), table, statement, rows, manner) }
  }
  if (!setting.guarded) await writeProjects(plain, task.form, task.rows)
  else await guarded.$guard({ mode: task.mode }, () => writeProjects(guarded, task.form, task.rows))
  return { kind: 'committed' }
}

/** What an application does that has no foreign key: looks, and then writes. */
async function check({ table, rows }: Task): Promise<void> {
  const client = await connect(setting.auth)
  try {
    for (const [index, { target }] of tableNamed(table).columns.entries()) {
      const ids = rows.flatMap(({ values }) => values[index] ?? [])
      const found = await client.query<{ id: string }>(
        `SELECT id::text AS id FROM ${target} WHERE id::text = ANY ($1)`,
        [ids],
      )
      const there = new Set(found.rows.map(({ id }) => id))
      const missing = ids.filter((id) => !there.has(id))
      if (missing.length > 0) throw new NotThere(missing)
    }
  } finally {
    await client.end().catch(() => {})
  }
}

process.on('message', (message) => {
  if (!isAsked(message)) return
  const { number, task } = message
  void work(task)
    .catch(outcomeOf)
    .then((outcome) => process.send?.({ number, outcome }))
})
process.once('disconnect', () => process.exit())
