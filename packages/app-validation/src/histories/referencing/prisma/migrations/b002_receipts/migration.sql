-- Receipts of what was done for each deleted id
--
-- One per id, in batches whose hashes form a chain: a receipt that is changed, added or taken away later shows.
--
-- creates: receipt_batch, receipt

-- receipt_batch -----------------------------------------------------------------------------------

CREATE TABLE integrity.receipt_batch (
  source    text         COLLATE "C" NOT NULL,
  number    bigint                   NOT NULL,
  receipts  integer                  NOT NULL,
  at        timestamptz              NOT NULL DEFAULT clock_timestamp(),
  digest    bytea                    NOT NULL,
  previous  bytea                    NOT NULL,
  hash      bytea                    NOT NULL,

  CONSTRAINT pk_receipt_batch PRIMARY KEY (source, number)
);

COMMENT ON TABLE integrity.receipt_batch IS 'Receipts that were written together, chained by their hashes';
COMMENT ON COLUMN integrity.receipt_batch.source IS 'Name of the referenced database in the catalog';
COMMENT ON COLUMN integrity.receipt_batch.number IS 'Counts from 1 without gaps in each source';
COMMENT ON COLUMN integrity.receipt_batch.receipts IS 'How many receipts it has';
COMMENT ON COLUMN integrity.receipt_batch.at IS 'When it was closed';
COMMENT ON COLUMN integrity.receipt_batch.digest IS 'SHA-256 of its receipts';
COMMENT ON COLUMN integrity.receipt_batch.previous IS 'Hash of the batch before; empty for the first';
COMMENT ON COLUMN integrity.receipt_batch.hash IS 'SHA-256 of all that';

-- receipt -----------------------------------------------------------------------------------------

CREATE TABLE integrity.receipt (
  source      text         COLLATE "C" NOT NULL,
  target      text         COLLATE "C" NOT NULL,
  id          text         COLLATE "C" NOT NULL,
  batch       bigint                   NOT NULL,
  epoch       text                     NOT NULL,
  xid         xid8                     NOT NULL,
  deleted_at  timestamptz              NOT NULL,
  done        jsonb                    NOT NULL,

  CONSTRAINT pk_receipt PRIMARY KEY (source, target, id, batch),
  CONSTRAINT fk_receipt_batch FOREIGN KEY (source, batch) REFERENCES integrity.receipt_batch (source, number)
);

CREATE INDEX ix_receipt_batch ON integrity.receipt (source, batch);

COMMENT ON TABLE integrity.receipt IS 'What was done for each deleted id, written after a recount that found none left';
COMMENT ON COLUMN integrity.receipt.source IS 'Name of the referenced database in the catalog';
COMMENT ON COLUMN integrity.receipt.target IS 'Referenced column: schema.table.column';
COMMENT ON COLUMN integrity.receipt.id IS 'Its value as text';
COMMENT ON COLUMN integrity.receipt.batch IS 'Batch that it belongs to; an id that was revived and deleted again has several';
COMMENT ON COLUMN integrity.receipt.epoch IS 'Epoch of the delete';
COMMENT ON COLUMN integrity.receipt.xid IS 'Transaction of the delete';
COMMENT ON COLUMN integrity.receipt.deleted_at IS 'When it was deleted, by the clock of the source';
COMMENT ON COLUMN integrity.receipt.done IS 'Per referencing column the action, the rows that it changed and those that still name the id, for example {"public.projects.user_id": {"action": "Cascade", "rows": 3, "left": 0}}';

-- Free of the session's TimeZone and DateStyle, so that everybody computes the same.
CREATE FUNCTION integrity.digest_of(source text, batch bigint) RETURNS bytea
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT sha256(convert_to(coalesce(string_agg(jsonb_build_array(
           r.target, r.id, r.epoch, r.xid::text, trunc(extract(epoch FROM r.deleted_at) * 1000000), r.done
         )::text, chr(10) ORDER BY r.target, r.id), ''), 'UTF8'))
    FROM integrity.receipt r WHERE r.source = $1 AND r.batch = $2
$$;
COMMENT ON FUNCTION integrity.digest_of(text, bigint) IS 'SHA-256 of the receipts of a batch as they are now';

