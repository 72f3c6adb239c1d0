import { errorCode } from '@manybase/failure'
import pg from 'pg'

/**
 * Drops a database and ends the sessions in it; one that doesn't exist is as good. Of a role that is no superuser
 * FORCE is refused while autovacuum is at work there. Without FORCE, PostgreSQL has autovacuum leave, so then what
 * sessions of its own the role has are ended first.
 * @param query on a connection to another database
 */
export async function dropDatabase(query: (sql: string) => Promise<unknown>, name: string): Promise<void> {
  const drop = `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)}`
  try {
    await query(`${drop} WITH (FORCE)`)
  } catch (error) {
    if (errorCode(error) !== insufficientPrivilege) throw error
    await query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = ${pg.escapeLiteral(name)} AND usename = current_user`,
    )
    await query(drop)
  }
}

const insufficientPrivilege = '42501'
