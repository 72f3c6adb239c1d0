-- Delete log of the referenced side
--
-- What was deleted, written by triggers in the deleting transaction, and who has worked it off. The names
-- are qualified, since search_path is the caller's.
--
-- creates: delete_log, consumer

-- delete_log --------------------------------------------------------------------------------------

CREATE TABLE integrity.delete_log (
  epoch   text         COLLATE "C" NOT NULL,
  xid     xid8                     NOT NULL,
  target  text         COLLATE "C" NOT NULL,
  id      text         COLLATE "C" NOT NULL,
  at      timestamptz              NOT NULL DEFAULT clock_timestamp(),

  CONSTRAINT pk_delete_log PRIMARY KEY (target, id)
);

CREATE INDEX ix_delete_log_xid ON integrity.delete_log (epoch, xid);

COMMENT ON TABLE integrity.delete_log IS 'Ids that were deleted; a living id is never in it, and an id in it cannot be inserted';
COMMENT ON COLUMN integrity.delete_log.epoch IS 'Server and timeline in which xid counts: system identifier, colon, timeline';
COMMENT ON COLUMN integrity.delete_log.xid IS 'Transaction that deleted it. The order of commits is known only below pg_snapshot_xmin';
COMMENT ON COLUMN integrity.delete_log.target IS 'Referenced column as PostgreSQL knows it: schema.table.column';
COMMENT ON COLUMN integrity.delete_log.id IS 'Its value as text';
COMMENT ON COLUMN integrity.delete_log.at IS 'When the statement deleted it, by the clock of this server';

-- consumer ----------------------------------------------------------------------------------------

CREATE TABLE integrity.consumer (
  consumer  text         COLLATE "C" NOT NULL,
  epoch     text                     NOT NULL,
  horizon   xid8                     NOT NULL,
  at        timestamptz              NOT NULL DEFAULT clock_timestamp(),

  CONSTRAINT pk_consumer PRIMARY KEY (consumer)
);

COMMENT ON TABLE integrity.consumer IS 'How far each referencing database has worked off the delete log. A cursor there that is behind this one was restored from a backup';
COMMENT ON COLUMN integrity.consumer.consumer IS 'Name of the referencing database in the catalog';
COMMENT ON COLUMN integrity.consumer.epoch IS 'Epoch of its horizon';
COMMENT ON COLUMN integrity.consumer.horizon IS 'Every delete with a lower xid of that epoch is worked off';
COMMENT ON COLUMN integrity.consumer.at IS 'When it said so';

-- Every refusal counts, although it rolls back: a sequence is no part of a transaction.
CREATE SEQUENCE integrity.refused_reuses;
COMMENT ON SEQUENCE integrity.refused_reuses IS 'Inserts refused because their id was deleted before';

-- The timeline is that of the WAL being written: the control file still has the old one for a while after a
-- promotion.
CREATE FUNCTION integrity.epoch() RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT system_identifier || ':' || CASE
    WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())
    ELSE ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer
  END
  FROM pg_control_system()
$$;
COMMENT ON FUNCTION integrity.epoch() IS 'Server and timeline: xids of one epoch can be compared';

-- A delete made with synchronous_commit = off may still be undone by a crash. A commit with WAL of its own that
-- waits for its flush takes all earlier commits with it.
CREATE FUNCTION integrity.flush() RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF current_setting('synchronous_commit') IN ('off', 'local', 'remote_write') THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  PERFORM pg_logical_emit_message(true, 'integrity', 'flush');
END
$$;
COMMENT ON FUNCTION integrity.flush() IS 'Makes the commit of this transaction durable, and with it every commit before it';

CREATE FUNCTION integrity.horizon(OUT epoch text, OUT horizon xid8)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT integrity.epoch(), pg_snapshot_xmin(pg_current_snapshot())
$$;
COMMENT ON FUNCTION integrity.horizon() IS 'Every transaction with a lower xid has ended. Belongs into the statement that reads the log, or into a REPEATABLE READ transaction with it';

-- A consumer's horizon never goes back within an epoch: two workers may report at once.
CREATE FUNCTION integrity.acknowledge(consumer text, epoch text, horizon xid8) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  INSERT INTO integrity.consumer AS known (consumer, epoch, horizon) VALUES ($1, $2, $3)
  ON CONFLICT (consumer) DO UPDATE SET epoch = excluded.epoch, horizon = excluded.horizon, at = excluded.at
  WHERE known.epoch <> excluded.epoch OR known.horizon < excluded.horizon
$$;
COMMENT ON FUNCTION integrity.acknowledge(text, text, xid8) IS 'Notes how far a referencing database has worked off the delete log';

CREATE FUNCTION integrity.revive(target text, id text) RETURNS boolean
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  WITH forgotten AS (DELETE FROM integrity.delete_log d WHERE d.target = $1 AND d.id = $2 RETURNING 1)
  SELECT EXISTS (SELECT FROM forgotten)
$$;
COMMENT ON FUNCTION integrity.revive(text, text) IS 'Lets a deleted id be inserted again. Only after every referencing database has revived it, which each refuses until its sweep is complete';

CREATE FUNCTION integrity.refuse_reuse(schema_name name, table_name name, column_name name, id text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM nextval('integrity.refused_reuses');
  RAISE EXCEPTION 'insert into table "%" brings back a deleted id', table_name USING
    ERRCODE = 'IR001',
    DETAIL = format('Key (%I)=(%s) was deleted, and what other databases kept of it is being removed.', column_name, id),
    HINT = 'Insert the row with a new id, or lift the ban with `db integrity revive`.',
    SCHEMA = schema_name, TABLE = table_name, COLUMN = column_name;
END
$$;
COMMENT ON FUNCTION integrity.refuse_reuse(name, name, name, text) IS 'Raises and counts the refusal of an id that was deleted before';

CREATE FUNCTION integrity.refuse_truncate() RETURNS trigger
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'cannot truncate table "%": rows of other databases refer to it', TG_TABLE_NAME USING
    ERRCODE = 'IR003',
    DETAIL = 'TRUNCATE does not say which rows it deletes, so the databases that refer to them could not follow.',
    HINT = 'Use DELETE.',
    SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;
COMMENT ON FUNCTION integrity.refuse_truncate() IS 'Trigger: deletes that name no row are refused';

CREATE FUNCTION integrity.refuse_changed_id(schema_name name, table_name name, column_name name) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'cannot change column "%" of table "%": rows of other databases refer to it', column_name, table_name USING
    ERRCODE = 'IR002',
    DETAIL = 'Other databases know the row by this value.',
    HINT = 'Insert a new row, move what refers to the old one, and delete it.',
    SCHEMA = schema_name, TABLE = table_name, COLUMN = column_name;
END
$$;
COMMENT ON FUNCTION integrity.refuse_changed_id(name, name, name) IS 'Raises the refusal of a changed id';

CREATE FUNCTION integrity.refuse_id_change() RETURNS trigger
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM integrity.refuse_changed_id(TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[0]);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION integrity.refuse_id_change() IS 'Trigger: a referenced id is for life';

REVOKE ALL ON FUNCTION
  integrity.epoch(),
  integrity.flush(),
  integrity.horizon(),
  integrity.acknowledge(text, text, xid8),
  integrity.revive(text, text),
  integrity.refuse_reuse(name, name, name, text),
  integrity.refuse_truncate(),
  integrity.refuse_changed_id(name, name, name),
  integrity.refuse_id_change()
FROM PUBLIC;
