import { onKnownHistory } from '../engine/known-history.ts'
import type { PassThrough } from './engine-methods.ts'
import { passThrough } from './engine-methods.ts'

/** What a method works with. */
export interface Context {
  /** Starts the engine at its first use. */
  engine(): Promise<PassThrough>
  /** Has the CLI print to its standard output, and waits until it has. */
  print(content: string): Promise<void>
  /** Makes the database of a URL. */
  createDatabase(url: string): Promise<void>
}

type Method = (params: unknown, context: Context) => Promise<unknown>

/** The methods of the native engine's JSON-RPC, on the WebAssembly engine. */
const methods = new Map<string, Method>([
  ...passThrough.map((name): [string, Method] => [
    name,
    async (params, { engine }) => await (await engine())[name](params),
  ]),
  ['createMigration', onHistory((engine, params) => engine.createMigration(params))],
  ['evaluateDataLoss', onHistory((engine, params) => engine.evaluateDataLoss(params))],
  ['diff', diff],
  ['getDatabaseVersion', async (params, { engine }) => await (await engine()).version(params)],
  ['createDatabase', createDatabase],
  ['debugPanic', async (_, { engine }) => (await engine()).debugPanic()],
])

export const findMethod = (name: string): Method | undefined => methods.get(name)

function onHistory(work: (engine: PassThrough, params: unknown) => Promise<unknown>): Method {
  return async (params, context) => {
    const engine = await context.engine()
    const { migrationsList, filters } = isObject(params) ? params : {}
    return await onKnownHistory(engine, { migrationsList, filters }, () => work(engine, params))
  }
}

/** The native engine has the CLI print the difference, where the WebAssembly engine returns it. */
async function diff(params: unknown, { engine, print }: Context): Promise<unknown> {
  const { exitCode, stdout } = await (await engine()).diff(params)
  if (stdout !== null && stdout !== undefined) await print(stdout)
  return { exitCode, stdout: null }
}

async function createDatabase(params: unknown, context: Context): Promise<unknown> {
  const url = connectionString(params)
  await context.createDatabase(url)
  return { databaseName: decodeURIComponent(new URL(url).pathname.slice(1)) }
}

function connectionString(params: unknown): string {
  if (isObject(params) && isObject(params.datasource)) {
    const { url } = params.datasource
    if (typeof url === 'string') return url
  }
  throw new TypeError('createDatabase needs a datasource with a url')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
