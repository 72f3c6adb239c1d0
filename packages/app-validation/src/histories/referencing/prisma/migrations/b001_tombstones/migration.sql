-- Tombstones and reservations of the referencing side
--
-- What the fence looks up, and how far the delete log of each source is worked off. The names are qualified,
-- since search_path is the caller's.
--
-- creates: tombstone, reservation, cursor

-- tombstone ---------------------------------------------------------------------------------------

CREATE TABLE integrity.tombstone (
  source      text         COLLATE "C" NOT NULL,
  target      text         COLLATE "C" NOT NULL,
  id          text         COLLATE "C" NOT NULL,
  epoch       text                     NOT NULL,
  xid         xid8                     NOT NULL,
  deleted_at  timestamptz              NOT NULL,
  at          timestamptz              NOT NULL DEFAULT clock_timestamp(),

  CONSTRAINT pk_tombstone PRIMARY KEY (source, target, id)
);

COMMENT ON TABLE integrity.tombstone IS 'Deleted ids that no row may name any more';
COMMENT ON COLUMN integrity.tombstone.source IS 'Name of the referenced database in the catalog';
COMMENT ON COLUMN integrity.tombstone.target IS 'Referenced column as PostgreSQL knows it there: schema.table.column';
COMMENT ON COLUMN integrity.tombstone.id IS 'Its value as text';
COMMENT ON COLUMN integrity.tombstone.epoch IS 'Epoch of the delete, from the delete log';
COMMENT ON COLUMN integrity.tombstone.xid IS 'Transaction of the delete, from the delete log';
COMMENT ON COLUMN integrity.tombstone.deleted_at IS 'When it was deleted, by the clock of the source';
COMMENT ON COLUMN integrity.tombstone.at IS 'When the tombstone was put here, by the clock of this server';

-- reservation -------------------------------------------------------------------------------------

CREATE TABLE integrity.reservation (
  source  text         COLLATE "C" NOT NULL,
  target  text         COLLATE "C" NOT NULL,
  id      text         COLLATE "C" NOT NULL,
  token   uuid                     NOT NULL,
  at      timestamptz              NOT NULL DEFAULT clock_timestamp(),

  CONSTRAINT pk_reservation PRIMARY KEY (source, target, id)
);

CREATE INDEX ix_reservation_token ON integrity.reservation (token);

COMMENT ON TABLE integrity.reservation IS 'Ids whose deletion is being arbitrated: writers that name them through a RESTRICT reference retry';
COMMENT ON COLUMN integrity.reservation.source IS 'Name of the referenced database in the catalog';
COMMENT ON COLUMN integrity.reservation.target IS 'Referenced column: schema.table.column';
COMMENT ON COLUMN integrity.reservation.id IS 'Its value as text';
COMMENT ON COLUMN integrity.reservation.token IS 'Intent in the source that it belongs to';
COMMENT ON COLUMN integrity.reservation.at IS 'When it was reserved';

-- cursor ------------------------------------------------------------------------------------------

CREATE TABLE integrity.cursor (
  source      text         COLLATE "C" NOT NULL,
  epoch       text                     NOT NULL,
  horizon     xid8                     NOT NULL,
  state       text                     NOT NULL DEFAULT 'running',
  reason      text,
  changed_at  timestamptz              NOT NULL DEFAULT clock_timestamp(),

  CONSTRAINT pk_cursor PRIMARY KEY (source),
  CONSTRAINT ck_cursor_state CHECK (state IN ('running', 'paused', 'frozen')),
  CONSTRAINT ck_cursor_reason CHECK (state = 'running' OR reason IS NOT NULL)
);

COMMENT ON TABLE integrity.cursor IS 'How far the delete log of each source is worked off here. It lies here, so that a restored database works off again what it lost';
COMMENT ON COLUMN integrity.cursor.source IS 'Name of the referenced database in the catalog';
COMMENT ON COLUMN integrity.cursor.epoch IS 'Epoch of the horizon';
COMMENT ON COLUMN integrity.cursor.horizon IS 'Every delete with a lower xid of that epoch is worked off';
COMMENT ON COLUMN integrity.cursor.state IS 'running; paused by a person; frozen because the two databases don''t fit together';
COMMENT ON COLUMN integrity.cursor.reason IS 'Why it isn''t running';
COMMENT ON COLUMN integrity.cursor.changed_at IS 'When any of this changed';

-- Every refusal counts, although it rolls back: a sequence is no part of a transaction.
CREATE SEQUENCE integrity.refused_writes;
CREATE SEQUENCE integrity.refused_reserved;
COMMENT ON SEQUENCE integrity.refused_writes IS 'Writes refused because they named a deleted row';
COMMENT ON SEQUENCE integrity.refused_reserved IS 'Writes told to retry because they named a row whose deletion was being arbitrated';

CREATE FUNCTION integrity.refuse_write(
  schema_name name, table_name name, column_name name, constraint_name name, source text, target_table text, id text
) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM nextval('integrity.refused_writes');
  RAISE EXCEPTION 'insert or update on table "%" violates foreign key constraint "%"', table_name, constraint_name USING
    ERRCODE = 'foreign_key_violation',
    DETAIL = format('Key (%I)=(%s) was deleted from table "%s" of %s.', column_name, id, target_table, source),
    SCHEMA = schema_name, TABLE = table_name, COLUMN = column_name, CONSTRAINT = constraint_name;
END
$$;
COMMENT ON FUNCTION integrity.refuse_write(name, name, name, name, text, text, text) IS 'Raises and counts the refusal of a write that names a deleted row';

CREATE FUNCTION integrity.refuse_reserved(
  schema_name name, table_name name, column_name name, constraint_name name, source text, target_table text, id text
) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM nextval('integrity.refused_reserved');
  RAISE EXCEPTION 'could not write table "%" while the row that it names is being deleted', table_name USING
    ERRCODE = 'serialization_failure',
    DETAIL = format('Whether key (%I)=(%s) can be deleted from table "%s" of %s is being decided.', column_name, id, target_table, source),
    HINT = 'Retry the transaction.',
    SCHEMA = schema_name, TABLE = table_name, COLUMN = column_name, CONSTRAINT = constraint_name;
END
$$;
COMMENT ON FUNCTION integrity.refuse_reserved(name, name, name, name, text, text, text) IS 'Raises and counts that a write has to be retried';

REVOKE ALL ON FUNCTION
  integrity.refuse_write(name, name, name, name, text, text, text),
  integrity.refuse_reserved(name, name, name, name, text, text, text)
FROM PUBLIC;
