-- Collaboration and sharing
--
-- Teams, their members, and the projects that are shared with a team or with a single user.
--
-- creates: teams, team_members, project_shares
-- database: socrates_specs

-- teams -------------------------------------------------------------------------------------------

CREATE TYPE team_status AS ENUM ('active', 'archived');
COMMENT ON TYPE team_status IS 'Whether a team is in use';

CREATE TABLE teams (
  id           uuid            NOT NULL DEFAULT gen_random_uuid(),
  owner_id     uuid            NOT NULL,
  name         varchar(100)    NOT NULL,
  slug         varchar(63)     NOT NULL,
  description  text            NOT NULL DEFAULT '',
  status       team_status     NOT NULL DEFAULT 'active',
  settings     jsonb           NOT NULL DEFAULT '{}'::jsonb,
  archived_at  timestamptz(6),
  created_at   timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  updated_at   timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_teams PRIMARY KEY (id),
  CONSTRAINT uq_teams_slug UNIQUE (slug),
  CONSTRAINT ck_teams_name_present CHECK (name <> ''),
  CONSTRAINT ck_teams_slug_format CHECK (slug ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'),
  CONSTRAINT ck_teams_archived_when_archived CHECK ((status = 'archived') = (archived_at IS NOT NULL)),
  CONSTRAINT ck_teams_settings_object CHECK (jsonb_typeof(settings) = 'object')
);

CREATE INDEX ix_teams_owner_id_status ON teams (owner_id, status);
CREATE INDEX ix_teams_status_created_at ON teams (status, created_at);
CREATE INDEX ix_teams_archived_at ON teams (archived_at);
CREATE INDEX ix_teams_created_at ON teams (created_at);
CREATE INDEX ix_teams_updated_at ON teams (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON teams
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE teams IS 'Team definitions';
COMMENT ON COLUMN teams.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN teams.owner_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN teams.name IS 'Name of the team';
COMMENT ON COLUMN teams.slug IS 'Name in addresses, in lower case';
COMMENT ON COLUMN teams.description IS 'What the team is for';
COMMENT ON COLUMN teams.status IS 'Whether the team is in use';
COMMENT ON COLUMN teams.settings IS 'Choices that hold for all its projects';
COMMENT ON COLUMN teams.archived_at IS 'Time at which the team was archived';
COMMENT ON COLUMN teams.created_at IS 'Creation timestamp';
COMMENT ON COLUMN teams.updated_at IS 'Last update timestamp (set by trigger)';

-- team_members ------------------------------------------------------------------------------------

CREATE TYPE team_role AS ENUM ('owner', 'admin', 'member', 'viewer');
CREATE TYPE membership_status AS ENUM ('invited', 'active', 'suspended');
COMMENT ON TYPE team_role IS 'What a member may do in a team';
COMMENT ON TYPE membership_status IS 'Whether a membership is in force';

CREATE TABLE team_members (
  id              uuid               NOT NULL DEFAULT gen_random_uuid(),
  team_id         uuid               NOT NULL,
  user_id         uuid               NOT NULL,
  invited_by      uuid,
  role            team_role          NOT NULL DEFAULT 'member',
  status          membership_status  NOT NULL DEFAULT 'active',
  joined_at       timestamptz(6),
  last_active_at  timestamptz(6),
  created_at      timestamptz(6)     NOT NULL DEFAULT transaction_timestamp(),
  updated_at      timestamptz(6)     NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_team_members PRIMARY KEY (id),
  CONSTRAINT uq_team_members_team_id_user_id UNIQUE (team_id, user_id),
  CONSTRAINT fk_team_members_team_id FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE
);

CREATE INDEX ix_team_members_team_id_role_status ON team_members (team_id, role, status);
CREATE INDEX ix_team_members_user_id_status ON team_members (user_id, status);
CREATE INDEX ix_team_members_invited_by ON team_members (invited_by);
CREATE INDEX ix_team_members_role_status ON team_members (role, status);
CREATE INDEX ix_team_members_status_joined_at ON team_members (status, joined_at);
CREATE INDEX ix_team_members_joined_at ON team_members (joined_at);
CREATE INDEX ix_team_members_last_active_at ON team_members (last_active_at);
CREATE INDEX ix_team_members_created_at ON team_members (created_at);
CREATE INDEX ix_team_members_updated_at ON team_members (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON team_members
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE team_members IS 'Team membership';
COMMENT ON COLUMN team_members.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN team_members.team_id IS 'Team';
COMMENT ON COLUMN team_members.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN team_members.invited_by IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN team_members.role IS 'What the member may do';
COMMENT ON COLUMN team_members.status IS 'Whether the membership is in force';
COMMENT ON COLUMN team_members.joined_at IS 'Time at which the member accepted';
COMMENT ON COLUMN team_members.last_active_at IS 'Time at which the member last used the team';
COMMENT ON COLUMN team_members.created_at IS 'Creation timestamp';
COMMENT ON COLUMN team_members.updated_at IS 'Last update timestamp (set by trigger)';

-- project_shares ----------------------------------------------------------------------------------

CREATE TYPE share_permission AS ENUM ('view', 'comment', 'edit', 'manage');
CREATE TYPE share_status AS ENUM ('active', 'revoked');
COMMENT ON TYPE share_permission IS 'What a share allows';
COMMENT ON TYPE share_status IS 'Whether a share is in force';

CREATE TABLE project_shares (
  id          uuid              NOT NULL DEFAULT gen_random_uuid(),
  project_id  uuid              NOT NULL,
  team_id     uuid,
  user_id     uuid,
  shared_by   uuid,
  permission  share_permission  NOT NULL DEFAULT 'view',
  status      share_status      NOT NULL DEFAULT 'active',
  expires_at  timestamptz(6),
  revoked_at  timestamptz(6),
  created_at  timestamptz(6)    NOT NULL DEFAULT transaction_timestamp(),
  updated_at  timestamptz(6)    NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_project_shares PRIMARY KEY (id),
  CONSTRAINT uq_project_shares_project_id_team_id UNIQUE (project_id, team_id),
  CONSTRAINT uq_project_shares_project_id_user_id UNIQUE (project_id, user_id),
  CONSTRAINT fk_project_shares_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_project_shares_team_id FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  CONSTRAINT ck_project_shares_one_recipient CHECK (num_nonnulls(team_id, user_id) = 1),
  CONSTRAINT ck_project_shares_expires_after_created CHECK (expires_at > created_at),
  CONSTRAINT ck_project_shares_revoked_when_revoked CHECK ((status = 'revoked') = (revoked_at IS NOT NULL))
);

CREATE INDEX ix_project_shares_team_id_status ON project_shares (team_id, status);
CREATE INDEX ix_project_shares_user_id_status ON project_shares (user_id, status);
CREATE INDEX ix_project_shares_shared_by ON project_shares (shared_by);
CREATE INDEX ix_project_shares_permission_status ON project_shares (permission, status);
CREATE INDEX ix_project_shares_status_expires_at ON project_shares (status, expires_at);
CREATE INDEX ix_project_shares_expires_at ON project_shares (expires_at);
CREATE INDEX ix_project_shares_revoked_at ON project_shares (revoked_at);
CREATE INDEX ix_project_shares_created_at ON project_shares (created_at);
CREATE INDEX ix_project_shares_updated_at ON project_shares (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON project_shares
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE project_shares IS 'Sharing permissions, with either a team or a user';
COMMENT ON COLUMN project_shares.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN project_shares.project_id IS 'Project that is shared';
COMMENT ON COLUMN project_shares.team_id IS 'Team that it is shared with';
COMMENT ON COLUMN project_shares.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN project_shares.shared_by IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN project_shares.permission IS 'What the share allows';
COMMENT ON COLUMN project_shares.status IS 'Whether the share is in force';
COMMENT ON COLUMN project_shares.expires_at IS 'End of a share that is limited in time';
COMMENT ON COLUMN project_shares.revoked_at IS 'Time at which the share was taken back';
COMMENT ON COLUMN project_shares.created_at IS 'Creation timestamp';
COMMENT ON COLUMN project_shares.updated_at IS 'Last update timestamp (set by trigger)';
