/** The part of a `pg` client that the sweep needs: one session, since locks and settings belong to it. */
export interface Sql {
  query<R extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: R[]; readonly rowCount: number | null }>
  escapeLiteral(text: string): string
}

/** Runs `work` in a transaction of the session; what it throws rolls back. */
export async function inTransaction<T>(sql: Sql, work: () => Promise<T>, begin = 'BEGIN'): Promise<T> {
  await sql.query(begin)
  try {
    const result = await work()
    await sql.query('COMMIT')
    return result
  } catch (error) {
    // The connection itself may be gone; the error that counts is the first.
    await sql.query('ROLLBACK').catch(() => {})
    throw error
  }
}
