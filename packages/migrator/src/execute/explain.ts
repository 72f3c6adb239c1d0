import { errorCode, errorMessage, isFailure } from '@manybase/failure'
import { DatabaseError } from 'pg'
import { locate } from './code-frame.ts'
import { connectionLost, migrationFailed } from './failures.ts'
import type { Job } from './job.ts'

/** Turns what happened in a step into a failure that shows the place in the script. */
export function explainStepError(error: unknown, { step, file, script }: Job, left: string): unknown {
  const { database, revision } = step
  if (isFailure(error)) return error
  if (isConnectionLost(error)) return connectionLost({ database, revision: revision.name }, error)
  const sqlError = readError(error)
  if (!sqlError) return error
  const { position, ...problem } = sqlError
  return migrationFailed(
    {
      database,
      revision: revision.name,
      file,
      ...(position !== undefined && locate(script, position)),
      problem,
      left,
    },
    error,
  )
}

const isConnectionLost = (error: unknown): boolean =>
  /^(08|57P|E[A-Z]+$)/.test(errorCode(error) ?? '') ||
  /connection terminated|not queryable/i.test(errorMessage(error))

/** An error of the server, or of its grammar when the script was cut into statements here. */
function readError(error: unknown) {
  if (error instanceof DatabaseError) {
    return {
      sqlstate: error.code ?? 'XX000',
      message: error.message,
      ...(error.detail && { detail: error.detail }),
      ...(error.hint && { hint: error.hint }),
      ...(error.position && { position: Number(error.position) }),
    }
  }
  const position = cursorOf(error)
  return position === undefined ? undefined : { sqlstate: '42601', message: errorMessage(error), position }
}

/** Where PostgreSQL's grammar stopped, when the error is its own. */
function cursorOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('sqlDetails' in error)) return undefined
  const details = error.sqlDetails
  if (typeof details !== 'object' || details === null || !('cursorPosition' in details)) return undefined
  return typeof details.cursorPosition === 'number' ? details.cursorPosition + 1 : undefined
}
