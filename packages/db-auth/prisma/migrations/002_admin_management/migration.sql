-- Admin management
--
-- Roles with their permissions, the users who hold them, and what they did. A role in use and an
-- administrator with a trail cannot be deleted (RESTRICT): suspend, revoke or anonymize instead.
--
-- creates: admin_roles, admin_users, admin_audit_logs
-- database: socrates_auth

-- admin_roles -------------------------------------------------------------------------------------

CREATE TABLE admin_roles (
  id           uuid            NOT NULL DEFAULT gen_random_uuid(),
  name         varchar(64)     NOT NULL,
  description  text            NOT NULL DEFAULT '',
  permissions  jsonb           NOT NULL DEFAULT '[]'::jsonb,
  is_system    boolean         NOT NULL DEFAULT false,
  created_at   timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  updated_at   timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_admin_roles PRIMARY KEY (id),
  CONSTRAINT uq_admin_roles_name UNIQUE (name),
  CONSTRAINT ck_admin_roles_name_present CHECK (name <> ''),
  CONSTRAINT ck_admin_roles_permissions_array CHECK (jsonb_typeof(permissions) = 'array')
);

CREATE INDEX ix_admin_roles_created_at ON admin_roles (created_at);
CREATE INDEX ix_admin_roles_updated_at ON admin_roles (updated_at);
CREATE INDEX ix_admin_roles_permissions ON admin_roles USING gin (permissions jsonb_path_ops);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON admin_roles
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE admin_roles IS 'Admin role templates';
COMMENT ON COLUMN admin_roles.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN admin_roles.name IS 'Name of the role';
COMMENT ON COLUMN admin_roles.description IS 'What the role is for';
COMMENT ON COLUMN admin_roles.permissions IS 'Permissions as a list of dotted names, such as users.suspend';
COMMENT ON COLUMN admin_roles.is_system IS 'Whether the role is built in and must not be edited';
COMMENT ON COLUMN admin_roles.created_at IS 'Creation timestamp';
COMMENT ON COLUMN admin_roles.updated_at IS 'Last update timestamp (set by trigger)';

-- admin_users -------------------------------------------------------------------------------------

CREATE TYPE admin_status AS ENUM ('active', 'suspended', 'revoked');
COMMENT ON TYPE admin_status IS 'Whether an assignment of an admin role is in force';

CREATE TABLE admin_users (
  id             uuid            NOT NULL DEFAULT gen_random_uuid(),
  user_id        uuid            NOT NULL,
  role_id        uuid            NOT NULL,
  granted_by_id  uuid,
  status         admin_status    NOT NULL DEFAULT 'active',
  granted_at     timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  expires_at     timestamptz(6),
  revoked_at     timestamptz(6),
  created_at     timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  updated_at     timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_admin_users PRIMARY KEY (id),
  CONSTRAINT uq_admin_users_user_id_role_id UNIQUE (user_id, role_id),
  CONSTRAINT fk_admin_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_admin_users_role_id FOREIGN KEY (role_id) REFERENCES admin_roles (id) ON DELETE RESTRICT,
  CONSTRAINT fk_admin_users_granted_by_id
    FOREIGN KEY (granted_by_id) REFERENCES users (id) ON DELETE SET NULL,
  CONSTRAINT ck_admin_users_revoked_when_revoked CHECK ((status = 'revoked') = (revoked_at IS NOT NULL))
);

