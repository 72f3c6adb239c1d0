import { clearDescription } from './description.ts'
import { takeRun } from './jest-run.ts'

/** jest's globalTeardown. A run that is killed doesn't get here; the next one clears up after it. */
export default async function teardown(): Promise<void> {
  clearDescription(process.env)
  await takeRun()?.stop()
}
