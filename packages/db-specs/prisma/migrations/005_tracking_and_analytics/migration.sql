-- Tracking and analytics
--
-- How good the specifications are, how users work, which questions bring something out, and the
-- documents that answers may draw on.
--
-- creates: quality_metrics, user_behavior_patterns, question_effectiveness, knowledge_base_documents
-- database: socrates_specs

-- quality_metrics ---------------------------------------------------------------------------------

CREATE TYPE quality_metric_type AS ENUM (
  'completeness', 'consistency', 'clarity', 'coverage', 'maturity', 'maintainability', 'security',
  'testability'
);
CREATE TYPE quality_status AS ENUM ('passed', 'warning', 'failed');
COMMENT ON TYPE quality_metric_type IS 'What a quality metric measures';
COMMENT ON TYPE quality_status IS 'How a score compares with its threshold';

CREATE TABLE quality_metrics (
  id                    uuid                 NOT NULL DEFAULT gen_random_uuid(),
  project_id            uuid                 NOT NULL,
  generated_project_id  uuid,
  type                  quality_metric_type  NOT NULL,
  status                quality_status       NOT NULL,
  score                 numeric(5,2)         NOT NULL,
  threshold             numeric(5,2),
  details               jsonb                NOT NULL DEFAULT '{}'::jsonb,
  measured_at           timestamptz(6)       NOT NULL DEFAULT transaction_timestamp(),
  created_at            timestamptz(6)       NOT NULL DEFAULT transaction_timestamp(),
  updated_at            timestamptz(6)       NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_quality_metrics PRIMARY KEY (id),
  CONSTRAINT fk_quality_metrics_project_id
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_quality_metrics_generated_project_id
    FOREIGN KEY (generated_project_id) REFERENCES generated_projects (id) ON DELETE CASCADE,
  CONSTRAINT ck_quality_metrics_score_percentage CHECK (score BETWEEN 0 AND 100),
  CONSTRAINT ck_quality_metrics_threshold_percentage CHECK (threshold BETWEEN 0 AND 100),
  CONSTRAINT ck_quality_metrics_details_object CHECK (jsonb_typeof(details) = 'object')
);

