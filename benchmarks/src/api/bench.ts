import { join } from 'node:path'
import { type ExitCode, exitCodes } from '@manybase/failure'
import { plainEnvironment } from '../environment.ts'
import { excerpt } from '../excerpt.ts'
import { runFailed } from '../failures.ts'
import { withFolder } from '../folder.ts'
import { describeMachine, renderMachine } from '../machine.ts'
import { measure } from '../measure.ts'
import { type Server, withServer } from '../migrate/server.ts'
import { type Contestant, contestants, startContestant, type Urls } from './contestants.ts'
import { load, type Mix, mixes, type Run } from './load.ts'
import { makePeople } from './people.ts'
import { type Runs, render } from './report.ts'

export interface ApiOptions {
  readonly rounds: number
  readonly url: string | undefined
  readonly json: boolean
  /** How long each is asked in a round. */
  readonly seconds: number
}

const names = { auth: 'bench_api_auth', specs: 'bench_api_specs' } as const

/** Measures the API under load, next to the same answers by hand. */
export async function benchApi(root: string, { rounds, url, json, seconds }: ApiOptions): Promise<ExitCode> {
  const found = await withFolder(root, (folder) =>
    withServer(url, folder, async (server) => {
      const urls = { auth: server.url(names.auth), specs: server.url(names.specs) }
      await server.recreate(Object.values(names))
      try {
        await migrate(root, folder, urls)
        return { server: server.description, runs: await measureRounds(root, urls, server, rounds, seconds) }
      } finally {
        await server.drop(Object.values(names))
      }
    }),
  )
  const machine = describeMachine()
  process.stdout.write(
    json
      ? `${JSON.stringify({ machine, rounds, seconds, ...found }, null, 2)}\n`
      : `${renderMachine(machine)}; ${found.server}\nInterleaved rounds: ${rounds}. ${render(found.runs, seconds)}\n`,
  )
  return exitCodes.done
}

async function migrate(root: string, folder: string, urls: Urls): Promise<void> {
  const env = { ...plainEnvironment(), DATABASE_URL_AUTH: urls.auth, DATABASE_URL_SPECS: urls.specs }
  const args = [join(root, 'packages/migrator/bin/db.cjs'), 'migrate', '--no-log']
  const { exitCode, output } = await measure({ program: process.execPath, args, cwd: root, env }, folder)
  if (exitCode !== 0) throw runFailed({ contestant: 'db migrate', exitCode, said: excerpt(output) })
}

/** Every other round goes backwards, after one short one that isn't counted. */
async function measureRounds(
  root: string,
  urls: Urls,
  server: Server,
  rounds: number,
  seconds: number,
): Promise<Runs> {
  const runs: Record<Mix, Record<Contestant, Run[]>> = {
    health: { floor: [], api: [] },
    read: { floor: [], api: [] },
    list: { floor: [], api: [] },
    create: { floor: [], api: [] },
  }
  await using api = await startContestant(root, 'api', urls)
  await using floor = await startContestant(root, 'floor', urls)
  const running = { api, floor }
  const people = await makePeople(api.url, urls)
  for (const contestant of contestants) {
    for (const mix of mixes) await load(running[contestant].url, mix, people, 1)
  }
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`)
    for (const mix of mixes) {
      for (const contestant of round % 2 === 1 ? contestants : contestants.toReversed()) {
        await server.settle()
        runs[mix][contestant].push(await load(running[contestant].url, mix, people, seconds))
      }
    }
  }
  return runs
}
