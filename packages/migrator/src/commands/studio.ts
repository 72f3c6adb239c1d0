import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { defineFailure, exitCodes } from '@manybase/failure'
import { entryOf, type Target } from '../catalog/target.ts'
import { type CommonOptions, findTargets } from '../settings/context.ts'
import { wholeNumber } from '../settings/number.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface StudioOptions extends CommonOptions {
  readonly port: number
}

const studioEnded = defineFailure<{ database: string; port: number }>(
  'studio.ended',
  exitCodes.precondition,
  ({ database, port }) => ({
    what: `Prisma Studio for ${database} has ended by itself.`,
    why: `What it said stands above; often port ${port} is taken.`,
    fix: 'Name other ports with --port NUMBER.',
  }),
)

export const studio: MakeCommand = (shell) =>
  baseCommand('studio', 'open Prisma Studio for each database, side by side')
    .option('--port <number>', 'port of the first; the others follow', wholeNumber('a port', 65_535), 5555)
    .showing({
      'pnpm db:studio': 'all databases, until Ctrl-C',
      'pnpm db studio --only specs --port 7000': 'one of them, at another port',
    })
    .action(
      action<StudioOptions>(shell, async (context, options) => {
        const targets = firstOfEach(await findTargets(context, options.only))
        const first = options.port
        const children = targets.map((target, index) => startStudio(target, first + index))
        let stopping = false
        const stop = () => {
          stopping = true
          for (const child of children) child.kill('SIGTERM')
        }
        process.once('SIGINT', stop).once('SIGTERM', stop)
        const studios = targets.map(({ name }, index) => ({
          database: name,
          url: `http://localhost:${first + index}`,
        }))
        if (options.json) context.output.data(JSON.stringify({ studios }, null, 2))
        else for (const { database, url } of studios) context.output.data(`${database}  ${url}`)
        const ends = children.map((child) => once(child, 'close'))
        const ended = await Promise.race(ends.map((end, index) => end.then(() => index)))
        const asked = stopping
        stop()
        await Promise.all(ends)
        if (!asked) throw studioEnded({ database: targets[ended]?.name ?? '', port: first + ended })
        return exitCodes.done
      }),
    )

/** The URL goes by the environment, which other users can't read; arguments they can. */
function startStudio(target: Target, port: number): ChildProcess {
  const prisma = join(target.directory, 'node_modules/.bin/prisma')
  return spawn(prisma, ['studio', '--port', String(port), '--browser', 'none'], {
    cwd: target.directory,
    env: { ...process.env, ...variableFor(target) },
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
}

const variableFor = ({ source, connection, membership }: Target): NodeJS.ProcessEnv => ({
  ...(source.kind === 'variable' && { [source.name]: connection.url }),
  ...(membership && { DB_MEMBER: membership.member }),
})

/** Of a list one member: the first, or the one that is named. */
const firstOfEach = (targets: readonly Target[]): readonly Target[] =>
  [...Map.groupBy(targets, entryOf).values()].flatMap((members) => members.slice(0, 1))
