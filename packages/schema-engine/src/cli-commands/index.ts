import { errorMessage } from '@manybase/failure'
import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import { type Address, parseAddress } from '../adapter/address.ts'
import { invalidUrl, type KnownError, knownError } from '../adapter/known-error.ts'
import { log } from '../log.ts'
import { canConnectToDatabase } from './can-connect-to-database.ts'
import { createDatabase } from './create-database.ts'
import { dropDatabase } from './drop-database.ts'

type Command = (address: Address) => Promise<void>

const commands = new Map<string, Command>([
  ['can-connect-to-database', canConnectToDatabase],
  ['create-database', createDatabase],
  ['drop-database', dropDatabase],
])

/** Runs `schema-engine --datasource … cli NAME`; returns the exit code that the CLI expects. */
export async function runCliCommand(name: string, url: string | undefined): Promise<0 | 1> {
  // The CLI passes over the first line of stderr.
  process.stderr.write('\n')
  const problem = await attempt(commands.get(name), name, url)
  if (!problem) return 0
  log('ERROR', problem)
  return 1
}

async function attempt(
  command: Command | undefined,
  name: string,
  url: string | undefined,
): Promise<KnownError | undefined> {
  const address = url === undefined ? undefined : parseAddress(url)
  if (!command) return { message: `The schema engine has no command ${name}.` }
  if (!address) return invalidUrl()
  try {
    await command(address)
    return undefined
  } catch (error) {
    if (!(error instanceof DriverAdapterError)) return { message: errorMessage(error) }
    return knownError(error.cause, address)
  }
}
