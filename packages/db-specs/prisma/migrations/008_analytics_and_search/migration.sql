-- Analytics and search
--
-- Figures for dashboards, the chunks of documents that retrieval finds, and which notices a user
-- wants.
--
-- creates: analytics_metrics, document_chunks, notification_preferences
-- database: socrates_specs

-- analytics_metrics -------------------------------------------------------------------------------

CREATE TYPE metric_type AS ENUM ('counter', 'gauge', 'histogram');
CREATE TYPE metric_granularity AS ENUM ('hour', 'day', 'week', 'month');
COMMENT ON TYPE metric_type IS 'How values of a metric are combined';
COMMENT ON TYPE metric_granularity IS 'Length of the period that a value covers';

CREATE TABLE analytics_metrics (
  id            uuid                NOT NULL DEFAULT gen_random_uuid(),
  project_id    uuid,
  user_id       uuid,
  name          varchar(100)        NOT NULL,
  type          metric_type         NOT NULL DEFAULT 'counter',
  granularity   metric_granularity  NOT NULL DEFAULT 'day',
  value         numeric(20,6)       NOT NULL,
  unit          varchar(32)         NOT NULL DEFAULT 'count',
  sample_count  integer             NOT NULL DEFAULT 1,
  dimensions    jsonb               NOT NULL DEFAULT '{}'::jsonb,
  period_start  timestamptz(6)      NOT NULL,
  period_end    timestamptz(6)      NOT NULL,
  created_at    timestamptz(6)      NOT NULL DEFAULT transaction_timestamp(),
  updated_at    timestamptz(6)      NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_analytics_metrics PRIMARY KEY (id),
  CONSTRAINT fk_analytics_metrics_project_id
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT ck_analytics_metrics_name_present CHECK (name <> ''),
  CONSTRAINT ck_analytics_metrics_sample_count_range CHECK (sample_count >= 0),
  CONSTRAINT ck_analytics_metrics_period_end_after_start CHECK (period_end > period_start),
  CONSTRAINT ck_analytics_metrics_dimensions_object CHECK (jsonb_typeof(dimensions) = 'object')
);

CREATE INDEX ix_analytics_metrics_project_id_name_period_start ON analytics_metrics (project_id, name, period_start);
CREATE INDEX ix_analytics_metrics_user_id_name_period_start ON analytics_metrics (user_id, name, period_start);
CREATE INDEX ix_analytics_metrics_name_granularity_period_start ON analytics_metrics (name, granularity, period_start);
CREATE INDEX ix_analytics_metrics_type_name ON analytics_metrics (type, name);
CREATE INDEX ix_analytics_metrics_granularity_period_start ON analytics_metrics (granularity, period_start);
CREATE INDEX ix_analytics_metrics_period_start ON analytics_metrics (period_start);
CREATE INDEX ix_analytics_metrics_period_end ON analytics_metrics (period_end);
CREATE INDEX ix_analytics_metrics_created_at ON analytics_metrics (created_at);
CREATE INDEX ix_analytics_metrics_updated_at ON analytics_metrics (updated_at);
CREATE INDEX ix_analytics_metrics_dimensions ON analytics_metrics USING gin (dimensions jsonb_path_ops);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON analytics_metrics
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE analytics_metrics IS 'Dashboard metrics';
COMMENT ON COLUMN analytics_metrics.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN analytics_metrics.project_id IS 'Project that the value is about; empty for all';
COMMENT ON COLUMN analytics_metrics.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN analytics_metrics.name IS 'Dotted name of the metric, such as sessions.completed';
COMMENT ON COLUMN analytics_metrics.type IS 'How values are combined';
COMMENT ON COLUMN analytics_metrics.granularity IS 'Length of the period';
COMMENT ON COLUMN analytics_metrics.value IS 'Value for the period';
COMMENT ON COLUMN analytics_metrics.unit IS 'Unit of the value';
COMMENT ON COLUMN analytics_metrics.sample_count IS 'Number of observations that it rests on';
COMMENT ON COLUMN analytics_metrics.dimensions IS 'What the value is broken down by';
COMMENT ON COLUMN analytics_metrics.period_start IS 'Start of the period';
COMMENT ON COLUMN analytics_metrics.period_end IS 'End of the period';
COMMENT ON COLUMN analytics_metrics.created_at IS 'Creation timestamp';
COMMENT ON COLUMN analytics_metrics.updated_at IS 'Last update timestamp (set by trigger)';

