import { Client } from 'pg'
import type { Server } from '../migrate/server.ts'

/** Databases of one part, each with a session for filling and deleting. */
export interface Sessions<Name extends string> extends AsyncDisposable {
  url(name: Name): string
  client(name: Name): Client
}

/** Makes the databases anew. They are dropped in the end. */
export async function makeSessions<Name extends string>(
  server: Server,
  part: string,
  names: readonly Name[],
): Promise<Sessions<Name>> {
  const nameOf = (name: Name) => `bench_${part}_${name}`
  const all = names.map(nameOf)
  await server.recreate(all)
  const url = (name: Name) => server.url(nameOf(name))
  const clients = new Map<Name, Client>()
  for (const name of names) {
    const client = new Client({ connectionString: url(name) })
    await client.connect()
    clients.set(name, client)
  }
  return {
    url,
    client(name) {
      const found = clients.get(name)
      if (!found) throw new TypeError(`there is no session of ${name}`)
      return found
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...clients.values()].map((client) => client.end()))
      await server.drop(all)
    },
  }
}
