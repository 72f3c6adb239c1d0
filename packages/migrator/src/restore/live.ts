import { takeInventory } from '../backup/inventory.ts'
import { countRows } from '../losses/count.ts'
import type { Count } from '../losses/loss.ts'
import { explainServerError } from '../server/explain.ts'
import { connect } from '../server/session.ts'
import { inspectStates } from '../workspace.ts'
import type { Site } from './site.ts'

/** What is about to be replaced. */
export interface Live {
  /** Ids of the revisions at which it stands. */
  readonly current: readonly string[]
  readonly rows: Count
}

/** Looks at the database that has the name now; undefined where there is none. */
export async function findLive({ exists, database: { targets } }: Site): Promise<Live | undefined> {
  if (!exists) return undefined
  const states = await inspectStates(targets)
  const [target] = targets
  const client = await connect(target.connection.connectionString).catch((error) => {
    throw explainServerError(error, target)
  })
  try {
    const { tables } = await takeInventory(client)
    let rows: Count = { number: 0, estimated: false }
    for (const { name } of tables) {
      const counted = await countRows(client, name)
      if (counted)
        rows = { number: rows.number + counted.number, estimated: rows.estimated || counted.estimated }
    }
    return { current: states.flatMap(({ current }) => current), rows }
  } catch (error) {
    throw explainServerError(error, target)
  } finally {
    await client.end()
  }
}
