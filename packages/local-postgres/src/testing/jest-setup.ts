import { writeDescription } from './description.ts'
import { keepRun } from './jest-run.ts'

/** jest's globalSetup: one server for the whole run, which the workers find through the environment. */
export default async function setup(): Promise<void> {
  const { startTestServer } = await import('./start.ts')
  const run = await startTestServer()
  keepRun(run)
  writeDescription(process.env, run.description)
  process.stderr.write(`${run.banner}\n`)
}