-- document_chunks ---------------------------------------------------------------------------------

CREATE TYPE chunk_status AS ENUM ('pending', 'embedded', 'failed');
COMMENT ON TYPE chunk_status IS 'Whether a chunk can be found';

CREATE TABLE document_chunks (
  id               uuid            NOT NULL DEFAULT gen_random_uuid(),
  document_id      uuid            NOT NULL,
  ordinal          integer         NOT NULL,
  status           chunk_status    NOT NULL DEFAULT 'pending',
  content          text            NOT NULL,
  content_hash     char(64)        NOT NULL,
  token_count      integer         NOT NULL,
  start_offset     integer         NOT NULL,
  end_offset       integer         NOT NULL,
  embedding        real[]          NOT NULL DEFAULT '{}',
  embedding_model  varchar(100),
  metadata         jsonb           NOT NULL DEFAULT '{}'::jsonb,
  embedded_at      timestamptz(6),
  created_at       timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  updated_at       timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_document_chunks PRIMARY KEY (id),
  CONSTRAINT uq_document_chunks_document_id_ordinal UNIQUE (document_id, ordinal),
  CONSTRAINT fk_document_chunks_document_id
    FOREIGN KEY (document_id) REFERENCES knowledge_base_documents (id) ON DELETE CASCADE,
  CONSTRAINT ck_document_chunks_ordinal_positive CHECK (ordinal >= 1),
  CONSTRAINT ck_document_chunks_content_hash_sha256 CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT ck_document_chunks_token_count_range CHECK (token_count >= 0),
  CONSTRAINT ck_document_chunks_offsets_range CHECK (start_offset >= 0 AND end_offset >= start_offset),
  CONSTRAINT ck_document_chunks_embedded_with_vector
    CHECK (status <> 'embedded' OR (cardinality(embedding) > 0 AND embedding_model IS NOT NULL AND embedded_at IS NOT NULL)),
  CONSTRAINT ck_document_chunks_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX ix_document_chunks_document_id_status ON document_chunks (document_id, status);
CREATE INDEX ix_document_chunks_status_created_at ON document_chunks (status, created_at);
CREATE INDEX ix_document_chunks_content_hash_embedding_model ON document_chunks (content_hash, embedding_model);
CREATE INDEX ix_document_chunks_embedding_model_status ON document_chunks (embedding_model, status);
CREATE INDEX ix_document_chunks_embedded_at ON document_chunks (embedded_at);
CREATE INDEX ix_document_chunks_created_at ON document_chunks (created_at);
CREATE INDEX ix_document_chunks_updated_at ON document_chunks (updated_at);
CREATE INDEX ix_document_chunks_metadata ON document_chunks USING gin (metadata jsonb_path_ops);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON document_chunks
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE document_chunks IS 'RAG chunks';
COMMENT ON COLUMN document_chunks.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN document_chunks.document_id IS 'Document that the chunk is taken from';
COMMENT ON COLUMN document_chunks.ordinal IS 'Place in the document, from 1';
COMMENT ON COLUMN document_chunks.status IS 'Whether the chunk can be found';
COMMENT ON COLUMN document_chunks.content IS 'Text of the chunk';
COMMENT ON COLUMN document_chunks.content_hash IS 'SHA-256 of the text in hexadecimal; an equal text is embedded once';
COMMENT ON COLUMN document_chunks.token_count IS 'Length in tokens of the embedding model';
COMMENT ON COLUMN document_chunks.start_offset IS 'First character within the document, from 0';
COMMENT ON COLUMN document_chunks.end_offset IS 'Character after the last within the document';
COMMENT ON COLUMN document_chunks.embedding IS 'Vector of the text; empty until it is embedded';
COMMENT ON COLUMN document_chunks.embedding_model IS 'Model that made the vector';
COMMENT ON COLUMN document_chunks.metadata IS 'Headings, page and whatever else a citation needs';
COMMENT ON COLUMN document_chunks.embedded_at IS 'Time at which the vector was made';
COMMENT ON COLUMN document_chunks.created_at IS 'Creation timestamp';
COMMENT ON COLUMN document_chunks.updated_at IS 'Last update timestamp (set by trigger)';

-- notification_preferences ------------------------------------------------------------------------

CREATE TYPE notification_channel AS ENUM ('email', 'in_app', 'push', 'slack', 'webhook');
CREATE TYPE notification_event AS ENUM (
  'question_pending', 'conflict_detected', 'generation_finished', 'project_shared', 'invitation_received',
  'quality_alert', 'billing', 'security', 'digest'
);
CREATE TYPE notification_frequency AS ENUM ('immediately', 'hourly', 'daily', 'weekly');
COMMENT ON TYPE notification_channel IS 'How a notice reaches a user';
COMMENT ON TYPE notification_event IS 'What a notice is about';
COMMENT ON TYPE notification_frequency IS 'How often notices are sent';

CREATE TABLE notification_preferences (
  id           uuid                    NOT NULL DEFAULT gen_random_uuid(),
  user_id      uuid                    NOT NULL,
  project_id   uuid,
  channel      notification_channel    NOT NULL,
  event        notification_event      NOT NULL,
  frequency    notification_frequency  NOT NULL DEFAULT 'immediately',
  is_enabled   boolean                 NOT NULL DEFAULT true,
  settings     jsonb                   NOT NULL DEFAULT '{}'::jsonb,
  muted_until  timestamptz(6),
  created_at   timestamptz(6)          NOT NULL DEFAULT transaction_timestamp(),
  updated_at   timestamptz(6)          NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_notification_preferences PRIMARY KEY (id),
  CONSTRAINT uq_notification_preferences_user_id_channel_event_project_id
    UNIQUE NULLS NOT DISTINCT (user_id, channel, event, project_id),
  CONSTRAINT fk_notification_preferences_project_id
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT ck_notification_preferences_settings_object CHECK (jsonb_typeof(settings) = 'object')
);

CREATE INDEX ix_notification_preferences_project_id ON notification_preferences (project_id);
CREATE INDEX ix_notification_preferences_channel_frequency ON notification_preferences (channel, frequency);
CREATE INDEX ix_notification_preferences_event_channel_is_enabled ON notification_preferences (event, channel, is_enabled);
CREATE INDEX ix_notification_preferences_frequency_is_enabled ON notification_preferences (frequency, is_enabled);
CREATE INDEX ix_notification_preferences_muted_until ON notification_preferences (muted_until);
CREATE INDEX ix_notification_preferences_created_at ON notification_preferences (created_at);
CREATE INDEX ix_notification_preferences_updated_at ON notification_preferences (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON notification_preferences
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE notification_preferences IS 'User notification settings';
COMMENT ON COLUMN notification_preferences.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN notification_preferences.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN notification_preferences.project_id IS 'Project that the preference is limited to; empty for all';
COMMENT ON COLUMN notification_preferences.channel IS 'How the notice reaches the user';
COMMENT ON COLUMN notification_preferences.event IS 'What the notice is about';
COMMENT ON COLUMN notification_preferences.frequency IS 'How often notices are sent';
COMMENT ON COLUMN notification_preferences.is_enabled IS 'Whether notices are sent at all';
COMMENT ON COLUMN notification_preferences.settings IS 'What the channel needs, such as an address';
COMMENT ON COLUMN notification_preferences.muted_until IS 'End of a pause in notices';
COMMENT ON COLUMN notification_preferences.created_at IS 'Creation timestamp';
COMMENT ON COLUMN notification_preferences.updated_at IS 'Last update timestamp (set by trigger)';
