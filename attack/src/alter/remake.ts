import { exitCodes } from '@manybase/failure'
import type { Violation } from '../judge/violation.ts'
import type { Scene } from '../work/scene.ts'

/** Goes back over a migration that makes a table anew, and forward again. It may fail, but never by a bug. */
export async function remake({ place, tally }: Scene): Promise<readonly Violation[]> {
  const violations: Violation[] = []
  for (const args of [
    ['downgrade', 'socrates_specs@011', '--yes', '--no-log'],
    ['upgrade', '--no-log'],
  ] as const) {
    const { code, stderr } = await place.try(...args)
    tally.add(`${args[0]} ended with ${code}`)
    if (code !== exitCodes.bug && code !== null) continue
    violations.push({ kind: 'command', what: `db ${args.join(' ')} ended with ${code}`, history: [stderr] })
  }
  return violations
}
