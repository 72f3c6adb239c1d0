import pg from 'pg'

/**
 * Opens a session; whoever opens it ends it.
 * @throws what the driver throws, soon
 */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000,
  })
  client.on('error', () => {})
  await client.connect()
  return client
}
