import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

/** What the clients of a table have seen. */
export interface Seen {
  /** How long the slowest of their reads and writes took, in milliseconds. */
  readonly longest: number
  readonly operations: number
}

const [clients, pause] = [8, 5]

/**
 * Reads and writes single rows of the table `busy` on eight connections while `work` is done. A client that is kept
 * waiting sends nothing else meanwhile, as a request of an application would.
 */
export async function underTraffic(url: string, work: () => Promise<void>): Promise<Seen> {
  const connections = await Promise.all(Array.from({ length: clients }, () => connect(url)))
  const state = { running: true, longest: 0, operations: 0 }
  const busy = connections.map((client) => keepBusy(client, state))
  try {
    await work()
  } finally {
    state.running = false
    await Promise.allSettled(busy)
    await Promise.all(connections.map((client) => client.end()))
  }
  // What a client has met is news, and no measurement.
  await Promise.all(busy)
  return { longest: state.longest, operations: state.operations }
}

interface State {
  running: boolean
  longest: number
  operations: number
}

async function keepBusy(client: Client, state: State): Promise<void> {
  for (let turn = 0; state.running; turn++) {
    const id = 1 + Math.floor(Math.random() * 1000)
    const begin = performance.now()
    await client.query(
      turn % 2 === 0 ? 'SELECT n FROM busy WHERE id = $1' : 'UPDATE busy SET n = n + 1 WHERE id = $1',
      [id],
    )
    state.longest = Math.max(state.longest, performance.now() - begin)
    state.operations += 1
    await sleep(pause)
  }
}

export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}
