import { beforeAll, describe, expect, test } from '@jest/globals'
import { compareRuns, type Deviation } from './compare.ts'
import { differencesOf, isSame } from './differences.ts'
import { expectedContents, falseRefusals } from './expected.ts'
import { namedDifferences } from './named-differences.ts'
import { ordersOf } from './orders.ts'
import { type Run, renderOutcome } from './outcome.ts'
import { type Action, actions, type Level, type Order, type Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import { render } from './steps.ts'
import { openNative } from './testing/native.ts'
import { perform } from './testing/perform.ts'
import { openTwoDatabases } from './testing/two-databases.ts'

/** One order of a scenario, in both worlds. */
interface Trial {
  readonly scenario: Scenario
  readonly action: Action
  readonly level: Level
  readonly order: Order
  readonly native: Run
  readonly here: Run
}

/** Milliseconds: seconds are enough, and much more where others use the machine. */
const patience = 600_000

let trials: readonly Trial[]

/** Everything that needs the same tables. */
async function tryAll(action: Action, partitioned: boolean): Promise<readonly Trial[]> {
  const chosen = scenarios.filter((one) => one.partitioned === partitioned && one.actions.includes(action))
  if (chosen.length === 0) return []
  await using native = await openNative(action, partitioned)
  await using here = await openTwoDatabases(action, partitioned)
  const found: Trial[] = []
  for (const scenario of chosen) {
    for (const level of scenario.levels) {
      for (const order of ordersOf(scenario, level)) {
        const request = { number: found.length, scenario, level }
        const [theirs, ours] = await Promise.all([
          perform(native, request, order),
          perform(here, request, order),
        ])
        found.push({ scenario, action, level, order, native: theirs, here: ours })
      }
    }
  }
  return found
}

beforeAll(async () => {
  const tables = actions.flatMap((action) => [
    { action, partitioned: false },
    { action, partitioned: true },
  ])
  trials = (await Promise.all(tables.map((one) => tryAll(one.action, one.partitioned)))).flat()
}, patience)

const trialsOf = (scenario: Scenario): readonly Trial[] =>
  trials.filter((trial) => trial.scenario === scenario)

const deviationsOf = (trial: Trial): readonly Deviation[] =>
  compareRuns(trial.order, trial.native, trial.here)

/** As a reader wants it when a test fails. */
const story = ({ action, level, order, native, here }: Trial): string => {
  const steps = order.flatMap(({ session, turn }) => turn.map((step) => `${session}: ${render(step)}`))
  const outcomes = steps.map((step, i) => {
    const [theirs, ours] = [native.outcomes[i], here.outcomes[i]]
    return `${step} (${theirs && renderOutcome(theirs)} / ${ours && renderOutcome(ours)})`
  })
  return [
    `${action}, ${level}`,
    ...outcomes,
    JSON.stringify(native.inTheEnd),
    JSON.stringify(here.inTheEnd),
  ].join('\n')
}

describe.each(scenarios)('$name', (scenario) => {
  test('ends as with a native key, but for the differences that have a name', () => {
    const unnamed = trialsOf(scenario).flatMap((trial) =>
      deviationsOf(trial)
        .filter((deviation) => differencesOf(namedDifferences, deviation, trial).length !== 1)
        .map((deviation) => ({ deviation, story: story(trial) })),
    )
    expect(unnamed).toEqual([])
  })

  test('leaves no row of nobody, and keeps every row of a living user', () => {
    expect(trialsOf(scenario).length).toBeGreaterThan(0)
    for (const trial of trialsOf(scenario)) {
      const { action, order, here, native } = trial
      expect({ story: story(trial), end: here.inTheEnd }).toEqual({
        story: story(trial),
        end: expectedContents(scenario, action, order, here),
      })
      expect(native.inTheEnd).toEqual(expectedContents(scenario, action, order, native))
    }
  })

  test('never calls a user missing who is there', () => {
    const refused = trialsOf(scenario).filter(
      ({ order, here }) => falseRefusals(scenario, order, here).length > 0,
    )
    expect(refused.map(story)).toEqual([])
  })
})

test.each(namedDifferences)('the difference “$name” is there', (difference) => {
  const found = trials.flatMap((trial) =>
    deviationsOf(trial).filter((deviation) =>
      differencesOf(namedDifferences, deviation, trial).includes(difference),
    ),
  )
  const missing = difference.cases.filter((one) => !one.races && !found.some((other) => isSame(one, other)))
  expect(missing).toEqual([])
})

test('the native key does all that it can do, so that the comparison means something', () => {
  const endings = new Set(trials.flatMap(({ native }) => native.outcomes.map(renderOutcome)))
  expect([...endings]).toEqual(
    expect.arrayContaining([
      'done',
      'nothing',
      'missing',
      'restricted',
      'conflict',
      'skipped',
      'waits, done',
      'waits, missing',
      'waits, restricted',
      'waits, conflict',
      'waits, deadlock',
    ]),
  )
})
