import { errorCode, errorMessage, exitCodes, isFailure } from '@manybase/failure'
import { createAuthClient } from '@socrates/db-auth'
import { createSpecsClient } from '@socrates/db-specs'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { addressInUse } from './settings/failures.ts'
import { type Environment, readSettings, type ServerSettings } from './settings/settings.ts'
import { sweepBeside } from './sweeping.ts'

/**
 * Serves until SIGTERM or SIGINT.
 * @param onListening told the address once it answers there
 * @returns the exit code
 */
export async function main(environment: Environment, onListening?: (url: string) => void): Promise<number> {
  try {
    return await serve(readSettings(environment), onListening)
  } catch (error) {
    if (!isFailure(error)) {
      process.stderr.write(`✖ ${errorMessage(error)}\n`)
      return exitCodes.bug
    }
    const { code, what, why, fix } = error
    process.stderr.write(`✖ ${what} [${code}]\n  why  ${why}\n  fix  ${fix}\n`)
    return error.exitCode
  }
}

async function serve(settings: ServerSettings, onListening?: (url: string) => void): Promise<number> {
  const limits = { timeouts: { statement: 10_000, lock: 3_000, idleInTransaction: 15_000 } }
  const pool = { connectionTimeout: 3_000 }
  const named = { ...limits, pool, applicationName: 'socrates-api' }
  const auth = createAuthClient({ url: settings.authUrl, ...named })
  const specs = createSpecsClient({ url: settings.specsUrl, ...named })
  // Never queried: they only say where the sweeper's role finds the databases.
  const keepers = {
    auth: createAuthClient({ url: settings.sweeperUrls.auth }),
    specs: createSpecsClient({ url: settings.sweeperUrls.specs }),
  }
  const app = await buildApp({ auth, specs, keepers, settings })
  const sweeper = settings.sweeper ? sweepBeside(keepers, app.log) : undefined
  const asked = signalled()
  try {
    const url = await listen(app, settings)
    onListening?.(url)
    app.log.info({ signal: await asked }, 'ending: requests under way are finished')
  } finally {
    await inTime(settings.shutdownTimeout, app, Promise.all([app.close(), sweeper?.stop()]))
  }
  return exitCodes.done
}

async function listen(app: FastifyInstance, { host, port }: ServerSettings): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    throw errorCode(error) === 'EADDRINUSE' ? addressInUse({ host, port }, error) : error
  }
}

/** The first signal; at a second one Node's default applies again, and ends the process at once. */
const signalled = (): Promise<string> =>
  new Promise((resolve) => {
    const signals = ['SIGTERM', 'SIGINT'] as const
    const onSignal = (signal: string) => {
      for (const each of signals) process.off(each, onSignal)
      resolve(signal)
    }
    for (const each of signals) process.on(each, onSignal)
  })

async function inTime(seconds: number, app: FastifyInstance, ending: Promise<unknown>): Promise<void> {
  const timer = setTimeout(() => {
    app.log.error('some requests took too long, and are cut off')
    process.exit(exitCodes.bug)
  }, seconds * 1000)
  try {
    await ending
  } finally {
    clearTimeout(timer)
  }
}
