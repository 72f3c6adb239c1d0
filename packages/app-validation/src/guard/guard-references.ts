import type { ReferencedDatabase } from './database.ts'
import { type GuardableClient, referencedDatabase } from './database.ts'
import { databaseMissing } from './failures.ts'
import { Guard, type Operation } from './guard.ts'
import { type CallOptions, type GuardOptions, settingsFrom } from './options.ts'
import { openPools, type Pools } from './pool.ts'

/** What a guarded client can do besides. */
export interface GuardMethods {
  /** Runs some work, writes and transactions of this client, with other options than the client’s. */
  $guard<T>(options: CallOptions, work: () => PromiseLike<T>): Promise<T>
}

/**
 * Guards the references of a database: every write of the client that names rows of another database is refused unless
 * they are there, and stay there until it is committed. The client keeps its types. `$executeRaw` is not looked into:
 * there the fence in the database stands alone.
 *
 * @param client of the referencing database
 * @param databases the referenced ones, under names of your choice: clients, or `{ name, pool }`
 * @returns a client to use in place of the given one, which stays unguarded; `$disconnect()` ends its connections
 * @throws `guard.database-missing`; writes throw ReferenceViolation, ReferencedDatabaseUnavailable,
 *   `guard.arithmetic`, `guard.right-missing`
 */
export function guardReferences<C extends GuardableClient>(
  client: C,
  databases: Readonly<Record<string, ReferencedDatabase>>,
  options: GuardOptions = {},
): C & GuardMethods {
  const settings = settingsFrom(options)
  const given = Object.values(databases).map(referencedDatabase)
  const open = new Map<string, Pools>()
  const poolsOf = (name: string): Pools => {
    const opened = open.get(name)
    if (opened) return opened
    const database = given.find((one) => one.name === name)
    if (!database) throw missing(client, name)
    const pools = openPools(database, settings)
    open.set(name, pools)
    return pools
  }
  const targets = new Set(client.$database.references.map(({ target }) => target.database))
  for (const name of targets) if (!given.some((one) => one.name === name)) throw missing(client, name)

  const guard = new Guard(client.$database, poolsOf, settings)
  const { $transaction, $disconnect } = client
  const extended: unknown = Reflect.apply(client.$extends, client, [
    {
      name: 'references',
      query: { $allOperations: (operation: Operation) => guard.operation(operation) },
      client: {
        $guard: <T>(call: CallOptions, work: () => PromiseLike<T>) => guard.with(call, work),
        async $transaction(this: unknown, work: unknown, ...rest: readonly unknown[]) {
          const start = (first: unknown): Promise<unknown> =>
            Reflect.apply($transaction, this, [first, ...rest])
          return isCallback(work) ? guard.interactive(work, start) : guard.batch(() => start(work))
        },
        async $disconnect(this: unknown) {
          const pools = [...open.values()]
          open.clear()
          await Promise.all([...pools.map((one) => one.end()), Reflect.apply($disconnect, this, [])])
        },
      },
    },
  ])
  const guarded: unknown = withEvents(client, extended)
  if (!isGuarded(client, guarded)) throw new TypeError('$extends gave no client.')
  return guarded
}

const missing = ({ $database }: GuardableClient, database: string) =>
  databaseMissing({
    database,
    columns: $database.references
      .filter(({ target }) => target.database === database)
      .map(({ table, column }) => `${table}.${column}`),
  })

const isCallback = (work: unknown): work is (client: unknown) => unknown => typeof work === 'function'

/** Prisma takes `$on` from clients that it extends. The events are those of the client underneath. */
function withEvents(client: GuardableClient, extended: unknown): unknown {
  if (typeof extended !== 'object' || client.$on === undefined) return extended
  return Object.create(extended, { $on: { value: client.$on.bind(client) } })
}

/** A guarded client has all that the client has. */
const isGuarded = <C extends GuardableClient>(client: C, guarded: unknown): guarded is C & GuardMethods =>
  typeof guarded === 'object' && guarded !== null && '$guard' in guarded && '$database' in client