CREATE INDEX ix_quality_metrics_project_id_type_measured_at ON quality_metrics (project_id, type, measured_at);
CREATE INDEX ix_quality_metrics_generated_project_id ON quality_metrics (generated_project_id);
CREATE INDEX ix_quality_metrics_type_measured_at ON quality_metrics (type, measured_at);
CREATE INDEX ix_quality_metrics_status_measured_at ON quality_metrics (status, measured_at);
CREATE INDEX ix_quality_metrics_measured_at ON quality_metrics (measured_at);
CREATE INDEX ix_quality_metrics_created_at ON quality_metrics (created_at);
CREATE INDEX ix_quality_metrics_updated_at ON quality_metrics (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON quality_metrics
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE quality_metrics IS 'Quality scores';
COMMENT ON COLUMN quality_metrics.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN quality_metrics.project_id IS 'Project that was measured';
COMMENT ON COLUMN quality_metrics.generated_project_id IS 'Generated code that was measured; empty for the specification itself';
COMMENT ON COLUMN quality_metrics.type IS 'What was measured';
COMMENT ON COLUMN quality_metrics.status IS 'How the score compares with the threshold';
COMMENT ON COLUMN quality_metrics.score IS 'Score in percent';
COMMENT ON COLUMN quality_metrics.threshold IS 'Score that was asked for, in percent';
COMMENT ON COLUMN quality_metrics.details IS 'What the score is made of';
COMMENT ON COLUMN quality_metrics.measured_at IS 'Time of the measurement';
COMMENT ON COLUMN quality_metrics.created_at IS 'Creation timestamp';
COMMENT ON COLUMN quality_metrics.updated_at IS 'Last update timestamp (set by trigger)';

-- user_behavior_patterns --------------------------------------------------------------------------

CREATE TYPE behavior_pattern_type AS ENUM (
  'communication_style', 'answer_depth', 'activity_rhythm', 'topic_preference', 'learning_pace',
  'decision_style'
);
COMMENT ON TYPE behavior_pattern_type IS 'Trait of a user that the assistant adapts to';

CREATE TABLE user_behavior_patterns (
  id                 uuid                   NOT NULL DEFAULT gen_random_uuid(),
  user_id            uuid                   NOT NULL,
  type               behavior_pattern_type  NOT NULL,
  pattern            jsonb                  NOT NULL DEFAULT '{}'::jsonb,
  confidence         numeric(4,3)           NOT NULL DEFAULT 0,
  sample_count       integer                NOT NULL DEFAULT 0,
  first_observed_at  timestamptz(6)         NOT NULL DEFAULT transaction_timestamp(),
  last_observed_at   timestamptz(6)         NOT NULL DEFAULT transaction_timestamp(),
  created_at         timestamptz(6)         NOT NULL DEFAULT transaction_timestamp(),
  updated_at         timestamptz(6)         NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_user_behavior_patterns PRIMARY KEY (id),
  CONSTRAINT uq_user_behavior_patterns_user_id_type UNIQUE (user_id, type),
  CONSTRAINT ck_user_behavior_patterns_confidence_range CHECK (confidence BETWEEN 0 AND 1),
  CONSTRAINT ck_user_behavior_patterns_sample_count_range CHECK (sample_count >= 0),
  CONSTRAINT ck_user_behavior_patterns_pattern_object CHECK (jsonb_typeof(pattern) = 'object')
);

CREATE INDEX ix_user_behavior_patterns_type_confidence ON user_behavior_patterns (type, confidence);
CREATE INDEX ix_user_behavior_patterns_first_observed_at ON user_behavior_patterns (first_observed_at);
CREATE INDEX ix_user_behavior_patterns_last_observed_at ON user_behavior_patterns (last_observed_at);
CREATE INDEX ix_user_behavior_patterns_created_at ON user_behavior_patterns (created_at);
CREATE INDEX ix_user_behavior_patterns_updated_at ON user_behavior_patterns (updated_at);
CREATE INDEX ix_user_behavior_patterns_pattern ON user_behavior_patterns USING gin (pattern jsonb_path_ops);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON user_behavior_patterns
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE user_behavior_patterns IS 'User analytics';
COMMENT ON COLUMN user_behavior_patterns.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN user_behavior_patterns.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN user_behavior_patterns.type IS 'Trait that was observed';
COMMENT ON COLUMN user_behavior_patterns.pattern IS 'What was observed';
COMMENT ON COLUMN user_behavior_patterns.confidence IS 'Certainty of the observation, from 0 to 1';
COMMENT ON COLUMN user_behavior_patterns.sample_count IS 'Number of interactions that it rests on';
COMMENT ON COLUMN user_behavior_patterns.first_observed_at IS 'Time of the first of them';
COMMENT ON COLUMN user_behavior_patterns.last_observed_at IS 'Time of the last of them';
COMMENT ON COLUMN user_behavior_patterns.created_at IS 'Creation timestamp';
COMMENT ON COLUMN user_behavior_patterns.updated_at IS 'Last update timestamp (set by trigger)';

-- question_effectiveness --------------------------------------------------------------------------

CREATE TYPE question_outcome AS ENUM ('answered', 'clarified', 'skipped', 'abandoned');
COMMENT ON TYPE question_outcome IS 'What became of a question that was asked';

CREATE TABLE question_effectiveness (
  id                        uuid              NOT NULL DEFAULT gen_random_uuid(),
  question_id               uuid              NOT NULL,
  user_id                   uuid              NOT NULL,
  session_id                uuid,
  outcome                   question_outcome  NOT NULL,
  effectiveness_score       numeric(5,2),
  rating                    smallint,
  response_seconds          integer,
  answer_length             integer           NOT NULL DEFAULT 0,
  specifications_extracted  integer           NOT NULL DEFAULT 0,
  follow_up_count           integer           NOT NULL DEFAULT 0,
  evaluated_at              timestamptz(6)    NOT NULL DEFAULT transaction_timestamp(),
  created_at                timestamptz(6)    NOT NULL DEFAULT transaction_timestamp(),
  updated_at                timestamptz(6)    NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_question_effectiveness PRIMARY KEY (id),
  CONSTRAINT uq_question_effectiveness_question_id_user_id UNIQUE (question_id, user_id),
  CONSTRAINT fk_question_effectiveness_question_id
    FOREIGN KEY (question_id) REFERENCES questions (id) ON DELETE CASCADE,
  CONSTRAINT fk_question_effectiveness_session_id
    FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE SET NULL,
  CONSTRAINT ck_question_effectiveness_effectiveness_score_percentage
    CHECK (effectiveness_score BETWEEN 0 AND 100),
  CONSTRAINT ck_question_effectiveness_rating_range CHECK (rating BETWEEN 1 AND 5),
  CONSTRAINT ck_question_effectiveness_response_seconds_range CHECK (response_seconds >= 0),
  CONSTRAINT ck_question_effectiveness_answer_length_range CHECK (answer_length >= 0),
  CONSTRAINT ck_question_effectiveness_specifications_extracted_range CHECK (specifications_extracted >= 0),
  CONSTRAINT ck_question_effectiveness_follow_up_count_range CHECK (follow_up_count >= 0)
);

CREATE INDEX ix_question_effectiveness_user_id_evaluated_at ON question_effectiveness (user_id, evaluated_at);
CREATE INDEX ix_question_effectiveness_session_id ON question_effectiveness (session_id);
CREATE INDEX ix_question_effectiveness_outcome_evaluated_at ON question_effectiveness (outcome, evaluated_at);
CREATE INDEX ix_question_effectiveness_evaluated_at ON question_effectiveness (evaluated_at);
CREATE INDEX ix_question_effectiveness_created_at ON question_effectiveness (created_at);
CREATE INDEX ix_question_effectiveness_updated_at ON question_effectiveness (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON question_effectiveness
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE question_effectiveness IS 'Q&A effectiveness, one row for each question and user';
COMMENT ON COLUMN question_effectiveness.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN question_effectiveness.question_id IS 'Question that was asked';
COMMENT ON COLUMN question_effectiveness.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN question_effectiveness.session_id IS 'Conversation in which it was asked';
COMMENT ON COLUMN question_effectiveness.outcome IS 'What became of the question';
COMMENT ON COLUMN question_effectiveness.effectiveness_score IS 'How much the answer brought out, in percent';
COMMENT ON COLUMN question_effectiveness.rating IS 'Rating by the user, from 1 to 5';
COMMENT ON COLUMN question_effectiveness.response_seconds IS 'Time to the answer in seconds';
COMMENT ON COLUMN question_effectiveness.answer_length IS 'Length of the answer in characters';
COMMENT ON COLUMN question_effectiveness.specifications_extracted IS 'Number of specifications drawn from the answer';
COMMENT ON COLUMN question_effectiveness.follow_up_count IS 'Number of further questions that were needed';
COMMENT ON COLUMN question_effectiveness.evaluated_at IS 'Time of the evaluation';
COMMENT ON COLUMN question_effectiveness.created_at IS 'Creation timestamp';
COMMENT ON COLUMN question_effectiveness.updated_at IS 'Last update timestamp (set by trigger)';

-- knowledge_base_documents ------------------------------------------------------------------------

CREATE TYPE document_source AS ENUM ('upload', 'url', 'text', 'repository', 'generated');
CREATE TYPE document_status AS ENUM ('pending', 'processing', 'indexed', 'failed');
COMMENT ON TYPE document_source IS 'How a document came in';
COMMENT ON TYPE document_status IS 'Where a document stands on its way to retrieval';

CREATE TABLE knowledge_base_documents (
  id             uuid             NOT NULL DEFAULT gen_random_uuid(),
  project_id     uuid             NOT NULL,
  uploaded_by    uuid,
  title          varchar(255)     NOT NULL,
  source         document_source  NOT NULL DEFAULT 'upload',
  status         document_status  NOT NULL DEFAULT 'pending',
  source_uri     varchar(2048),
  mime_type      varchar(255)     NOT NULL,
  language       varchar(35),
  content        text             NOT NULL,
  content_hash   char(64)         NOT NULL,
  size_bytes     bigint           NOT NULL,
  error_message  text,
  metadata       jsonb            NOT NULL DEFAULT '{}'::jsonb,
  indexed_at     timestamptz(6),
  created_at     timestamptz(6)   NOT NULL DEFAULT transaction_timestamp(),
  updated_at     timestamptz(6)   NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_knowledge_base_documents PRIMARY KEY (id),
  CONSTRAINT uq_knowledge_base_documents_project_id_content_hash UNIQUE (project_id, content_hash),
  CONSTRAINT fk_knowledge_base_documents_project_id
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT ck_knowledge_base_documents_title_present CHECK (title <> ''),
  CONSTRAINT ck_knowledge_base_documents_content_hash_sha256 CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT ck_knowledge_base_documents_size_bytes_range CHECK (size_bytes >= 0),
  CONSTRAINT ck_knowledge_base_documents_indexed_when_indexed
    CHECK (status <> 'indexed' OR indexed_at IS NOT NULL),
  CONSTRAINT ck_knowledge_base_documents_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX ix_knowledge_base_documents_project_id_status ON knowledge_base_documents (project_id, status);
CREATE INDEX ix_knowledge_base_documents_uploaded_by ON knowledge_base_documents (uploaded_by);
CREATE INDEX ix_knowledge_base_documents_source_status ON knowledge_base_documents (source, status);
CREATE INDEX ix_knowledge_base_documents_status_created_at ON knowledge_base_documents (status, created_at);
CREATE INDEX ix_knowledge_base_documents_indexed_at ON knowledge_base_documents (indexed_at);
CREATE INDEX ix_knowledge_base_documents_created_at ON knowledge_base_documents (created_at);
CREATE INDEX ix_knowledge_base_documents_updated_at ON knowledge_base_documents (updated_at);
CREATE INDEX ix_knowledge_base_documents_metadata ON knowledge_base_documents USING gin (metadata jsonb_path_ops);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON knowledge_base_documents
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE knowledge_base_documents IS 'RAG documents';
COMMENT ON COLUMN knowledge_base_documents.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN knowledge_base_documents.project_id IS 'Project that may draw on the document';
COMMENT ON COLUMN knowledge_base_documents.uploaded_by IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN knowledge_base_documents.title IS 'Title for lists and citations';
COMMENT ON COLUMN knowledge_base_documents.source IS 'How the document came in';
COMMENT ON COLUMN knowledge_base_documents.status IS 'Where it stands on its way to retrieval';
COMMENT ON COLUMN knowledge_base_documents.source_uri IS 'Where the document was taken from';
COMMENT ON COLUMN knowledge_base_documents.mime_type IS 'Media type of the original';
COMMENT ON COLUMN knowledge_base_documents.language IS 'Language of the text (BCP 47)';
COMMENT ON COLUMN knowledge_base_documents.content IS 'Text of the document';
COMMENT ON COLUMN knowledge_base_documents.content_hash IS 'SHA-256 of the original in hexadecimal';
COMMENT ON COLUMN knowledge_base_documents.size_bytes IS 'Size of the original in bytes';
COMMENT ON COLUMN knowledge_base_documents.error_message IS 'Why indexing failed';
COMMENT ON COLUMN knowledge_base_documents.metadata IS 'Flexible metadata storage';
COMMENT ON COLUMN knowledge_base_documents.indexed_at IS 'Time at which the chunks were ready';
COMMENT ON COLUMN knowledge_base_documents.created_at IS 'Creation timestamp';
COMMENT ON COLUMN knowledge_base_documents.updated_at IS 'Last update timestamp (set by trigger)';
