import { makeLinks, openSession, type Scan, scan } from '@manybase/app-validation'
import { reference, type Urls } from '../project.ts'
import { ghosts } from './population.ts'

/** A scan as the command makes it, the opening of its sessions included. */
export async function scanOnce(urls: Urls): Promise<void> {
  const sessions: Awaited<ReturnType<typeof openSession>>[] = []
  const open = async (side: 'referenced' | 'referencing') => {
    const name = side === 'referenced' ? 'auth' : 'specs'
    const database = { name, pool: () => ({ connectionString: urls[name] }) }
    const session = await openSession({ database, side, name: 'benchmark' })
    sessions.push(session)
    return session
  }
  try {
    for (const link of makeLinks([reference])) mustHaveGhosts(await scan(open, link))
  } finally {
    await Promise.all(sessions.map((session) => session.end()))
  }
}

const mustHaveGhosts = ({ columns }: Scan): void => mustBeGhosts(columns[0]?.orphans.rows)

/** @throws when not all orphans were found, or others */
export function mustBeGhosts(rows: number | undefined): void {
  if (rows !== ghosts) throw new Error(`${rows} orphans were found instead of ${ghosts}`)
}
