-- Generated content
--
-- The code that is generated from a specification: one generated project for each run, with its files.
--
-- creates: generated_projects, generated_files
-- database: socrates_specs

-- generated_projects ------------------------------------------------------------------------------

CREATE TYPE generation_status AS ENUM ('queued', 'running', 'succeeded', 'failed', 'cancelled');
COMMENT ON TYPE generation_status IS 'Where a generation run stands';

CREATE TABLE generated_projects (
  id                      uuid               NOT NULL DEFAULT gen_random_uuid(),
  project_id              uuid               NOT NULL,
  requested_by            uuid,
  version                 integer            NOT NULL,
  status                  generation_status  NOT NULL DEFAULT 'queued',
  language                varchar(50)        NOT NULL,
  framework               varchar(100),
  model                   varchar(100),
  options                 jsonb              NOT NULL DEFAULT '{}'::jsonb,
  specification_snapshot  jsonb              NOT NULL DEFAULT '{}'::jsonb,
  file_count              integer            NOT NULL DEFAULT 0,
  total_bytes             bigint             NOT NULL DEFAULT 0,
  archive_uri             varchar(2048),
  error_message           text,
  started_at              timestamptz(6),
  finished_at             timestamptz(6),
  created_at              timestamptz(6)     NOT NULL DEFAULT transaction_timestamp(),
  updated_at              timestamptz(6)     NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_generated_projects PRIMARY KEY (id),
  CONSTRAINT uq_generated_projects_project_id_version UNIQUE (project_id, version),
  CONSTRAINT fk_generated_projects_project_id
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT ck_generated_projects_version_positive CHECK (version >= 1),
  CONSTRAINT ck_generated_projects_file_count_range CHECK (file_count >= 0),
  CONSTRAINT ck_generated_projects_total_bytes_range CHECK (total_bytes >= 0),
  CONSTRAINT ck_generated_projects_finished_after_started CHECK (finished_at >= started_at),
  CONSTRAINT ck_generated_projects_finished_when_ended
    CHECK ((status IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  CONSTRAINT ck_generated_projects_options_object CHECK (jsonb_typeof(options) = 'object'),
  CONSTRAINT ck_generated_projects_specification_snapshot_object
    CHECK (jsonb_typeof(specification_snapshot) = 'object')
);

CREATE INDEX ix_generated_projects_project_id_status ON generated_projects (project_id, status);
CREATE INDEX ix_generated_projects_requested_by ON generated_projects (requested_by);
CREATE INDEX ix_generated_projects_status_created_at ON generated_projects (status, created_at);
CREATE INDEX ix_generated_projects_started_at ON generated_projects (started_at);
CREATE INDEX ix_generated_projects_finished_at ON generated_projects (finished_at);
CREATE INDEX ix_generated_projects_created_at ON generated_projects (created_at);
CREATE INDEX ix_generated_projects_updated_at ON generated_projects (updated_at);
CREATE INDEX ix_generated_projects_options ON generated_projects USING gin (options jsonb_path_ops);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON generated_projects
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE generated_projects IS 'Generated code projects';
COMMENT ON COLUMN generated_projects.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN generated_projects.project_id IS 'Project that the code was generated from';
COMMENT ON COLUMN generated_projects.requested_by IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN generated_projects.version IS 'Number of the run within the project, from 1';
COMMENT ON COLUMN generated_projects.status IS 'Where the run stands';
COMMENT ON COLUMN generated_projects.language IS 'Programming language of the code';
COMMENT ON COLUMN generated_projects.framework IS 'Framework that the code builds on';
COMMENT ON COLUMN generated_projects.model IS 'Language model that wrote the code';
COMMENT ON COLUMN generated_projects.options IS 'Choices that the run was started with';
COMMENT ON COLUMN generated_projects.specification_snapshot IS 'Specifications as they stood at the start of the run';
COMMENT ON COLUMN generated_projects.file_count IS 'Number of files';
COMMENT ON COLUMN generated_projects.total_bytes IS 'Size of all files in bytes';
COMMENT ON COLUMN generated_projects.archive_uri IS 'Where the packed result is stored';
COMMENT ON COLUMN generated_projects.error_message IS 'Why the run failed';
COMMENT ON COLUMN generated_projects.started_at IS 'Time at which the run started';
COMMENT ON COLUMN generated_projects.finished_at IS 'Time at which the run ended';
COMMENT ON COLUMN generated_projects.created_at IS 'Creation timestamp';
COMMENT ON COLUMN generated_projects.updated_at IS 'Last update timestamp (set by trigger)';

-- generated_files ---------------------------------------------------------------------------------

CREATE TYPE file_type AS ENUM ('source', 'test', 'configuration', 'documentation', 'migration', 'asset');
COMMENT ON TYPE file_type IS 'What a generated file is for';

CREATE TABLE generated_files (
  id                    uuid            NOT NULL DEFAULT gen_random_uuid(),
  generated_project_id  uuid            NOT NULL,
  path                  varchar(512)    NOT NULL,
  type                  file_type       NOT NULL DEFAULT 'source',
  language              varchar(50),
  content               text            NOT NULL,
  content_hash          char(64)        NOT NULL,
  size_bytes            integer         NOT NULL,
  line_count            integer         NOT NULL DEFAULT 0,
  is_entry_point        boolean         NOT NULL DEFAULT false,
  created_at            timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  updated_at            timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_generated_files PRIMARY KEY (id),
  CONSTRAINT uq_generated_files_generated_project_id_path UNIQUE (generated_project_id, path),
  CONSTRAINT fk_generated_files_generated_project_id
    FOREIGN KEY (generated_project_id) REFERENCES generated_projects (id) ON DELETE CASCADE,
  CONSTRAINT ck_generated_files_path_relative
    CHECK (path <> '' AND path !~ '^/' AND path !~ '(^|/)\.\.(/|$)'),
  CONSTRAINT ck_generated_files_content_hash_sha256 CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT ck_generated_files_size_bytes_range CHECK (size_bytes >= 0),
  CONSTRAINT ck_generated_files_line_count_range CHECK (line_count >= 0)
);

CREATE INDEX ix_generated_files_generated_project_id_type ON generated_files (generated_project_id, type);
CREATE INDEX ix_generated_files_type_language ON generated_files (type, language);
CREATE INDEX ix_generated_files_content_hash ON generated_files (content_hash);
CREATE INDEX ix_generated_files_created_at ON generated_files (created_at);
CREATE INDEX ix_generated_files_updated_at ON generated_files (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON generated_files
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE generated_files IS 'Generated source files';
COMMENT ON COLUMN generated_files.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN generated_files.generated_project_id IS 'Run that generated the file';
COMMENT ON COLUMN generated_files.path IS 'Path relative to the root of the generated project';
COMMENT ON COLUMN generated_files.type IS 'What the file is for';
COMMENT ON COLUMN generated_files.language IS 'Language of the content';
COMMENT ON COLUMN generated_files.content IS 'Content of the file';
COMMENT ON COLUMN generated_files.content_hash IS 'SHA-256 of the content in hexadecimal';
COMMENT ON COLUMN generated_files.size_bytes IS 'Size of the content in bytes';
COMMENT ON COLUMN generated_files.line_count IS 'Number of lines';
COMMENT ON COLUMN generated_files.is_entry_point IS 'Whether the program starts here';
COMMENT ON COLUMN generated_files.created_at IS 'Creation timestamp';
COMMENT ON COLUMN generated_files.updated_at IS 'Last update timestamp (set by trigger)';
