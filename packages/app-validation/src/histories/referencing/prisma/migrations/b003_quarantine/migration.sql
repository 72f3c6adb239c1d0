-- Quarantine of rows that a repair took out
--
-- creates: quarantine

-- quarantine --------------------------------------------------------------------------------------

CREATE TABLE integrity.quarantine (
  number       bigint                   NOT NULL GENERATED ALWAYS AS IDENTITY,
  run          uuid                     NOT NULL,
  source       text         COLLATE "C" NOT NULL,
  target       text         COLLATE "C" NOT NULL,
  id           text         COLLATE "C" NOT NULL,
  schema_name  text                     NOT NULL,
  table_name   text                     NOT NULL,
  column_name  text                     NOT NULL,
  action       text                     NOT NULL,
  row_data     jsonb                    NOT NULL,
  at           timestamptz              NOT NULL DEFAULT clock_timestamp(),
  restored_at  timestamptz,

  CONSTRAINT pk_quarantine PRIMARY KEY (number),
  CONSTRAINT ck_quarantine_action CHECK (action IN ('deleted', 'nulled'))
);

CREATE INDEX ix_quarantine_run ON integrity.quarantine (run, number);
CREATE INDEX ix_quarantine_id ON integrity.quarantine (source, target, id);

COMMENT ON TABLE integrity.quarantine IS 'Rows as they were before a repair changed or deleted them: the way back. An erasure deletes those of its id';
COMMENT ON COLUMN integrity.quarantine.number IS 'Order in which they were taken out; they go back in the opposite one';
COMMENT ON COLUMN integrity.quarantine.run IS 'Repair that did it';
COMMENT ON COLUMN integrity.quarantine.source IS 'Name of the referenced database in the catalog';
COMMENT ON COLUMN integrity.quarantine.target IS 'Referenced column: schema.table.column';
COMMENT ON COLUMN integrity.quarantine.id IS 'Value that named nothing, as text';
COMMENT ON COLUMN integrity.quarantine.schema_name IS 'Schema of the row';
COMMENT ON COLUMN integrity.quarantine.table_name IS 'Table of the row; of a cascade inside the database also tables without a reference';
COMMENT ON COLUMN integrity.quarantine.column_name IS 'Referencing column that led to it';
COMMENT ON COLUMN integrity.quarantine.action IS 'deleted: the row is gone; nulled: the column was emptied';
COMMENT ON COLUMN integrity.quarantine.row_data IS 'Whole row before, by column name';
COMMENT ON COLUMN integrity.quarantine.at IS 'When it was taken out';
COMMENT ON COLUMN integrity.quarantine.restored_at IS 'When it was put back; null while it is out';
