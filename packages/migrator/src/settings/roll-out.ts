import { type Command, Option } from 'commander'
import type { Target } from '../catalog/target.ts'
import { attachCompanion } from '../companion/attachment.ts'
import { refuseTogether } from '../companion/together.ts'
import { type Result, rollOut } from '../fleet/roll-out.ts'
import { makeSlots } from '../fleet/slots.ts'
import { type Canary, stagesOf } from '../fleet/stages.ts'
import type { Unit } from '../fleet/units.ts'
import { type ChangeOptions, change, type Planner } from '../migrate.ts'
import { type Summary, summarize } from '../report/change.ts'
import { outcomeOf } from '../report/roll-out.ts'
import type { ChangeFlags, UpgradeFlags } from './change-flags.ts'
import type { Context } from './context.ts'
import { atLeastOne, type JobsFlag, withJobs } from './jobs.ts'
import { listen } from './listen.ts'

/** What can be said of a command that changes many databases. */
export interface RollOutFlags extends JobsFlag {
  readonly canary: Canary
  /** All may fail when unset. */
  readonly maxFailures?: number
}

export const withRollOutFlags = <C extends Command>(command: C): C =>
  withJobs(command)
    .addOption(
      new Option('--canary <n|name>', 'members of a list that go first, alone; 0 for none')
        .argParser(parseCanary)
        .default({ kind: 'first', count: 1 }, '1'),
    )
    .addOption(
      new Option('--max-failures <n>', 'begin no other database of a list after so many failures').argParser(
        atLeastOne('a number of failures'),
      ),
    )

const parseCanary = (text: string): Canary =>
  /^\d+$/.test(text) ? { kind: 'first', count: Number(text) } : { kind: 'named', name: text }

export interface RollOut {
  readonly units: readonly Unit[]
  readonly direction: 'upgrade' | 'downgrade'
  readonly create: boolean
  plannerOf(unit: Unit): Planner
  /** Called under a unit's lock; what it throws ends that unit's change before it began. */
  onReady?(unit: Unit, jobs: Parameters<NonNullable<ChangeOptions['onReady']>>[0]): void
}

/**
 * Changes units as their planners say, and tells of it on the way: one unit step by step, of several each when it
 * has ended.
 */
export async function changeUnits(
  context: Context,
  flags: ChangeFlags & RollOutFlags & Pick<UpgradeFlags, 'withData'>,
  { units, direction, create, plannerOf, onReady }: RollOut,
): Promise<readonly Result<Summary>[]> {
  const targets: readonly Target[] = units.flatMap((unit) => unit.targets)
  const slots = makeSlots(flags.jobs)
  const several = units.length > 1
  const everywhere = several ? await attachCompanion(context, targets) : undefined
  if (everywhere) await refuseTogether(everywhere, targets)
  const { onUnit, ...heard } = listen(context, flags, targets, several ? units.length : undefined)
  const options: ChangeOptions = { ...heard, create, ...(several && { spare: slots }) }
  const work = async (unit: Unit) =>
    summarize(
      await change(unit.targets, plannerOf(unit), {
        ...options,
        attachment: await attachCompanion(context, unit.targets),
        onReady: async (jobs) => {
          onReady?.(unit, jobs)
          await options.onReady?.(jobs)
        },
      }),
    )
  const results = await rollOut(stagesOf(units, flags.canary, direction), work, {
    slots,
    jobs: several ? flags.jobs : Number.POSITIVE_INFINITY,
    maxFailures: flags.maxFailures ?? Number.POSITIVE_INFINITY,
    failureIn: ({ blocked, failed }) => blocked ?? failed?.error,
    onEnd: onUnit,
  })
  const idle = results.every((result) => outcomeOf(result) === 'unchanged')
  if (idle) context.output.note('Nothing to do.')
  return inOrderOf(units, results)
}

const inOrderOf = <R>(units: readonly Unit[], results: readonly Result<R>[]): readonly Result<R>[] =>
  units.flatMap((unit) => results.filter((result) => result.unit === unit))
