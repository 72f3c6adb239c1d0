import { type Command, Option } from 'commander'
import type { Environment } from '../catalog/environment.ts'
import { defaultEnvironment } from '../execute/settings.ts'
import type { CommonOptions } from './context.ts'
import { duration } from './duration.ts'
import { wholeNumber } from './number.ts'

/** What can be said of any command that changes databases. */
export interface ChangeFlags extends CommonOptions {
  /** A directory, or empty for the usual one. */
  readonly backup?: string
  readonly env?: string
  /** Seconds. */
  readonly lockWait: number
  /** Milliseconds. */
  readonly lockTimeout?: number
  readonly echo?: boolean
  readonly analyze?: boolean
  /** A file; false for none. */
  readonly log?: string | false
}

/** Of a command that upgrades. */
export interface UpgradeFlags extends ChangeFlags {
  readonly withData?: boolean
}

export const withChangeFlags = <C extends Command>(command: C): C =>
  withLogFlags(
    withLockFlags(command)
      .option(
        '--backup [directory]',
        'save what is changed before the first step (--backup=DIRECTORY; default: DB_BACKUPS, or backups)',
      )
      .option('--analyze', 'gather statistics afterwards, for the tables that were changed')
      .option('--echo', 'show each SQL statement with its time (DB_ECHO=1 does the same)'),
  )

export const withLockFlags = <C extends Command>(command: C): C =>
  command
    .option(
      '--lock-wait <seconds>',
      'how long to wait for another migrator',
      wholeNumber('a number of seconds'),
      60,
    )
    .addOption(
      new Option(
        '--lock-timeout <time>',
        'how long a script waits for a busy table before it is rolled back and tried again; default: 2s',
      ).argParser(duration),
    )

export const withLogFlags = <C extends Command>(command: C): C =>
  command
    .option('--log <file>', 'where the log is kept; default: DB_LOG, or logs/migration.log')
    .option('--no-log', 'keep no log')

export const withEnvironment = <C extends Command>(command: C): C =>
  command.option(
    '--env <name>',
    'the environment, for revisions that are for some only; default: DB_ENVIRONMENT, NODE_ENV',
  )

export const withUpgradeFlags = <C extends Command>(command: C): C =>
  withChangeFlags(withEnvironment(command)).option(
    '--with-data',
    'run the data migrations, too, that are not complete; by themselves: pnpm db data',
  )

/** Which environment this is. */
export const environmentOf = ({ env }: { readonly env?: string }, variables: Environment): string =>
  env ?? variables.get('DB_ENVIRONMENT') ?? variables.get('NODE_ENV') ?? defaultEnvironment

export const echoes = ({ echo }: Pick<ChangeFlags, 'echo'>, variables: Environment): boolean =>
  echo ?? ['1', 'true', 'yes', 'on'].includes(variables.get('DB_ECHO')?.toLowerCase() ?? '')