CREATE INDEX ix_admin_users_role_id_status ON admin_users (role_id, status);
CREATE INDEX ix_admin_users_granted_by_id ON admin_users (granted_by_id);
CREATE INDEX ix_admin_users_status_expires_at ON admin_users (status, expires_at);
CREATE INDEX ix_admin_users_granted_at ON admin_users (granted_at);
CREATE INDEX ix_admin_users_expires_at ON admin_users (expires_at);
CREATE INDEX ix_admin_users_revoked_at ON admin_users (revoked_at);
CREATE INDEX ix_admin_users_created_at ON admin_users (created_at);
CREATE INDEX ix_admin_users_updated_at ON admin_users (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON admin_users
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE admin_users IS 'User to role assignments';
COMMENT ON COLUMN admin_users.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN admin_users.user_id IS 'User who holds the role';
COMMENT ON COLUMN admin_users.role_id IS 'Role that the user holds';
COMMENT ON COLUMN admin_users.granted_by_id IS 'User who granted the role; empty for the first administrator';
COMMENT ON COLUMN admin_users.status IS 'Whether the assignment is in force';
COMMENT ON COLUMN admin_users.granted_at IS 'Time at which the role was granted';
COMMENT ON COLUMN admin_users.expires_at IS 'End of an assignment that is limited in time';
COMMENT ON COLUMN admin_users.revoked_at IS 'Time at which the role was taken back';
COMMENT ON COLUMN admin_users.created_at IS 'Creation timestamp';
COMMENT ON COLUMN admin_users.updated_at IS 'Last update timestamp (set by trigger)';

-- admin_audit_logs --------------------------------------------------------------------------------

CREATE TYPE audit_target_type AS ENUM (
  'user', 'refresh_token', 'admin_role', 'admin_user', 'project', 'subscription', 'system'
);
CREATE TYPE audit_outcome AS ENUM ('succeeded', 'denied', 'failed');
COMMENT ON TYPE audit_target_type IS 'Kind of object that an administrator acted upon';
COMMENT ON TYPE audit_outcome IS 'How an audited action ended';

CREATE TABLE admin_audit_logs (
  id             uuid               NOT NULL DEFAULT gen_random_uuid(),
  admin_user_id  uuid               NOT NULL,
  action         varchar(100)       NOT NULL,
  target_type    audit_target_type  NOT NULL,
  target_id      uuid,
  outcome        audit_outcome      NOT NULL DEFAULT 'succeeded',
  reason         text,
  changes        jsonb              NOT NULL DEFAULT '{}'::jsonb,
  ip_address     inet,
  user_agent     varchar(512),
  request_id     varchar(64),
  created_at     timestamptz(6)     NOT NULL DEFAULT transaction_timestamp(),
  updated_at     timestamptz(6)     NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_admin_audit_logs PRIMARY KEY (id),
  CONSTRAINT fk_admin_audit_logs_admin_user_id
    FOREIGN KEY (admin_user_id) REFERENCES admin_users (id) ON DELETE RESTRICT,
  CONSTRAINT ck_admin_audit_logs_action_present CHECK (action <> ''),
  CONSTRAINT ck_admin_audit_logs_changes_object CHECK (jsonb_typeof(changes) = 'object')
);

CREATE INDEX ix_admin_audit_logs_admin_user_id_created_at ON admin_audit_logs (admin_user_id, created_at);
CREATE INDEX ix_admin_audit_logs_action_created_at ON admin_audit_logs (action, created_at);
CREATE INDEX ix_admin_audit_logs_target_type_target_id_created_at ON admin_audit_logs (target_type, target_id, created_at);
CREATE INDEX ix_admin_audit_logs_target_id ON admin_audit_logs (target_id);
CREATE INDEX ix_admin_audit_logs_outcome_created_at ON admin_audit_logs (outcome, created_at);
CREATE INDEX ix_admin_audit_logs_request_id ON admin_audit_logs (request_id);
CREATE INDEX ix_admin_audit_logs_created_at ON admin_audit_logs (created_at);
CREATE INDEX ix_admin_audit_logs_updated_at ON admin_audit_logs (updated_at);
CREATE INDEX ix_admin_audit_logs_changes ON admin_audit_logs USING gin (changes jsonb_path_ops);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON admin_audit_logs
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE admin_audit_logs IS 'Admin action audit trail';
COMMENT ON COLUMN admin_audit_logs.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN admin_audit_logs.admin_user_id IS 'Assignment under which the administrator acted';
COMMENT ON COLUMN admin_audit_logs.action IS 'Dotted name of the action, such as user.suspend';
COMMENT ON COLUMN admin_audit_logs.target_type IS 'Kind of object that was acted upon';
COMMENT ON COLUMN admin_audit_logs.target_id IS 'Identifier of the object that was acted upon, if it has one';
COMMENT ON COLUMN admin_audit_logs.outcome IS 'How the action ended';
COMMENT ON COLUMN admin_audit_logs.reason IS 'Reason given by the administrator';
COMMENT ON COLUMN admin_audit_logs.changes IS 'Values before and after, by field';
COMMENT ON COLUMN admin_audit_logs.ip_address IS 'Address that the action came from';
COMMENT ON COLUMN admin_audit_logs.user_agent IS 'Browser or client that the action came from';
COMMENT ON COLUMN admin_audit_logs.request_id IS 'Identifier of the request in the server logs';
COMMENT ON COLUMN admin_audit_logs.created_at IS 'Creation timestamp';
COMMENT ON COLUMN admin_audit_logs.updated_at IS 'Last update timestamp (set by trigger)';
