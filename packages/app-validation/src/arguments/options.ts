import { errorCode, errorMessage } from '@manybase/failure'
import { argumentsInvalid } from '../failures.ts'

/** Calls `parseArgs` and turns its complaint about an option into a failure with the usage. */
export function readOptions<T>(usage: string, parseArguments: () => T): T {
  try {
    return parseArguments()
  } catch (error) {
    if (!errorCode(error)?.startsWith('ERR_PARSE_ARGS')) throw error
    throw argumentsInvalid({ problem: errorMessage(error), usage }, error)
  }
}
