import { errorCode, isFailure } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { withDatabase } from '../catalog/url.ts'
import { at, explainServerError } from '../server/explain.ts'
import { createForbidden, databaseMissing } from '../server/failures.ts'
import { connect, openSessions, type Session } from '../server/session.ts'
import { failed, ok, type Remark, warning } from './result.ts'

/** Whether a database answers, and a session in it when it does. */
export interface Reached {
  readonly target: Target
  readonly session: Session | undefined
  /** It doesn't exist, and its server answers. */
  readonly missing: boolean
  readonly remark: Remark
}

export async function reach(target: Target): Promise<Reached> {
  const { host, port } = target.connection
  const nowhere = { target, session: undefined, missing: false }
  try {
    const [session] = await openSessions([target], { create: false })
    return { ...nowhere, session, remark: ok(`${host}:${port} answers`) }
  } catch (error) {
    if (errorCode(error) === databaseMissing.code) {
      return { ...nowhere, missing: true, remark: await remarkOnMissing(target) }
    }
    return { ...nowhere, remark: remarkOn(error) }
  }
}

async function remarkOnMissing(target: Target): Promise<Remark> {
  const { connectionString, user } = target.connection
  try {
    const client = await connect(withDatabase(connectionString, 'postgres'))
    try {
      const { rows } = await client.query<{ may: boolean }>(
        'SELECT rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user',
      )
      if (rows[0]?.may !== true) return remarkOn(createForbidden({ ...at(target), user }))
    } finally {
      await client.end()
    }
  } catch (error) {
    return remarkOn(explainServerError(error, target))
  }
  const { what, why } = databaseMissing(at(target))
  return warning(what, why, 'Nothing to do when it is a new one: pnpm db:migrate creates it.')
}

function remarkOn(error: unknown): Remark {
  if (!isFailure(error)) throw error
  return failed(error.what, error.why, error.fix)
}
