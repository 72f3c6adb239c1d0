import { errorMessage, isFailure } from '@manybase/failure'
import { locate } from '../execute/code-frame.ts'
import { readError } from '../execute/explain.ts'
import type { DataJob } from '../execute/job.ts'
import { isConnectionLost } from '../server/explain.ts'
import { dataConnectionLost, dataFailed } from './failures.ts'

/** Turns what happened in a batch into a failure that shows the place. `rows` were done before it in this run. */
export function explainDataError(error: unknown, { step, file, script }: DataJob, rows: number): Error {
  const where = { database: step.database, revision: step.revision.name, rows }
  if (isFailure(error)) return error
  if (isConnectionLost(error)) return dataConnectionLost(where, error)
  const { position, ...problem } = readError(error) ?? { message: errorMessage(error), position: undefined }
  // A data.ts sends texts of its own, in which the server's position means nothing here.
  const placed = position !== undefined && file.endsWith('.sql') ? locate(script, position) : {}
  return dataFailed({ ...where, file, ...placed, problem }, error)
}
