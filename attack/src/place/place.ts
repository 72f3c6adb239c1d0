import { makeLinks, type PlacedReference, placeReference, soundReferences } from '@manybase/app-validation'
import { runDb, startDb } from './command.ts'
import { connect } from './connect.ts'
import { databases, makeProject } from './project.ts'
import { makeServer, type Server } from './server.ts'
import { makeWire, type Wire } from './wire.ts'

export type Side = 'auth' | 'specs'
export const sides = ['auth', 'specs'] as const

/** Two servers, a way to each, the databases at head, and what is needed to attack them. */
export type Place = Awaited<ReturnType<typeof makePlace>>

export async function makePlace(guarded: boolean) {
  const [auth, specs] = await Promise.all([makeServer('auth'), makeServer('specs')])
  const servers: Readonly<Record<Side, Server>> = { auth, specs }
  const wires: Readonly<Record<Side, Wire>> = {
    auth: await makeWire(() => auth.now().port),
    specs: await makeWire(() => specs.now().port),
  }
  const project = await makeProject(guarded)
  const direct = (side: Side) => servers[side].now().url(databases[side].name)
  /** Through the wire, so it stays the same over restarts. */
  const url = (side: Side) => {
    const through = new URL(direct(side))
    through.port = String(wires[side].port)
    return through.href
  }
  const env = () => Object.fromEntries(sides.map((side) => [databases[side].variable, url(side)]))
  const references: readonly PlacedReference[] = (await soundReferences(project.schemas)).map((each) =>
    placeReference(each, () => 'public'),
  )
  const [link] = makeLinks(references)
  if (!link) throw new Error('the schemas refer to each other')
  return {
    guarded,
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
    start: (...args: readonly string[]) => startDb(project.directory, args, env()),
    remove: async () => {
      await Promise.all(sides.map((side) => wires[side].close()))
      await Promise.all(sides.map((side) => servers[side].destroy()))
      await project.remove()
    },
  }
}
