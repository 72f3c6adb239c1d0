import { excerpt } from '../excerpt.ts'
import { runFailed } from '../failures.ts'
import { type Command, measure, type Run } from '../measure.ts'
import type { Absentee, Field, Participant, Place } from './participants.ts'

/** What is measured: from empty databases to head, once more with nothing to do, and back. */
export const cases = ['empty-to-head', 'nothing-to-do', 'head-to-base'] as const

export type Case = (typeof cases)[number]

/** The measurements of one contestant, by case; the same place in two series is the same round. */
export interface Series {
  readonly participant: Participant
  readonly runs: Readonly<Record<Case, readonly Run[]>>
}

/** Called before every round of measurements. */
export type OnRound = (round: number, of: number) => void

/**
 * Lets every participant run once without being measured. Who fails, or does not lay the tables that the others
 * lay, takes no part.
 */
export async function warmUp({ participants, absentees }: Field, place: Place): Promise<Field> {
  const ready: Participant[] = []
  const out: Absentee[] = [...absentees]
  let expected: readonly number[] | undefined
  for (const participant of participants) {
    const { contestant, databases } = participant
    await place.server.recreate(databases)
    const run = await runTwice(participant, place)
    const columns = await countColumns(participant, place)
    if (run.exitCode === 0) expected ??= columns
    const why = problem(run, columns, expected) ?? (await problemBack(participant, place))
    if (why === undefined) ready.push(participant)
    else out.push({ contestant, kind: 'failed', why })
  }
  return { participants: ready, absentees: out }
}

/** From empty to head, and with nothing to do: the last of the two runs, or the one that failed. */
async function runTwice({ contestant, up }: Participant, { folder }: Place): Promise<Run> {
  const first = await measure(up, folder)
  return first.exitCode === 0 && contestant.ledger !== undefined ? await measure(up, folder) : first
}

/** What keeps a participant from leaving its databases without a table of their own. */
async function problemBack(participant: Participant, place: Place): Promise<string | undefined> {
  if (!participant.down) return undefined
  const { exitCode, output } = await measure(participant.down, place.folder)
  if (exitCode !== 0) return `back: exit code ${exitCode}: ${excerpt(output)}`
  const left = await countColumns(participant, place)
  return left.some((columns) => columns > 0) ? `back: ${left.join(' and ')} columns are left` : undefined
}

function problem(
  { exitCode, output }: Run,
  columns: readonly number[],
  expected: readonly number[] = columns,
): string | undefined {
  if (exitCode !== 0) return `exit code ${exitCode}: ${excerpt(output)}`
  if (columns.join() === expected.join()) return undefined
  return `its databases have ${columns.join(' and ')} columns, those of the first have ${expected.join(' and ')}`
}

async function countColumns({ contestant, databases }: Participant, { server }: Place): Promise<number[]> {
  const counts = []
  for (const name of databases) counts.push(await server.countColumns(name, contestant.ledger))
  return counts
}

/**
 * Measures in rounds, so that what disturbs the machine disturbs all alike. Every other round goes backwards:
 * nobody always runs in the wake of the same neighbour.
 */
export async function measureRounds(
  { participants }: Field,
  count: number,
  place: Place,
  onRound: OnRound,
): Promise<readonly Series[]> {
  const series = participants.map((participant) => ({
    participant,
    runs: { 'empty-to-head': [] as Run[], 'nothing-to-do': [] as Run[], 'head-to-base': [] as Run[] },
  }))
  for (let round = 1; round <= count; round++) {
    onRound(round, count)
    const order = round % 2 === 1 ? series : series.toReversed()
    for (const { participant, runs } of order) {
      await place.server.recreate(participant.databases)
      runs['empty-to-head'].push(await measureOrThrow(participant, participant.up, place))
    }
    for (const { participant, runs } of order) {
      if (participant.contestant.ledger !== undefined) {
        runs['nothing-to-do'].push(await measureOrThrow(participant, participant.up, place))
      }
    }
    for (const { participant, runs } of order) {
      if (participant.down) {
        await place.server.settle()
        runs['head-to-base'].push(await measureOrThrow(participant, participant.down, place))
      }
    }
  }
  return series
}

async function measureOrThrow(
  { contestant }: Participant,
  command: Command,
  { folder }: Place,
): Promise<Run> {
  const run = await measure(command, folder)
  if (run.exitCode === 0) return run
  throw runFailed({ contestant: contestant.label, exitCode: run.exitCode, said: excerpt(run.output) })
}
