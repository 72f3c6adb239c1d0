import { Failure } from '@manybase/failure'
import { writeDescription } from './description.ts'
import { keepRun } from './jest-run.ts'
import { startTestServer, type TestRun } from './start.ts'

/** jest's globalSetup: one server for the whole run, which the workers find through the environment. */
export default async function setup(): Promise<void> {
  const run = await start()
  keepRun(run)
  writeDescription(process.env, run.description)
  process.stderr.write(`${run.banner}\n`)
}

/** jest prints the message alone. */
async function start(): Promise<TestRun> {
  try {
    return await startTestServer()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Error([error.message, error.why, error.fix].join('\n'), { cause: error })
  }
}
