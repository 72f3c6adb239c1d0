import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '@manybase/failure'
import { isReferencedDatabaseUnavailable } from '../../violations/referenced-database-unavailable.ts'
import type { Ending, Outcome, Run } from '../outcome.ts'
import type { Order } from '../scenario.ts'
import type { Step } from '../steps.ts'
import type { Actor, RunRequest, World } from './world.ts'

/** Milliseconds after which a step that isn't done is asked whether it waits. */
const unasked = 4

/** One session at its work: it takes its steps in their order, and what comes while it waits comes after. */
class Seat {
  readonly #actor: Actor
  #work: Promise<void> = Promise.resolve()
  #taken = 0
  #done = 0
  #hasFailed = false
  #isWaiting = false

  constructor(actor: Actor) {
    this.#actor = actor
  }

  get isBusy(): boolean {
    return this.#done < this.#taken
  }

  /** How many steps it has done. */
  get done(): number {
    return this.#done
  }

  /** When it has done what it was given. */
  rest(): Promise<void> {
    return this.#work
  }

  /** Notes that the step under way waits. */
  wait(): void {
    this.#isWaiting = true
  }

  take(step: Step): Promise<Outcome> {
    this.#taken++
    const outcome = this.#work.then(() => this.#perform(step)).finally(() => this.#done++)
    this.#work = outcome.then(nothing, nothing)
    return outcome
  }

  async #perform(step: Step): Promise<Outcome> {
    this.#isWaiting = false
    if (this.#hasFailed) return { waited: false, ending: 'skipped' }
    const ending = await this.#actor.perform(step).then(
      (rows): Ending => (rows === 0 && counts(step) ? 'nothing' : 'done'),
      async (error) => {
        this.#hasFailed = true
        await this.#actor.abandon()
        return endingOf(step, error)
      },
    )
    return { waited: this.#isWaiting || ending === 'deadlock' || ending === 'locked', ending }
  }
}

const nothing = () => {}
/** Whether a step is a statement that counts rows. */
const counts = (step: Step): boolean => step.verb !== 'attach table' && ('user' in step || 'row' in step)

/** Takes the steps in the given order, each when nothing moves any more, and notes what becomes of them. */
export async function perform(world: World, request: RunRequest, order: Order): Promise<Run> {
  const actors = await world.prepare(request)
  const seats = new Map([...actors].map(([session, actor]) => [session, new Seat(actor)]))
  const outcomes: Promise<Outcome>[] = []
  for (const { session, turn } of order) {
    const seat = seats.get(session)
    if (!seat) throw new TypeError(`${session} is no session of the scenario`)
    const taken = turn.map((step) => seat.take(step))
    // Awaited in the end; until then a failure that no scenario expects is no reason for the process to end.
    for (const outcome of taken) outcome.catch(nothing)
    outcomes.push(...taken)
    await Promise.race([seat.rest(), sleep(unasked)])
    while (!(await isQuiet(world, seats))) await sleep(1)
  }
  while ([...seats.values()].some(({ isBusy }) => isBusy)) {
    await isQuiet(world, seats)
    await sleep(1)
  }
  const ended = await Promise.all(outcomes)
  const atOnce = await world.contents(request)
  // A sweep after nothing takes as long as one that finds something.
  const isSomebodyGone = request.scenario.users.some((user) => !atOnce.users.includes(user))
  if (isSomebodyGone) await world.settle()
  return { outcomes: ended, atOnce, inTheEnd: isSomebodyGone ? await world.contents(request) : atOnce }
}

/** Whether every session is done with what it was given, or waits for another one. */
async function isQuiet(world: World, seats: ReadonlyMap<string, Seat>): Promise<boolean> {
  const busy = [...seats]
    .filter(([, seat]) => seat.isBusy)
    .map(([name, seat]) => ({ name, seat, done: seat.done }))
  if (busy.length === 0) return true
  const waiting = await world.waiting()
  // A step that came after the question is not what was answered.
  const asked = busy.filter(({ name, seat, done }) => waiting.has(name) && seat.done === done)
  for (const { seat } of asked) seat.wait()
  return asked.length === busy.length
}

function endingOf(step: Step, error: unknown): Ending {
  if (isReferencedDatabaseUnavailable(error) && error.reason === 'locked') return 'locked'
  switch (errorCode(error)) {
    case '23503':
    case 'P2003':
    case '23001':
    case 'delete.restricted':
      return step.verb === 'delete user' || step.verb === 'change id' ? 'restricted' : 'missing'
    case '40001':
      return 'conflict'
    case '40P01':
      return 'deadlock'
    case '55P03':
    case 'delete.held':
      return 'locked'
    case 'IR002':
      return 'for life'
    default:
      throw error
  }
}
