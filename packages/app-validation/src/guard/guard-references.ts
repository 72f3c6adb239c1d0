import { refuseMissing } from '../databases/refuse-missing.ts'
import type { GuardableClient, ReferencedDatabase } from './database.ts'
import { Guard, type Operation } from './guard.ts'
import { type CallOptions, type GuardOptions, settingsFrom } from './options.ts'
import { referencedDatabases } from './referenced-databases.ts'

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
 * @throws `references.database-missing`; writes throw ReferenceViolation, ReferencedDatabaseUnavailable,
 *   `guard.arithmetic`, `guard.right-missing`
 */
export function guardReferences<C extends GuardableClient>(
  client: C,
  databases: Readonly<Record<string, ReferencedDatabase>>,
  options: GuardOptions = {},
): C & GuardMethods {
  const settings = settingsFrom(options)
  const referenced = referencedDatabases(databases, settings)
  refuseMissing(client.$database.references, referenced.names)
  const guard = new Guard(client.$database, referenced.poolsOf, settings)
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
          await Promise.all([referenced.end(), Reflect.apply($disconnect, this, [])])
        },
      },
    },
  ])
  const guarded: unknown = withEvents(client, extended)
  if (!isGuarded(client, guarded)) throw new TypeError('$extends gave no client.')
  return guarded
}

const isCallback = (work: unknown): work is (client: unknown) => unknown => typeof work === 'function'

/** Prisma takes `$on` from clients that it extends. The events are those of the client underneath. */
function withEvents(client: GuardableClient, extended: unknown): unknown {
  if (typeof extended !== 'object' || client.$on === undefined) return extended
  return Object.create(extended, { $on: { value: client.$on.bind(client) } })
}

/** A guarded client has all that the client has. */
const isGuarded = <C extends GuardableClient>(client: C, guarded: unknown): guarded is C & GuardMethods =>
  typeof guarded === 'object' && guarded !== null && '$guard' in guarded && '$database' in client
