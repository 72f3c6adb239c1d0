-- Core specification
--
-- Projects, the conversations that elicit what they shall be, and what came of them: questions,
-- specifications, and the conflicts between these. Users live in socrates_auth, so their ids are plain
-- uuid columns here.
--
-- depends-on: socrates_auth@001
-- creates: projects, sessions, questions, specifications, conversation_history, conflicts
-- database: socrates_specs

-- Times are the database's own word, never a client's clock. Defaults say transaction_timestamp(), which
-- is now() by another name: a default of now() Prisma would fill in by itself, from the clock of the caller.
CREATE FUNCTION set_updated_at() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = ''
AS $$
BEGIN
  NEW.updated_at := transaction_timestamp();
  RETURN NEW;
END
$$;

COMMENT ON FUNCTION set_updated_at() IS 'Sets updated_at to the time of the transaction that changes the row';

-- projects ----------------------------------------------------------------------------------------

CREATE TYPE project_phase AS ENUM ('discovery', 'analysis', 'design', 'implementation');
CREATE TYPE project_status AS ENUM ('active', 'paused', 'completed', 'archived');
COMMENT ON TYPE project_phase IS 'How far the specification of a project has come';
COMMENT ON TYPE project_status IS 'Whether a project is being worked on';

CREATE TABLE projects (
  id              uuid            NOT NULL DEFAULT gen_random_uuid(),
  user_id         uuid            NOT NULL,
  name            varchar(255)    NOT NULL,
  description     text            NOT NULL DEFAULT '',
  phase           project_phase   NOT NULL DEFAULT 'discovery',
  status          project_status  NOT NULL DEFAULT 'active',
  maturity_score  numeric(5,2)    NOT NULL DEFAULT 0,
  tags            text[]          NOT NULL DEFAULT '{}',
  settings        jsonb           NOT NULL DEFAULT '{}'::jsonb,
  metadata        jsonb           NOT NULL DEFAULT '{}'::jsonb,
  due_on          date,
  completed_at    timestamptz(6),
  archived_at     timestamptz(6),
  created_at      timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  updated_at      timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_projects PRIMARY KEY (id),
  CONSTRAINT ck_projects_name_present CHECK (name <> ''),
  CONSTRAINT ck_projects_maturity_score_percentage CHECK (maturity_score BETWEEN 0 AND 100),
  CONSTRAINT ck_projects_settings_object CHECK (jsonb_typeof(settings) = 'object'),
  CONSTRAINT ck_projects_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX ix_projects_user_id_status_updated_at ON projects (user_id, status, updated_at);
CREATE INDEX ix_projects_phase_status ON projects (phase, status);
CREATE INDEX ix_projects_status_updated_at ON projects (status, updated_at);
CREATE INDEX ix_projects_due_on ON projects (due_on);
CREATE INDEX ix_projects_completed_at ON projects (completed_at);
CREATE INDEX ix_projects_archived_at ON projects (archived_at);
CREATE INDEX ix_projects_created_at ON projects (created_at);
CREATE INDEX ix_projects_updated_at ON projects (updated_at);
CREATE INDEX ix_projects_tags ON projects USING gin (tags);
CREATE INDEX ix_projects_metadata ON projects USING gin (metadata jsonb_path_ops);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON projects
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE projects IS 'Project metadata';
COMMENT ON COLUMN projects.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN projects.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN projects.name IS 'Name of the project';
COMMENT ON COLUMN projects.description IS 'What the project is about';
COMMENT ON COLUMN projects.phase IS 'How far the specification has come';
COMMENT ON COLUMN projects.status IS 'Whether the project is being worked on';
COMMENT ON COLUMN projects.maturity_score IS 'Completeness of the specification in percent';
COMMENT ON COLUMN projects.tags IS 'Free labels';
COMMENT ON COLUMN projects.settings IS 'Choices that steer the conversation and the generated code';
COMMENT ON COLUMN projects.metadata IS 'Flexible metadata storage';
COMMENT ON COLUMN projects.due_on IS 'Date by which the specification is wanted';
COMMENT ON COLUMN projects.completed_at IS 'Time at which the project was completed';
COMMENT ON COLUMN projects.archived_at IS 'Time at which the project was archived';
COMMENT ON COLUMN projects.created_at IS 'Creation timestamp';
COMMENT ON COLUMN projects.updated_at IS 'Last update timestamp (set by trigger)';

-- sessions ----------------------------------------------------------------------------------------

CREATE TYPE session_mode AS ENUM ('socratic', 'direct_chat', 'review');
CREATE TYPE session_status AS ENUM ('active', 'paused', 'completed', 'abandoned');
COMMENT ON TYPE session_mode IS 'How the assistant leads a conversation';
COMMENT ON TYPE session_status IS 'Whether a conversation goes on';

CREATE TABLE sessions (
  id               uuid            NOT NULL DEFAULT gen_random_uuid(),
  project_id       uuid            NOT NULL,
  user_id          uuid            NOT NULL,
  title            varchar(255),
  mode             session_mode    NOT NULL DEFAULT 'socratic',
  status           session_status  NOT NULL DEFAULT 'active',
  summary          text,
  context          jsonb           NOT NULL DEFAULT '{}'::jsonb,
  started_at       timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  last_message_at  timestamptz(6),
  ended_at         timestamptz(6),
  created_at       timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  updated_at       timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_sessions PRIMARY KEY (id),
  CONSTRAINT fk_sessions_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT ck_sessions_ended_when_closed
    CHECK ((status IN ('completed', 'abandoned')) = (ended_at IS NOT NULL)),
  CONSTRAINT ck_sessions_context_object CHECK (jsonb_typeof(context) = 'object')
);

CREATE INDEX ix_sessions_project_id_status_started_at ON sessions (project_id, status, started_at);
CREATE INDEX ix_sessions_user_id_last_message_at ON sessions (user_id, last_message_at);
CREATE INDEX ix_sessions_mode_status ON sessions (mode, status);
CREATE INDEX ix_sessions_status_last_message_at ON sessions (status, last_message_at);
CREATE INDEX ix_sessions_started_at ON sessions (started_at);
CREATE INDEX ix_sessions_last_message_at ON sessions (last_message_at);
CREATE INDEX ix_sessions_ended_at ON sessions (ended_at);
CREATE INDEX ix_sessions_created_at ON sessions (created_at);
CREATE INDEX ix_sessions_updated_at ON sessions (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON sessions
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE sessions IS 'Conversation sessions';
COMMENT ON COLUMN sessions.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN sessions.project_id IS 'Project that the conversation is about';
COMMENT ON COLUMN sessions.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN sessions.title IS 'Short title for lists';
COMMENT ON COLUMN sessions.mode IS 'How the assistant leads the conversation';
COMMENT ON COLUMN sessions.status IS 'Whether the conversation goes on';
COMMENT ON COLUMN sessions.summary IS 'Summary that later prompts start from';
COMMENT ON COLUMN sessions.context IS 'State that the assistant carries from turn to turn';
COMMENT ON COLUMN sessions.started_at IS 'Time of the first turn';
COMMENT ON COLUMN sessions.last_message_at IS 'Time of the last turn';
COMMENT ON COLUMN sessions.ended_at IS 'Time at which the conversation was closed';
COMMENT ON COLUMN sessions.created_at IS 'Creation timestamp';
COMMENT ON COLUMN sessions.updated_at IS 'Last update timestamp (set by trigger)';

-- questions ---------------------------------------------------------------------------------------

CREATE TYPE specification_category AS ENUM (
  'goals', 'requirements', 'users', 'data', 'technology', 'architecture', 'security', 'performance',
  'deployment', 'testing', 'constraints', 'timeline'
);
CREATE TYPE question_type AS ENUM ('open', 'single_choice', 'multiple_choice', 'confirmation', 'follow_up');
CREATE TYPE question_status AS ENUM ('pending', 'asked', 'answered', 'skipped');
COMMENT ON TYPE specification_category IS 'Subject that a question or a specification is about';
COMMENT ON TYPE question_type IS 'Form of the answer that a question asks for';
COMMENT ON TYPE question_status IS 'Where a question stands in its conversation';

CREATE TABLE questions (
  id                  uuid                    NOT NULL DEFAULT gen_random_uuid(),
  project_id          uuid                    NOT NULL,
  session_id          uuid,
  parent_question_id  uuid,
  category            specification_category  NOT NULL,
  type                question_type           NOT NULL DEFAULT 'open',
  status              question_status         NOT NULL DEFAULT 'pending',
  content             text                    NOT NULL,
  rationale           text,
  options             jsonb                   NOT NULL DEFAULT '[]'::jsonb,
  answer              text,
  priority            smallint                NOT NULL DEFAULT 3,
  quality_score       numeric(5,2),
  asked_at            timestamptz(6),
  answered_at         timestamptz(6),
  created_at          timestamptz(6)          NOT NULL DEFAULT transaction_timestamp(),
  updated_at          timestamptz(6)          NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_questions PRIMARY KEY (id),
  CONSTRAINT fk_questions_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_questions_session_id FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE SET NULL,
  CONSTRAINT fk_questions_parent_question_id
    FOREIGN KEY (parent_question_id) REFERENCES questions (id) ON DELETE SET NULL,
  CONSTRAINT ck_questions_content_present CHECK (content <> ''),
  CONSTRAINT ck_questions_priority_range CHECK (priority BETWEEN 1 AND 5),
  CONSTRAINT ck_questions_quality_score_percentage CHECK (quality_score BETWEEN 0 AND 100),
  CONSTRAINT ck_questions_answered_after_asked CHECK (answered_at >= asked_at),
  CONSTRAINT ck_questions_answered_when_answered CHECK ((status = 'answered') = (answered_at IS NOT NULL)),
  CONSTRAINT ck_questions_options_array CHECK (jsonb_typeof(options) = 'array')
);

CREATE INDEX ix_questions_project_id_status_priority ON questions (project_id, status, priority);
CREATE INDEX ix_questions_session_id_asked_at ON questions (session_id, asked_at);
CREATE INDEX ix_questions_parent_question_id ON questions (parent_question_id);
CREATE INDEX ix_questions_category_status ON questions (category, status);
CREATE INDEX ix_questions_type_status ON questions (type, status);
CREATE INDEX ix_questions_status_created_at ON questions (status, created_at);
CREATE INDEX ix_questions_asked_at ON questions (asked_at);
CREATE INDEX ix_questions_answered_at ON questions (answered_at);
CREATE INDEX ix_questions_created_at ON questions (created_at);
CREATE INDEX ix_questions_updated_at ON questions (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON questions
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE questions IS 'Specification questions';
COMMENT ON COLUMN questions.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN questions.project_id IS 'Project that the question is about';
COMMENT ON COLUMN questions.session_id IS 'Conversation in which the question came up';
COMMENT ON COLUMN questions.parent_question_id IS 'Question that this one follows up';
COMMENT ON COLUMN questions.category IS 'Subject of the question';
COMMENT ON COLUMN questions.type IS 'Form of the answer';
COMMENT ON COLUMN questions.status IS 'Where the question stands';
COMMENT ON COLUMN questions.content IS 'Question as it is asked';
COMMENT ON COLUMN questions.rationale IS 'Why the question is asked, for the user who wonders';
COMMENT ON COLUMN questions.options IS 'Answers to choose from';
COMMENT ON COLUMN questions.answer IS 'Answer in the user''s words';
COMMENT ON COLUMN questions.priority IS 'Order of asking, from 1 (first) to 5 (last)';
COMMENT ON COLUMN questions.quality_score IS 'Clarity and neutrality of the question in percent';
COMMENT ON COLUMN questions.asked_at IS 'Time at which the question was asked';
COMMENT ON COLUMN questions.answered_at IS 'Time at which the question was answered';
COMMENT ON COLUMN questions.created_at IS 'Creation timestamp';
COMMENT ON COLUMN questions.updated_at IS 'Last update timestamp (set by trigger)';

-- specifications ----------------------------------------------------------------------------------

CREATE TYPE specification_source AS ENUM ('user_input', 'extracted', 'inferred', 'imported');
CREATE TYPE specification_status AS ENUM ('draft', 'confirmed', 'superseded', 'rejected');
COMMENT ON TYPE specification_source IS 'Where a specification comes from';
COMMENT ON TYPE specification_status IS 'Whether a specification holds';

CREATE TABLE specifications (
  id                uuid                    NOT NULL DEFAULT gen_random_uuid(),
  project_id        uuid                    NOT NULL,
  session_id        uuid,
  question_id       uuid,
  superseded_by_id  uuid,
  confirmed_by      uuid,
  category          specification_category  NOT NULL,
  key               varchar(255)            NOT NULL,
  value             text                    NOT NULL,
  version           integer                 NOT NULL DEFAULT 1,
  source            specification_source    NOT NULL DEFAULT 'extracted',
  status            specification_status    NOT NULL DEFAULT 'draft',
  confidence        numeric(4,3)            NOT NULL DEFAULT 1,
  data              jsonb                   NOT NULL DEFAULT '{}'::jsonb,
  metadata          jsonb                   NOT NULL DEFAULT '{}'::jsonb,
  confirmed_at      timestamptz(6),
  created_at        timestamptz(6)          NOT NULL DEFAULT transaction_timestamp(),
  updated_at        timestamptz(6)          NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_specifications PRIMARY KEY (id),
  CONSTRAINT uq_specifications_project_id_category_key_version UNIQUE (project_id, category, key, version),
  CONSTRAINT fk_specifications_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_specifications_session_id
    FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE SET NULL,
  CONSTRAINT fk_specifications_question_id
    FOREIGN KEY (question_id) REFERENCES questions (id) ON DELETE SET NULL,
  CONSTRAINT fk_specifications_superseded_by_id
    FOREIGN KEY (superseded_by_id) REFERENCES specifications (id) ON DELETE SET NULL,
  CONSTRAINT ck_specifications_key_present CHECK (key <> ''),
  CONSTRAINT ck_specifications_version_positive CHECK (version >= 1),
  CONSTRAINT ck_specifications_confidence_range CHECK (confidence BETWEEN 0 AND 1),
  CONSTRAINT ck_specifications_confirmed_when_confirmed
    CHECK (status <> 'confirmed' OR confirmed_at IS NOT NULL),
  CONSTRAINT ck_specifications_not_superseded_by_itself CHECK (superseded_by_id <> id),
  CONSTRAINT ck_specifications_data_object CHECK (jsonb_typeof(data) = 'object'),
  CONSTRAINT ck_specifications_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX ix_specifications_project_id_status_updated_at ON specifications (project_id, status, updated_at);
CREATE INDEX ix_specifications_session_id_created_at ON specifications (session_id, created_at);
CREATE INDEX ix_specifications_question_id ON specifications (question_id);
CREATE INDEX ix_specifications_superseded_by_id ON specifications (superseded_by_id);
CREATE INDEX ix_specifications_confirmed_by ON specifications (confirmed_by);
CREATE INDEX ix_specifications_category_status ON specifications (category, status);
CREATE INDEX ix_specifications_source_status ON specifications (source, status);
CREATE INDEX ix_specifications_status_updated_at ON specifications (status, updated_at);
CREATE INDEX ix_specifications_confirmed_at ON specifications (confirmed_at);
CREATE INDEX ix_specifications_created_at ON specifications (created_at);
CREATE INDEX ix_specifications_updated_at ON specifications (updated_at);
CREATE INDEX ix_specifications_data ON specifications USING gin (data jsonb_path_ops);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON specifications
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE specifications IS 'Key-value specs';
COMMENT ON COLUMN specifications.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN specifications.project_id IS 'Project that is specified';
COMMENT ON COLUMN specifications.session_id IS 'Conversation that the specification was elicited in';
COMMENT ON COLUMN specifications.question_id IS 'Question that the specification answers';
COMMENT ON COLUMN specifications.superseded_by_id IS 'Specification that took its place';
COMMENT ON COLUMN specifications.confirmed_by IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN specifications.category IS 'Subject of the specification';
COMMENT ON COLUMN specifications.key IS 'Name of what is specified, unique within its category';
COMMENT ON COLUMN specifications.value IS 'What is specified, in plain words';
COMMENT ON COLUMN specifications.version IS 'Number of the revision of this key, from 1';
COMMENT ON COLUMN specifications.source IS 'Where the specification comes from';
COMMENT ON COLUMN specifications.status IS 'Whether the specification holds';
COMMENT ON COLUMN specifications.confidence IS 'Certainty of the extraction, from 0 to 1';
COMMENT ON COLUMN specifications.data IS 'Structured form of the value';
COMMENT ON COLUMN specifications.metadata IS 'Flexible metadata storage';
COMMENT ON COLUMN specifications.confirmed_at IS 'Time at which a user confirmed it';
COMMENT ON COLUMN specifications.created_at IS 'Creation timestamp';
COMMENT ON COLUMN specifications.updated_at IS 'Last update timestamp (set by trigger)';

-- conversation_history ----------------------------------------------------------------------------

CREATE TYPE message_role AS ENUM ('user', 'assistant', 'system', 'tool');
COMMENT ON TYPE message_role IS 'Who speaks in a conversation';

CREATE TABLE conversation_history (
  id           uuid            NOT NULL DEFAULT gen_random_uuid(),
  session_id   uuid            NOT NULL,
  question_id  uuid,
  user_id      uuid,
  ordinal      integer         NOT NULL,
  role         message_role    NOT NULL,
  content      text            NOT NULL,
  model        varchar(100),
  token_count  integer,
  metadata     jsonb           NOT NULL DEFAULT '{}'::jsonb,
  created_at   timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  updated_at   timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_conversation_history PRIMARY KEY (id),
  CONSTRAINT uq_conversation_history_session_id_ordinal UNIQUE (session_id, ordinal),
  CONSTRAINT fk_conversation_history_session_id
    FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
  CONSTRAINT fk_conversation_history_question_id
    FOREIGN KEY (question_id) REFERENCES questions (id) ON DELETE SET NULL,
  CONSTRAINT ck_conversation_history_ordinal_positive CHECK (ordinal >= 1),
  CONSTRAINT ck_conversation_history_token_count_range CHECK (token_count >= 0),
  CONSTRAINT ck_conversation_history_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX ix_conversation_history_session_id_created_at ON conversation_history (session_id, created_at);
CREATE INDEX ix_conversation_history_question_id ON conversation_history (question_id);
CREATE INDEX ix_conversation_history_user_id_created_at ON conversation_history (user_id, created_at);
CREATE INDEX ix_conversation_history_role_created_at ON conversation_history (role, created_at);
CREATE INDEX ix_conversation_history_created_at ON conversation_history (created_at);
CREATE INDEX ix_conversation_history_updated_at ON conversation_history (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON conversation_history
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE conversation_history IS 'Chat history, one row for each message';
COMMENT ON COLUMN conversation_history.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN conversation_history.session_id IS 'Conversation that the message belongs to';
COMMENT ON COLUMN conversation_history.question_id IS 'Question that the message asks or answers';
COMMENT ON COLUMN conversation_history.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN conversation_history.ordinal IS 'Place in the conversation, from 1';
COMMENT ON COLUMN conversation_history.role IS 'Who speaks';
COMMENT ON COLUMN conversation_history.content IS 'Text of the message';
COMMENT ON COLUMN conversation_history.model IS 'Language model that wrote the message';
COMMENT ON COLUMN conversation_history.token_count IS 'Length of the message in tokens of that model';
COMMENT ON COLUMN conversation_history.metadata IS 'Flexible metadata storage';
COMMENT ON COLUMN conversation_history.created_at IS 'Creation timestamp';
COMMENT ON COLUMN conversation_history.updated_at IS 'Last update timestamp (set by trigger)';

-- conflicts ---------------------------------------------------------------------------------------

CREATE TYPE conflict_type AS ENUM (
  'contradiction', 'ambiguity', 'duplication', 'feasibility', 'technology', 'timeline', 'resource'
);
CREATE TYPE conflict_severity AS ENUM ('low', 'medium', 'high', 'critical');
CREATE TYPE conflict_status AS ENUM ('open', 'resolved', 'dismissed');
COMMENT ON TYPE conflict_type IS 'How two specifications disagree';
COMMENT ON TYPE conflict_severity IS 'How much a conflict threatens the project';
COMMENT ON TYPE conflict_status IS 'Whether a conflict still stands';

CREATE TABLE conflicts (
  id                            uuid               NOT NULL DEFAULT gen_random_uuid(),
  project_id                    uuid               NOT NULL,
  specification_id              uuid               NOT NULL,
  conflicting_specification_id  uuid,
  resolved_by                   uuid,
  type                          conflict_type      NOT NULL,
  severity                      conflict_severity  NOT NULL DEFAULT 'medium',
  status                        conflict_status    NOT NULL DEFAULT 'open',
  description                   text               NOT NULL,
  suggestions                   jsonb              NOT NULL DEFAULT '[]'::jsonb,
  resolution                    text,
  detected_at                   timestamptz(6)     NOT NULL DEFAULT transaction_timestamp(),
  resolved_at                   timestamptz(6),
  created_at                    timestamptz(6)     NOT NULL DEFAULT transaction_timestamp(),
  updated_at                    timestamptz(6)     NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_conflicts PRIMARY KEY (id),
  CONSTRAINT fk_conflicts_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_conflicts_specification_id
    FOREIGN KEY (specification_id) REFERENCES specifications (id) ON DELETE CASCADE,
  CONSTRAINT fk_conflicts_conflicting_specification_id
    FOREIGN KEY (conflicting_specification_id) REFERENCES specifications (id) ON DELETE CASCADE,
  CONSTRAINT ck_conflicts_distinct_specifications CHECK (specification_id <> conflicting_specification_id),
  CONSTRAINT ck_conflicts_resolved_unless_open CHECK ((status = 'open') = (resolved_at IS NULL)),
  CONSTRAINT ck_conflicts_suggestions_array CHECK (jsonb_typeof(suggestions) = 'array')
);

CREATE INDEX ix_conflicts_project_id_status_severity ON conflicts (project_id, status, severity);
CREATE INDEX ix_conflicts_specification_id ON conflicts (specification_id);
CREATE INDEX ix_conflicts_conflicting_specification_id ON conflicts (conflicting_specification_id);
CREATE INDEX ix_conflicts_resolved_by ON conflicts (resolved_by);
CREATE INDEX ix_conflicts_type_status ON conflicts (type, status);
CREATE INDEX ix_conflicts_severity_status ON conflicts (severity, status);
CREATE INDEX ix_conflicts_status_detected_at ON conflicts (status, detected_at);
CREATE INDEX ix_conflicts_detected_at ON conflicts (detected_at);
CREATE INDEX ix_conflicts_resolved_at ON conflicts (resolved_at);
CREATE INDEX ix_conflicts_created_at ON conflicts (created_at);
CREATE INDEX ix_conflicts_updated_at ON conflicts (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON conflicts
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE conflicts IS 'Identified conflicts';
COMMENT ON COLUMN conflicts.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN conflicts.project_id IS 'Project in which the conflict was found';
COMMENT ON COLUMN conflicts.specification_id IS 'Specification that is in question';
COMMENT ON COLUMN conflicts.conflicting_specification_id IS 'Specification that contradicts it; empty when it contradicts itself';
COMMENT ON COLUMN conflicts.resolved_by IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN conflicts.type IS 'How the specifications disagree';
COMMENT ON COLUMN conflicts.severity IS 'How much the conflict threatens the project';
COMMENT ON COLUMN conflicts.status IS 'Whether the conflict still stands';
COMMENT ON COLUMN conflicts.description IS 'What disagrees with what';
COMMENT ON COLUMN conflicts.suggestions IS 'Resolutions that the assistant proposes';
COMMENT ON COLUMN conflicts.resolution IS 'How the conflict was settled';
COMMENT ON COLUMN conflicts.detected_at IS 'Time at which the conflict was found';
COMMENT ON COLUMN conflicts.resolved_at IS 'Time at which the conflict was settled';
COMMENT ON COLUMN conflicts.created_at IS 'Creation timestamp';
COMMENT ON COLUMN conflicts.updated_at IS 'Last update timestamp (set by trigger)';
