import { type Contestant, hold, timed } from '../contest.ts'
import type { Part } from '../part.ts'
import { connections, makeField, type Writer } from './contestants.ts'
import { makeDatabases } from './databases.ts'

/** Rows that name users are written. */
export const guard: Part = {
  title: `rows that name users are written, ${connections} connections`,
  unit: 'ms each',
  async measure({ root, server }, rounds) {
    await using databases = await makeDatabases(root, server)
    await using field = makeField(databases)
    return await hold(field.writers.map(toContestant), { rounds, warmUp: true })
  },
}

const toContestant = (writer: Writer): Contestant => ({ ...writer, run: () => timeOf(writer) })

/** How many rows each writes in a round. */
const rowsOfRound = (rows: number): number => (rows === 1 ? 2000 : 8000)

/** Milliseconds of one write, with all workers busy. */
async function timeOf({ rows, write }: Writer): Promise<number> {
  const count = rowsOfRound(rows) / rows
  let next = 0
  const worker = async () => {
    while (next < count) {
      next += 1
      await write(next)
    }
  }
  const time = await timed(() => Promise.all(Array.from({ length: connections }, worker)))
  return time / count
}
