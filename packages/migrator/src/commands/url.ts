import { exitCodes } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { findTargets } from '../settings/context.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

export const url: MakeCommand = (shell) =>
  baseCommand('url', 'print the URLs for other tools; they hold the passwords')
    .showing({
      'pnpm -s db url': 'lines for .env or eval',
      'pnpm -s db url --only auth': 'one URL',
      'psql "$(pnpm -s db url --only auth)"': 'for a tool that takes one',
    })
    .action(
      action(shell, async (context, options) => {
        const targets = await findTargets(context, options.only)
        if (options.json) context.output.data(JSON.stringify(Object.fromEntries(targets.map(pair)), null, 2))
        else if (targets.length === 1 && options.only)
          for (const target of targets) context.output.data(urlOf(target))
        else for (const target of targets) context.output.data(`${variableOf(target)}=${urlOf(target)}`)
        return exitCodes.done
      }),
    )

const urlOf = ({ connection }: Target) => connection.url
const pair = (target: Target) => [target.name, urlOf(target)]

/** A database that is composed of parts, or a member of a list, has no variable of its own; its name makes one. */
const variableOf = ({ source, name }: Target) =>
  source.kind === 'variable'
    ? source.name
    : `DATABASE_URL_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
