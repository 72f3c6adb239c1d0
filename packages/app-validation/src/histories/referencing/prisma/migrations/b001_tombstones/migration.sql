-- Tombstones and reservations of the referencing side
--
-- What the fence looks up, the work that the sweep has before it, and how far the delete log of each source is
-- taken over. The names are qualified, since search_path is the caller's.
--
-- creates: tombstone, swept, reservation, cursor, control

-- tombstone ---------------------------------------------------------------------------------------

CREATE TABLE integrity.tombstone (
  source      text         COLLATE "C" NOT NULL,
  target      text         COLLATE "C" NOT NULL,
  id          text         COLLATE "C" NOT NULL,
  epoch       text                     NOT NULL,
  xid         xid8                     NOT NULL,
  deleted_at  timestamptz              NOT NULL,
  at          timestamptz              NOT NULL DEFAULT clock_timestamp(),
  cleared_at  timestamptz,
  swept_at    timestamptz,

  CONSTRAINT pk_tombstone PRIMARY KEY (source, target, id),
  CONSTRAINT ck_tombstone_order CHECK (swept_at IS NULL OR cleared_at IS NOT NULL)
);

-- Small, however many tombstones are kept: the work that is left.
CREATE INDEX ix_tombstone_uncleared ON integrity.tombstone (source, target, id) WHERE cleared_at IS NULL;
CREATE INDEX ix_tombstone_unswept ON integrity.tombstone (source, target, id) WHERE swept_at IS NULL;

COMMENT ON TABLE integrity.tombstone IS 'Deleted ids that no row may name any more';
COMMENT ON COLUMN integrity.tombstone.source IS 'Name of the referenced database in the catalog';
COMMENT ON COLUMN integrity.tombstone.target IS 'Referenced column as PostgreSQL knows it there: schema.table.column';
COMMENT ON COLUMN integrity.tombstone.id IS 'Its value as text';
COMMENT ON COLUMN integrity.tombstone.epoch IS 'Epoch of the delete, from the delete log';
COMMENT ON COLUMN integrity.tombstone.xid IS 'Transaction of the delete, from the delete log';
COMMENT ON COLUMN integrity.tombstone.deleted_at IS 'When it was deleted, by the clock of the source';
COMMENT ON COLUMN integrity.tombstone.at IS 'When the tombstone was put here, by the clock of this server';
COMMENT ON COLUMN integrity.tombstone.cleared_at IS 'When the referential actions were taken for the first time; null is work to do';
COMMENT ON COLUMN integrity.tombstone.swept_at IS 'When nothing was found left behind the barrier, and the receipt was written';

-- swept -------------------------------------------------------------------------------------------

CREATE TABLE integrity.swept (
  source     text    COLLATE "C" NOT NULL,
  target     text    COLLATE "C" NOT NULL,
  id         text    COLLATE "C" NOT NULL,
  reference  text    COLLATE "C" NOT NULL,
  rows       bigint              NOT NULL,

  CONSTRAINT pk_swept PRIMARY KEY (source, target, id, reference)
);

COMMENT ON TABLE integrity.swept IS 'Rows changed so far for ids whose sweep is under way, added up in the statements that change them; the receipt takes them over';
COMMENT ON COLUMN integrity.swept.source IS 'Name of the referenced database in the catalog';
COMMENT ON COLUMN integrity.swept.target IS 'Referenced column: schema.table.column';
COMMENT ON COLUMN integrity.swept.id IS 'Its value as text';
COMMENT ON COLUMN integrity.swept.reference IS 'Referencing column: schema.table.column';
COMMENT ON COLUMN integrity.swept.rows IS 'Rows deleted or set null';

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
  source   text         COLLATE "C" NOT NULL,
  epoch    text         COLLATE "C" NOT NULL,
  horizon  xid8                     NOT NULL,
  at       timestamptz              NOT NULL DEFAULT clock_timestamp(),

  CONSTRAINT pk_cursor PRIMARY KEY (source, epoch)
);

COMMENT ON TABLE integrity.cursor IS 'How far the delete log of each source is taken over here. It lies here, so that a restored database takes over again what it lost';
COMMENT ON COLUMN integrity.cursor.source IS 'Name of the referenced database in the catalog';
COMMENT ON COLUMN integrity.cursor.epoch IS 'Epoch of the source; each has its own count of transactions';
COMMENT ON COLUMN integrity.cursor.horizon IS 'Every delete of that epoch with a lower xid is among the tombstones';
COMMENT ON COLUMN integrity.cursor.at IS 'When it moved';

-- control -----------------------------------------------------------------------------------------

CREATE TABLE integrity.control (
  source  text         COLLATE "C" NOT NULL,
  state   text                     NOT NULL,
  reason  text                     NOT NULL,
  role    text                     NOT NULL DEFAULT session_user,
  at      timestamptz              NOT NULL DEFAULT clock_timestamp(),

  CONSTRAINT pk_control PRIMARY KEY (source),
  CONSTRAINT ck_control_state CHECK (state IN ('paused', 'frozen'))
);

COMMENT ON TABLE integrity.control IS 'Sources after whose deletions nothing is swept for now; the fence stands all the same';
COMMENT ON COLUMN integrity.control.source IS 'Name of the referenced database in the catalog';
COMMENT ON COLUMN integrity.control.state IS 'paused by a person; frozen because the two databases don''t fit together';
COMMENT ON COLUMN integrity.control.reason IS 'Why';
COMMENT ON COLUMN integrity.control.role IS 'Who said so';
COMMENT ON COLUMN integrity.control.at IS 'When';

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
