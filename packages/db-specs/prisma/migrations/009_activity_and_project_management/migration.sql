-- Activity and project management
--
-- What happened in projects and who did it, and the invitations that bring in collaborators. An
-- invitation token is kept as a hash only.
--
-- creates: activity_logs, project_invitations
-- database: socrates_specs

-- activity_logs -----------------------------------------------------------------------------------

CREATE TYPE activity_entity_type AS ENUM (
  'project', 'session', 'question', 'specification', 'conflict', 'generated_project', 'document', 'team',
  'team_member', 'project_share', 'project_invitation', 'api_key', 'subscription'
);
COMMENT ON TYPE activity_entity_type IS 'Kind of object that something happened to';

CREATE TABLE activity_logs (
  id           uuid                  NOT NULL DEFAULT gen_random_uuid(),
  user_id      uuid                  NOT NULL,
  project_id   uuid,
  team_id      uuid,
  action       varchar(100)          NOT NULL,
  entity_type  activity_entity_type  NOT NULL,
  entity_id    uuid,
  changes      jsonb                 NOT NULL DEFAULT '{}'::jsonb,
  metadata     jsonb                 NOT NULL DEFAULT '{}'::jsonb,
  ip_address   inet,
  user_agent   varchar(512),
  request_id   varchar(64),
  occurred_at  timestamptz(6)        NOT NULL DEFAULT transaction_timestamp(),
  created_at   timestamptz(6)        NOT NULL DEFAULT transaction_timestamp(),
  updated_at   timestamptz(6)        NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_activity_logs PRIMARY KEY (id),
  CONSTRAINT fk_activity_logs_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE SET NULL,
  CONSTRAINT fk_activity_logs_team_id FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE SET NULL,
  CONSTRAINT ck_activity_logs_action_present CHECK (action <> ''),
  CONSTRAINT ck_activity_logs_changes_object CHECK (jsonb_typeof(changes) = 'object'),
  CONSTRAINT ck_activity_logs_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX ix_activity_logs_user_id_occurred_at ON activity_logs (user_id, occurred_at);
CREATE INDEX ix_activity_logs_project_id_occurred_at ON activity_logs (project_id, occurred_at);
CREATE INDEX ix_activity_logs_team_id_occurred_at ON activity_logs (team_id, occurred_at);
CREATE INDEX ix_activity_logs_action_occurred_at ON activity_logs (action, occurred_at);
CREATE INDEX ix_activity_logs_entity_type_occurred_at ON activity_logs (entity_type, occurred_at);
CREATE INDEX ix_activity_logs_entity_id_occurred_at ON activity_logs (entity_id, occurred_at);
CREATE INDEX ix_activity_logs_request_id ON activity_logs (request_id);
CREATE INDEX ix_activity_logs_occurred_at ON activity_logs (occurred_at);
CREATE INDEX ix_activity_logs_created_at ON activity_logs (created_at);
CREATE INDEX ix_activity_logs_updated_at ON activity_logs (updated_at);
CREATE INDEX ix_activity_logs_changes ON activity_logs USING gin (changes jsonb_path_ops);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON activity_logs
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE activity_logs IS 'Audit trail';
COMMENT ON COLUMN activity_logs.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN activity_logs.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN activity_logs.project_id IS 'Project in which it happened';
COMMENT ON COLUMN activity_logs.team_id IS 'Team in which it happened';
COMMENT ON COLUMN activity_logs.action IS 'Dotted name of what happened, such as specification.confirm';
COMMENT ON COLUMN activity_logs.entity_type IS 'Kind of object that it happened to';
COMMENT ON COLUMN activity_logs.entity_id IS 'Identifier of the object that it happened to';
COMMENT ON COLUMN activity_logs.changes IS 'Values before and after, by field';
COMMENT ON COLUMN activity_logs.metadata IS 'Flexible metadata storage';
COMMENT ON COLUMN activity_logs.ip_address IS 'Address that the action came from';
COMMENT ON COLUMN activity_logs.user_agent IS 'Browser or client that the action came from';
COMMENT ON COLUMN activity_logs.request_id IS 'Identifier of the request in the server logs';
COMMENT ON COLUMN activity_logs.occurred_at IS 'Time at which it happened';
COMMENT ON COLUMN activity_logs.created_at IS 'Creation timestamp';
COMMENT ON COLUMN activity_logs.updated_at IS 'Last update timestamp (set by trigger)';

-- project_invitations -----------------------------------------------------------------------------

CREATE TYPE invitation_status AS ENUM ('pending', 'accepted', 'declined', 'revoked', 'expired');
COMMENT ON TYPE invitation_status IS 'What became of an invitation';

CREATE TABLE project_invitations (
  id            uuid               NOT NULL DEFAULT gen_random_uuid(),
  project_id    uuid               NOT NULL,
  invited_by    uuid,
  accepted_by   uuid,
  email         varchar(320)       NOT NULL,
  permission    share_permission   NOT NULL DEFAULT 'view',
  status        invitation_status  NOT NULL DEFAULT 'pending',
  token_hash    char(64)           NOT NULL,
  message       text,
  expires_at    timestamptz(6)     NOT NULL,
  responded_at  timestamptz(6),
  created_at    timestamptz(6)     NOT NULL DEFAULT transaction_timestamp(),
  updated_at    timestamptz(6)     NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_project_invitations PRIMARY KEY (id),
  CONSTRAINT uq_project_invitations_token_hash UNIQUE (token_hash),
  CONSTRAINT fk_project_invitations_project_id
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT ck_project_invitations_email_normalized CHECK (email = lower(email) AND email LIKE '_%@_%'),
  CONSTRAINT ck_project_invitations_token_hash_sha256 CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT ck_project_invitations_expires_after_created CHECK (expires_at > created_at),
  CONSTRAINT ck_project_invitations_responded_when_answered
    CHECK ((status IN ('accepted', 'declined')) = (responded_at IS NOT NULL))
);

CREATE INDEX ix_project_invitations_project_id_status ON project_invitations (project_id, status);
CREATE INDEX ix_project_invitations_invited_by ON project_invitations (invited_by);
CREATE INDEX ix_project_invitations_accepted_by ON project_invitations (accepted_by);
CREATE INDEX ix_project_invitations_email_status ON project_invitations (email, status);
CREATE INDEX ix_project_invitations_permission_status ON project_invitations (permission, status);
CREATE INDEX ix_project_invitations_status_expires_at ON project_invitations (status, expires_at);
CREATE INDEX ix_project_invitations_expires_at ON project_invitations (expires_at);
CREATE INDEX ix_project_invitations_responded_at ON project_invitations (responded_at);
CREATE INDEX ix_project_invitations_created_at ON project_invitations (created_at);
CREATE INDEX ix_project_invitations_updated_at ON project_invitations (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON project_invitations
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE project_invitations IS 'Collaboration invites';
COMMENT ON COLUMN project_invitations.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN project_invitations.project_id IS 'Project that the invitation opens';
COMMENT ON COLUMN project_invitations.invited_by IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN project_invitations.accepted_by IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN project_invitations.email IS 'Address that was invited, in lower case';
COMMENT ON COLUMN project_invitations.permission IS 'What the invited user may do';
COMMENT ON COLUMN project_invitations.status IS 'What became of the invitation';
COMMENT ON COLUMN project_invitations.token_hash IS 'SHA-256 of the token in the link, in hexadecimal; the token itself is not stored';
COMMENT ON COLUMN project_invitations.message IS 'Personal words to the invited user';
COMMENT ON COLUMN project_invitations.expires_at IS 'End of validity';
COMMENT ON COLUMN project_invitations.responded_at IS 'Time of the answer';
COMMENT ON COLUMN project_invitations.created_at IS 'Creation timestamp';
COMMENT ON COLUMN project_invitations.updated_at IS 'Last update timestamp (set by trigger)';
