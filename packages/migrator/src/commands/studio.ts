import { exitCodes } from '@manybase/failure'
import { entryOf, type Target } from '../catalog/target.ts'
import { type CommonOptions, findTargets } from '../settings/context.ts'
import { wholeNumber } from '../settings/number.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface StudioOptions extends CommonOptions {
  readonly port?: number
}

const usualPort = 5555

export const studio: MakeCommand = (shell) =>
  baseCommand('studio', 'open Prisma Studio for each database, side by side')
    .option(
      '--port <number>',
      `port of the first; the others follow. Without it the first free ones from ${usualPort} on`,
      wholeNumber('a port', 65_535, 1),
    )
    .showing({
      'pnpm db:studio': 'all databases, until Ctrl-C',
      'pnpm db studio --only specs --port 7000': 'one of them, at another port',
    })
    .action(
      action<StudioOptions>(shell, async (context, options) => {
        const targets = firstOfEach(await findTargets(context, options.only))
        const { awaitEnd, startStudios } = await import('../studio/serve.ts')
        const stop = new AbortController()
        const end = () => stop.abort()
        process.once('SIGINT', end).once('SIGTERM', end)
        const ports = { first: options.port ?? usualPort, exact: options.port !== undefined }
        const studios = await startStudios(targets, ports, stop)
        if (stop.signal.aborted) {
          await Promise.all(studios.map((each) => each.end))
          return exitCodes.done
        }
        const served = studios.map(({ target, url }) => ({ database: target.name, url }))
        if (options.json) context.output.data(JSON.stringify({ studios: served }, null, 2))
        else for (const { database, url } of served) context.output.data(`${database}  ${url}`)
        context.output.note('Ctrl-C ends them.')
        await awaitEnd(studios, stop)
        return exitCodes.done
      }),
    )

/** Of a list one member: the first, or the one that is named. */
const firstOfEach = (targets: readonly Target[]): readonly Target[] =>
  [...Map.groupBy(targets, entryOf).values()].flatMap((members) => members.slice(0, 1))
