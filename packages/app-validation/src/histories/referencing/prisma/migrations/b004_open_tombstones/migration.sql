-- One small index of the tombstones that are open
--
-- Each tombstone was written to two indexes of its whole key besides the primary key, and each receipt looked its batch
-- up. That was half of what a deletion costs when there are many. A receipt whose batch is missing is found by
-- verify_receipts now.

DROP INDEX integrity.ix_tombstone_uncleared;
DROP INDEX integrity.ix_tombstone_unswept;

-- Small, however many tombstones are kept: the work that is left, first what is not cleared yet.
CREATE INDEX ix_tombstone_open ON integrity.tombstone (source, cleared_at) WHERE swept_at IS NULL;

ALTER TABLE integrity.receipt DROP CONSTRAINT fk_receipt_batch;

CREATE OR REPLACE FUNCTION integrity.verify_receipts(source text, OUT number bigint, OUT problem text) RETURNS SETOF record
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT b.number, concat_ws(', ',
      CASE WHEN b.number <> b.place THEN 'a batch before it is missing' END,
      CASE WHEN b.previous <> b.before THEN 'it doesn''t follow from the batch before' END,
      CASE WHEN b.digest <> integrity.digest_of($1, b.number) THEN 'its receipts were changed' END,
      CASE WHEN b.hash <> integrity.hash_of(b.row) THEN 'it was changed itself' END)
    FROM (SELECT t.*, t AS row, row_number() OVER w AS place, coalesce(lag(t.hash) OVER w, '') AS before
            FROM integrity.receipt_batch t WHERE t.source = $1 WINDOW w AS (ORDER BY t.number)) b
   WHERE b.number <> b.place OR b.previous <> b.before
      OR b.digest <> integrity.digest_of($1, b.number) OR b.hash <> integrity.hash_of(b.row)
   UNION ALL
  SELECT DISTINCT r.batch, 'it is missing, and its receipts are there' FROM integrity.receipt r
   WHERE r.source = $1
     AND NOT EXISTS (SELECT FROM integrity.receipt_batch t WHERE t.source = r.source AND t.number = r.batch)
   ORDER BY 1
$$;
