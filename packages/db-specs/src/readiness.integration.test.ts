import { expect, test } from '@jest/globals'
import { assertAtHead, readKnownHistory } from '@manybase/migrator/readiness'
import { createSpecsClient } from './index.ts'
import { connect, migratedDatabase } from './testing/migrated-database.ts'

const history = new URL('../prisma/migrations', import.meta.url)

test('the typed client says whether its database is at head', async () => {
  await using place = await migratedDatabase()
  await using database = await connect(place.url)
  const auth = createSpecsClient({ url: place.url, log: { levels: [] } })
  try {
    await expect(assertAtHead(auth, { history })).rejects.toMatchObject({
      code: 'readiness.unknown',
      why: expect.stringContaining('there is no ledger'),
    })
    await database.query(`CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL,
      finished_at timestamptz, migration_name varchar(255) NOT NULL, rolled_back_at timestamptz)`)
    await expect(assertAtHead(auth, { history })).rejects.toMatchObject({ code: 'readiness.behind' })
    for (const { name, checksums } of readKnownHistory(history)) {
      await database.query('INSERT INTO _prisma_migrations VALUES ($1, $2, now(), $1)', [name, checksums[0]])
    }
    expect(await assertAtHead(auth, { history })).toEqual({ kind: 'ready' })
  } finally {
    await auth.$disconnect()
  }
})
