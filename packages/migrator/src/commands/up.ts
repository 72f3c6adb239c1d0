import { exitCodes } from '@manybase/failure'
import { localServer } from '../settings/local.ts'
import { action, catalogCommand, type MakeCommand } from './command.ts'

export const up: MakeCommand = (shell) =>
  catalogCommand('up', 'start the local server')
    .showing({ 'pnpm db up': 'start it, and make it where there is none yet' })
    .action(
      action(shell, async (context, options) => {
        const { catalog, output } = context
        const server = await localServer(catalog).start(catalog.root, ({ name, milliseconds }) =>
          output.step(name, milliseconds),
        )
        const { host, port, version } = server
        if (options.json) output.data(JSON.stringify({ host, port, version }))
        else output.data(`PostgreSQL ${version} runs at ${host}:${port}`)
        return exitCodes.done
      }),
    )
