-- Undoes b004_open_tombstones. Refuses while a receipt's batch is missing.

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
   ORDER BY b.number
$$;

ALTER TABLE integrity.receipt ADD CONSTRAINT fk_receipt_batch
  FOREIGN KEY (source, batch) REFERENCES integrity.receipt_batch (source, number);

DROP INDEX integrity.ix_tombstone_open;
CREATE INDEX ix_tombstone_uncleared ON integrity.tombstone (source, target, id) WHERE cleared_at IS NULL;
CREATE INDEX ix_tombstone_unswept ON integrity.tombstone (source, target, id) WHERE swept_at IS NULL;
