import { summarize } from '../../statistics.ts'
import type { Figure, Part } from '../part.ts'
import { migrate, tables } from '../project.ts'
import { makeSessions } from '../sessions.ts'
import { names, watchDeletions } from './deletions.ts'
import { measureRate, startLoad } from './load.ts'
import { percentile } from './percentile.ts'
import { startReports } from './reports.ts'

const conditions = { short: 'short transactions only', long: 'and a report of a second every other second' }

/** Users are deleted one by one while others write, and a sweeper follows. */
export const lag: Part = {
  title: 'a user with 50 rows is deleted 20 times a second, at half the writes that the machine can do',
  unit: 'ms',
  async measure({ root, folder, server }, rounds) {
    await using sessions = await makeSessions(server, 'lag', names)
    const urls = { auth: sessions.url('auth'), specs: sessions.url('specs') }
    await migrate({ root, folder, server }, 'lag', urls, tables.users)
    const rate = (await measureRate(sessions)) / 2
    process.stderr.write(`  the load is ${Math.round(rate)} rows a second\n`)
    const figures = new Map<string, { label: string; values: number[] }>()
    const note = (key: string, label: string, value: number) => {
      const figure = figures.get(key) ?? { label, values: [] }
      figure.values.push(value)
      figures.set(key, figure)
    }
    for (let round = 1; round <= rounds; round += 1) {
      process.stderr.write(`  round ${round} of ${rounds}\n`)
      for (const condition of ['short', 'long'] as const) {
        await using _load = await startLoad(sessions, rate)
        await using _reports = condition === 'long' ? await startReports(urls.specs) : undefined
        const seen = await watchDeletions(sessions, urls)
        for (const kind of ['visible', 'closed'] as const) {
          for (const p of [50, 99]) {
            const what = kind === 'visible' ? 'its rows are gone' : 'it has its receipt'
            const label = `${what}, p${p}, ${conditions[condition]}`
            note(`${kind}_${condition}_p${p}`, label, percentile(seen[kind], p))
          }
        }
      }
    }
    return [...figures].map(
      ([key, { label, values }]): Figure => ({ key, label, time: summarize(values), times: values }),
    )
  },
}