CREATE FUNCTION integrity.hash_of(batch integrity.receipt_batch) RETURNS bytea
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT sha256(($1).previous || ($1).digest || convert_to(jsonb_build_array(
    ($1).source, ($1).number, ($1).receipts,
    trunc(extract(epoch FROM ($1).at) * 1000000))::text, 'UTF8'))
$$;
COMMENT ON FUNCTION integrity.hash_of(integrity.receipt_batch) IS 'Hash of a batch as it is now';

-- Tombstones that another worker has closed meanwhile are left out, so an id has one receipt for each deletion.
CREATE FUNCTION integrity.write_receipts(source text, target text, ids text[], dones jsonb[]) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  batch integrity.receipt_batch;
BEGIN
  -- The chain has one end; readers are not kept waiting.
  LOCK TABLE integrity.receipt_batch IN SHARE ROW EXCLUSIVE MODE;
  SELECT b.number, b.hash INTO batch.number, batch.previous FROM integrity.receipt_batch b
   WHERE b.source = $1 ORDER BY b.number DESC LIMIT 1;
  batch := ROW($1, coalesce(batch.number, 0) + 1, 0, clock_timestamp(),
               ''::bytea, coalesce(batch.previous, ''), ''::bytea);
  INSERT INTO integrity.receipt_batch SELECT batch.*;
  WITH closed AS (
    UPDATE integrity.tombstone t
       SET swept_at = batch.at, cleared_at = coalesce(t.cleared_at, batch.at)
      FROM unnest(ids, dones) d(id, done)
     WHERE t.source = $1 AND t.target = $2 AND t.id = d.id AND t.swept_at IS NULL
    RETURNING t.id, t.epoch, t.xid, t.deleted_at, d.done
  )
  INSERT INTO integrity.receipt (source, target, id, batch, epoch, xid, deleted_at, done)
  SELECT $1, $2, c.id, batch.number, c.epoch, c.xid, c.deleted_at, c.done FROM closed c;
  GET DIAGNOSTICS batch.receipts = ROW_COUNT;
  IF batch.receipts = 0 THEN
    DELETE FROM integrity.receipt_batch b WHERE b.source = $1 AND b.number = batch.number;
    RETURN 0;
  END IF;
  DELETE FROM integrity.swept s WHERE s.source = $1 AND s.target = $2 AND s.id = ANY (ids);
  batch.digest := integrity.digest_of($1, batch.number);
  batch.hash := integrity.hash_of(batch);
  UPDATE integrity.receipt_batch b SET receipts = batch.receipts, digest = batch.digest, hash = batch.hash
   WHERE b.source = $1 AND b.number = batch.number;
  RETURN batch.receipts;
END
$$;
COMMENT ON FUNCTION integrity.write_receipts(text, text, text[], jsonb[]) IS
  'Closes the sweep of these ids: marks their tombstones and writes a receipt for each, as one batch. Returns how many were still open';

CREATE FUNCTION integrity.verify_receipts(source text, OUT number bigint, OUT problem text) RETURNS SETOF record
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
COMMENT ON FUNCTION integrity.verify_receipts(text) IS 'Batches that are not as they were written; none when all is well';

CREATE FUNCTION integrity.revive(source text, target text, id text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  found integrity.tombstone;
BEGIN
  -- Workers lock the tombstones that they act on, so this waits for them.
  SELECT * INTO found FROM integrity.tombstone t
   WHERE t.source = $1 AND t.target = $2 AND t.id = $3 FOR UPDATE;
  IF found IS NULL THEN
    RETURN false;
  END IF;
  IF found.swept_at IS NULL THEN
    RAISE EXCEPTION 'the sweep for this id is not complete' USING
      ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = format('%s of %s in %s has a tombstone that is not swept yet.', $3, $2, $1),
      HINT = 'Run the sweep first.';
  END IF;
  DELETE FROM integrity.tombstone t WHERE t.source = $1 AND t.target = $2 AND t.id = $3;
  RETURN true;
END
$$;
COMMENT ON FUNCTION integrity.revive(text, text, text) IS 'Lets rows name a deleted id again; false when it has no tombstone, an error until its sweep is complete';

REVOKE ALL ON FUNCTION
  integrity.digest_of(text, bigint),
  integrity.hash_of(integrity.receipt_batch),
  integrity.write_receipts(text, text, text[], jsonb[]),
  integrity.verify_receipts(text),
  integrity.revive(text, text, text)
FROM PUBLIC;
