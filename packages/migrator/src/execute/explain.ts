import { errorCode, errorMessage, isFailure } from '@manybase/failure'
import { isConnectionLost } from '../server/explain.ts'
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

/** An error of the server, or of its grammar when the script was cut into statements here. */
export function readError(error: unknown) {
  const sqlstate = errorCode(error)
  if (sqlstate !== undefined && isServerError(error)) {
    const [detail, hint, position] = ['detail', 'hint', 'position'].map((field) => textOf(error, field))
    return {
      sqlstate,
      message: errorMessage(error),
      ...(detail && { detail }),
      ...(hint && { hint }),
      ...(position && { position: Number(position) }),
    }
  }
  const position = cursorOf(error)
  return position === undefined ? undefined : { sqlstate: '42601', message: errorMessage(error), position }
}

/** By its shape: there may be more than one copy of the driver, each with a class of its own. */
const isServerError = (error: unknown): boolean =>
  /^[0-9A-Z]{5}$/.test(errorCode(error) ?? '') && textOf(error, 'severity') !== undefined

function textOf(error: unknown, field: string): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined
  return typeof value === 'string' ? value : undefined
}

/** Where PostgreSQL's grammar stopped, when the error is its own. */
function cursorOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('sqlDetails' in error)) return undefined
  const details = error.sqlDetails
  if (typeof details !== 'object' || details === null || !('cursorPosition' in details)) return undefined
  return typeof details.cursorPosition === 'number' ? details.cursorPosition + 1 : undefined
}
