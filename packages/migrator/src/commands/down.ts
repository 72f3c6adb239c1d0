import { exitCodes } from '@manybase/failure'
import { localServer } from '../settings/local.ts'
import { action, catalogCommand, type MakeCommand } from './command.ts'

export const down: MakeCommand = (shell) =>
  catalogCommand('down', 'stop the local server; its data stay')
    .showing({ 'pnpm db down': 'the next command that needs the server starts it again' })
    .action(
      action(shell, async ({ catalog, output }, options) => {
        const stopped = await localServer(catalog).stop(catalog.root)
        if (options.json) output.data(JSON.stringify({ stopped }))
        else output.data(stopped ? 'The local server is stopped.' : 'No local server was running.')
        return exitCodes.done
      }),
    )
