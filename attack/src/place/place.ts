import { makeLinks, type PlacedReference, placeReference, soundReferences } from '@manybase/app-validation'
import { makeProxy, type TcpProxy } from '@manybase/local-postgres/testing'
import { runDb, startDb, tryDb } from './command.ts'
import { connect } from './connect.ts'
import { databases, makeProject } from './project.ts'
import { makeServer, type Server } from './server.ts'

export type Side = 'auth' | 'specs'
export const sides = ['auth', 'specs'] as const

export interface PlaceChoice {
  /** Whether capture and fence are installed. */
  readonly guarded: boolean
  /** Release of PostgreSQL, such as 15; the one of the repository when left out. */
  readonly major: string | undefined
  /** Whether deletions wake the sweepers; where they don't, transactions in the referenced database may be prepared. */
  readonly announces: boolean
}

/** Two servers, a way to each, the databases at head, and what is needed to attack them. */
export type Place = Awaited<ReturnType<typeof makePlace>>

export async function makePlace({ guarded, major, announces }: PlaceChoice) {
  const [auth, specs] = await Promise.all([
    makeServer({ major, prepares: !announces }),
    makeServer({ major, prepares: true }),
  ])
  const servers: Readonly<Record<Side, Server>> = { auth, specs }
  const direct = (side: Side) => servers[side].now().url(databases[side].name)
  const wires: Readonly<Record<Side, TcpProxy>> = {
    auth: await makeProxy(() => direct('auth')),
    specs: await makeProxy(() => direct('specs')),
  }
  const project = await makeProject(guarded)
  /** Through the wire, so it stays the same over restarts. */
  const url = (side: Side) => wires[side].url
  const env = () => Object.fromEntries(sides.map((side) => [databases[side].variable, url(side)]))
  const references: readonly PlacedReference[] = (await soundReferences(project.schemas)).map((each) =>
    placeReference(each, () => 'public'),
  )
  const [link] = makeLinks(references)
  if (!link) throw new Error('the schemas refer to each other')
  return {
    guarded,
    announces,
    servers,
    wires,
    references,
    link,
    url,
    /** Makes the database, as a user who may. */
    makeDatabase: async (side: Side) => {
      const client = await connect(servers[side].now().url('postgres'))
      try {
        await client.query(`CREATE DATABASE ${databases[side].name}`)
      } finally {
        await client.end()
      }
    },
    /** A session past the wire, for who has to see the truth. */
    connect: (side: Side) => connect(direct(side)),
    run: (...args: readonly string[]) => runDb(project.directory, args, env()),
    try: (...args: readonly string[]) => tryDb(project.directory, args, env()),
    start: (...args: readonly string[]) => startDb(project.directory, args, env()),
    remove: async () => {
      await Promise.all(sides.map((side) => wires[side].close()))
      await Promise.all(sides.map((side) => servers[side].destroy()))
      await project.remove()
    },
  }
}
