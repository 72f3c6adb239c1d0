import { type ExitCode, exitCodes } from '@manybase/failure'
import { defaultLockTimeout, loadCatalog } from '@manybase/migrator'
import { withFolder } from '../folder.ts'
import { describeMachine, renderMachine } from '../machine.ts'
import { type Server, withServer } from '../migrate/server.ts'
import { figuresOf, render } from './figures.ts'
import { writeProject } from './project.ts'
import { alterUnderLoad, type Place, type Run, type Tool, tools } from './rounds.ts'

export interface StallOptions {
  readonly rounds: number
  readonly url: string | undefined
  readonly json: boolean
  /** Makes a missed target an exit code. */
  readonly check: boolean
}

const database = 'bench_stall'

/** Measures how long the traffic of a table stands still while the table is altered, next to Prisma. */
export async function benchStall(
  root: string,
  { rounds, url, json, check }: StallOptions,
): Promise<ExitCode> {
  const [owner] = (await loadCatalog(root)).databases
  const found = await withFolder(root, (folder) =>
    withServer(url, folder, async (server) => {
      const project = writeProject(root, folder, owner?.directory ?? root, server.url(database))
      const recreate = () => server.recreate([database])
      const place = { folder, url: server.url(database), project, recreate }
      return { server: server.description, runs: await measureRounds(server, place, rounds) }
    }),
  )
  const [machine, figures] = [describeMachine(), figuresOf(found.runs, defaultLockTimeout)]
  process.stdout.write(
    json
      ? `${JSON.stringify({ machine, rounds, ...found, ...figures }, null, 2)}\n`
      : `${renderMachine(machine)}; ${found.server}\nInterleaved rounds: ${rounds}. ${render(figures)}\n`,
  )
  return check && figures.verdict.kind === 'missed' ? exitCodes.found : exitCodes.done
}

/** Every other round goes backwards. */
async function measureRounds(
  server: Server,
  place: Place,
  rounds: number,
): Promise<Record<Tool, readonly Run[]>> {
  const runs: Record<Tool, Run[]> = { ours: [], prisma: [] }
  try {
    for (let round = 1; round <= rounds; round++) {
      process.stderr.write(`round ${round} of ${rounds}\n`)
      for (const tool of round % 2 === 1 ? tools : tools.toReversed()) {
        runs[tool].push(await alterUnderLoad(tool, place))
      }
    }
  } finally {
    await server.drop([database])
  }
  return runs
}
