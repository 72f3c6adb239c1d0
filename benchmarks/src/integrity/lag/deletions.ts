import { setTimeout as sleep } from 'node:timers/promises'
import { startSweeper } from '@manybase/app-validation/sweeper'
import { Client } from 'pg'
import { reference, type Urls } from '../project.ts'
import type { Sessions } from '../sessions.ts'

export const names = ['auth', 'specs'] as const

export type Name = (typeof names)[number]

/** Deletions of a round, milliseconds from one to the next, and between looks at what they left. */
const [deletions, pause, glance] = [100, 50, 3]
const rowsEach = 50

/** Milliseconds from the commit of each deletion. */
export interface Lags {
  /** Until none of its rows was seen. */
  readonly visible: readonly number[]
  /** Until its receipt was seen. */
  readonly closed: readonly number[]
}

/** Deletes users at a steady pace, with a sweeper that follows, and looks at what becomes of their rows. */
export async function watchDeletions({ client }: Sessions<Name>, urls: Urls): Promise<Lags> {
  const ids = Array.from({ length: deletions }, () => crypto.randomUUID())
  await client('auth').query('INSERT INTO users SELECT unnest($1::uuid[])', [ids])
  await client('specs').query(
    `INSERT INTO posts (user_id, text) SELECT id, repeat('x', 100) FROM unnest($1::uuid[]) AS ids (id), generate_series(1, $2::integer)`,
    [ids, rowsEach],
  )
  const observer = new Client({ connectionString: urls.specs })
  await observer.connect()
  let failed: { readonly error: unknown } | undefined
  const sweeper = startSweeper(participants(urls), {
    onEvent(event) {
      if (event.kind === 'failed') failed ??= event
    },
  })
  try {
    const deleted = new Map<string, number>()
    const [visible, closed] = [new Map<string, number>(), new Map<string, number>()]
    const remove = async () => {
      for (const id of ids) {
        await client('auth').query('DELETE FROM users WHERE id = $1', [id])
        deleted.set(id, performance.now())
        await sleep(pause)
      }
    }
    const look = async () => {
      while (closed.size < ids.length) {
        // It would show as a lag without end.
        if (failed) throw failed.error
        const open = [...deleted.keys()].filter((id) => !closed.has(id))
        const { rows } = await observer.query<{ id: string; gone: boolean; closed: boolean }>(glimpse, [open])
        const now = performance.now()
        for (const row of rows) {
          const lag = now - (deleted.get(row.id) ?? now)
          if (row.gone && !visible.has(row.id)) visible.set(row.id, lag)
          if (row.closed) closed.set(row.id, lag)
        }
        await sleep(glance)
      }
    }
    await Promise.all([remove(), look()])
    return { visible: [...visible.values()], closed: [...closed.values()] }
  } finally {
    await sweeper.stop()
    await observer.end()
  }
}

const glimpse = `SELECT i.id, NOT EXISTS (SELECT FROM posts AS p WHERE p.user_id = i.id::uuid) AS gone,
    EXISTS (SELECT FROM integrity.receipt AS r
             WHERE r.source = 'auth' AND r.target = 'public.users.id' AND r.id = i.id) AS closed
  FROM unnest($1::text[]) AS i (id)`

const participants = (urls: Urls) => ({
  auth: { name: 'auth', pool: () => ({ connectionString: urls.auth }) },
  specs: { name: 'specs', pool: () => ({ connectionString: urls.specs }), references: [reference] },
})
