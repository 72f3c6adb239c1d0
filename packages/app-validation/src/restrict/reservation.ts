import type { Sql } from '../sweep/sql.ts'

/** Ids of one target whose deletion is being decided, under the token of an intent in the source. */
export interface Reservation {
  readonly source: string
  readonly target: string
  readonly ids: readonly string[]
  readonly token: string
}

/** Makes writers that name these ids through a RESTRICT reference retry, from here on. */
export async function reserve(b: Sql, { source, target, ids, token }: Reservation): Promise<void> {
  await b.query(
    `INSERT INTO integrity.reservation (source, target, id, token)
     SELECT $1, $2, id, $3::uuid FROM unnest($4::text[]) AS ids (id) ORDER BY id`,
    [source, target, token, ids],
  )
}

/** Only after the intent is cancelled in the source, or the tombstones are here. */
export async function release(b: Sql, token: string): Promise<void> {
  await b.query('DELETE FROM integrity.reservation WHERE token = $1::uuid', [token])
}
