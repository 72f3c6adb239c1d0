import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { plainEnvironment } from '../../environment.ts'
import { pairRatios, summarize } from '../../statistics.ts'
import type { Figure, Part } from '../part.ts'
import { migrate, tables, type Urls } from '../project.ts'
import { makeSessions } from '../sessions.ts'
import { addGhosts, addPosts, addUsers, postsEach } from './population.ts'

const program = fileURLToPath(new URL('peak.ts', import.meta.url))

/** Numbers of users; the last one shall need no more than the one before. */
const sizes = [20_000, 200_000, 1_000_000]

/** What a scan keeps in memory of more and more rows. */
export const memory: Part = {
  title: 'A process that scans, at its peak',
  unit: 'MiB',
  async measure(place, rounds) {
    await using sessions = await makeSessions(place.server, 'memory', ['auth', 'specs'])
    const urls = { auth: sessions.url('auth'), specs: sessions.url('specs') }
    await migrate(place, 'memory', urls, tables.users)
    await addGhosts(sessions.client('specs'))
    const figures: Figure[] = []
    let before = 0
    for (const users of sizes) {
      process.stderr.write(`  ${users} users\n`)
      await addUsers(sessions.client('auth'), before + 1, users)
      await addPosts(sessions.client('specs'), before + 1, users)
      const peaks: number[] = []
      for (let round = 0; round < rounds; round += 1) peaks.push(await peakOf(urls))
      figures.push(figureOf(users, peaks, figures.at(-1)))
      before = users
    }
    return figures
  },
}

async function peakOf({ auth, specs }: Urls): Promise<number> {
  const env = { ...plainEnvironment(), BENCH_URL_AUTH: auth, BENCH_URL_SPECS: specs }
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env })
  return Number(stdout) / 1024
}

const figureOf = (users: number, peaks: readonly number[], before: Figure | undefined): Figure => ({
  key: `rows_${users * postsEach}`,
  label: `${(users * postsEach).toLocaleString('en')} rows of ${users.toLocaleString('en')} users`,
  time: summarize(peaks),
  times: peaks,
  ...(before && { ratio: summarize(pairRatios(peaks, before.times)) }),
  ...(users === sizes.at(-1) && { atMost: 1.2 }),
})
