-- Initial auth
--
-- Who the users are and how they stay signed in. A refresh token is kept as a hash only, and belongs
-- to a family, so that the second use of a rotated token can end the whole family.
--
-- creates: users, refresh_tokens
-- database: socrates_auth

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

-- users -------------------------------------------------------------------------------------------

CREATE TYPE user_status AS ENUM ('active', 'suspended', 'deactivated');
COMMENT ON TYPE user_status IS 'Whether a user may sign in';

CREATE TABLE users (
  id                     uuid            NOT NULL DEFAULT gen_random_uuid(),
  email                  varchar(320)    NOT NULL,
  username               varchar(64)     NOT NULL,
  hashed_password        varchar(255)    NOT NULL,
  name                   varchar(100)    NOT NULL,
  surname                varchar(100)    NOT NULL,
  status                 user_status     NOT NULL DEFAULT 'active',
  locale                 varchar(35)     NOT NULL DEFAULT 'en',
  timezone               varchar(64)     NOT NULL DEFAULT 'UTC',
  failed_login_attempts  integer         NOT NULL DEFAULT 0,
  locked_until           timestamptz(6),
  last_login_at          timestamptz(6),
  email_verified_at      timestamptz(6),
  password_changed_at    timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  anonymized_at          timestamptz(6),
  metadata               jsonb           NOT NULL DEFAULT '{}'::jsonb,
  created_at             timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  updated_at             timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_users PRIMARY KEY (id),
  CONSTRAINT uq_users_email UNIQUE (email),
  CONSTRAINT uq_users_username UNIQUE (username),
  CONSTRAINT ck_users_email_normalized CHECK (email = lower(email) AND email LIKE '_%@_%'),
  CONSTRAINT ck_users_username_normalized CHECK (username = lower(username) AND username <> ''),
  CONSTRAINT ck_users_hashed_password_present CHECK (hashed_password <> ''),
  CONSTRAINT ck_users_failed_login_attempts_range CHECK (failed_login_attempts >= 0),
  CONSTRAINT ck_users_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX ix_users_status_created_at ON users (status, created_at);
CREATE INDEX ix_users_locked_until ON users (locked_until);
CREATE INDEX ix_users_last_login_at ON users (last_login_at);
CREATE INDEX ix_users_email_verified_at ON users (email_verified_at);
CREATE INDEX ix_users_password_changed_at ON users (password_changed_at);
CREATE INDEX ix_users_anonymized_at ON users (anonymized_at);
CREATE INDEX ix_users_created_at ON users (created_at);
CREATE INDEX ix_users_updated_at ON users (updated_at);
CREATE INDEX ix_users_metadata ON users USING gin (metadata jsonb_path_ops);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON users
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE users IS 'User accounts';
COMMENT ON COLUMN users.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN users.email IS 'Address for sign-in and notices, in lower case';
COMMENT ON COLUMN users.username IS 'Public handle, in lower case';
COMMENT ON COLUMN users.hashed_password IS 'Password hash with its algorithm and salt, never the password';
COMMENT ON COLUMN users.name IS 'Given name';
COMMENT ON COLUMN users.surname IS 'Family name';
COMMENT ON COLUMN users.status IS 'Whether the user may sign in';
COMMENT ON COLUMN users.locale IS 'Preferred language (BCP 47)';
COMMENT ON COLUMN users.timezone IS 'Preferred time zone (IANA name)';
COMMENT ON COLUMN users.failed_login_attempts IS 'Failed sign-ins since the last successful one';
COMMENT ON COLUMN users.locked_until IS 'End of the pause after too many failed sign-ins';
COMMENT ON COLUMN users.last_login_at IS 'Time of the last successful sign-in';
COMMENT ON COLUMN users.email_verified_at IS 'Time at which the address was confirmed';
COMMENT ON COLUMN users.password_changed_at IS 'Time at which the password was last set';
COMMENT ON COLUMN users.anonymized_at IS 'Time at which personal data was erased while the row stays for what refers to it';
COMMENT ON COLUMN users.metadata IS 'Flexible metadata storage';
COMMENT ON COLUMN users.created_at IS 'Creation timestamp';
COMMENT ON COLUMN users.updated_at IS 'Last update timestamp (set by trigger)';

-- refresh_tokens ----------------------------------------------------------------------------------

CREATE TYPE token_revocation_reason AS ENUM ('logout', 'reuse_detected', 'password_changed', 'administrator');
COMMENT ON TYPE token_revocation_reason IS 'Why a refresh token was revoked before it expired';

CREATE TABLE refresh_tokens (
  id                 uuid                     NOT NULL DEFAULT gen_random_uuid(),
  user_id            uuid                     NOT NULL,
  family_id          uuid                     NOT NULL,
  replaced_by_id     uuid,
  token_hash         char(64)                 NOT NULL,
  ip_address         inet,
  user_agent         varchar(512),
  expires_at         timestamptz(6)           NOT NULL,
  used_at            timestamptz(6),
  revoked_at         timestamptz(6),
  revocation_reason  token_revocation_reason,
  created_at         timestamptz(6)           NOT NULL DEFAULT transaction_timestamp(),
  updated_at         timestamptz(6)           NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_refresh_tokens PRIMARY KEY (id),
  CONSTRAINT uq_refresh_tokens_replaced_by_id UNIQUE (replaced_by_id),
  CONSTRAINT uq_refresh_tokens_token_hash UNIQUE (token_hash),
  CONSTRAINT fk_refresh_tokens_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_refresh_tokens_replaced_by_id
    FOREIGN KEY (replaced_by_id) REFERENCES refresh_tokens (id) ON DELETE SET NULL,
  CONSTRAINT ck_refresh_tokens_token_hash_sha256 CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT ck_refresh_tokens_expires_after_created CHECK (expires_at > created_at),
  CONSTRAINT ck_refresh_tokens_revoked_with_reason CHECK ((revoked_at IS NULL) = (revocation_reason IS NULL)),
  CONSTRAINT ck_refresh_tokens_replaced_when_used CHECK (replaced_by_id IS NULL OR used_at IS NOT NULL)
);

CREATE INDEX ix_refresh_tokens_user_id_expires_at ON refresh_tokens (user_id, expires_at);
CREATE INDEX ix_refresh_tokens_family_id_created_at ON refresh_tokens (family_id, created_at);
CREATE INDEX ix_refresh_tokens_expires_at ON refresh_tokens (expires_at);
CREATE INDEX ix_refresh_tokens_used_at ON refresh_tokens (used_at);
CREATE INDEX ix_refresh_tokens_revoked_at ON refresh_tokens (revoked_at);
CREATE INDEX ix_refresh_tokens_revocation_reason ON refresh_tokens (revocation_reason);
CREATE INDEX ix_refresh_tokens_created_at ON refresh_tokens (created_at);
CREATE INDEX ix_refresh_tokens_updated_at ON refresh_tokens (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON refresh_tokens
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE refresh_tokens IS 'JWT refresh tokens, one row for each token issued';
COMMENT ON COLUMN refresh_tokens.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN refresh_tokens.user_id IS 'User who holds the token';
COMMENT ON COLUMN refresh_tokens.family_id IS 'Family of the tokens rotated from one sign-in; reuse of any ends them all';
COMMENT ON COLUMN refresh_tokens.replaced_by_id IS 'Token that took its place at rotation';
COMMENT ON COLUMN refresh_tokens.token_hash IS 'SHA-256 of the token in hexadecimal; the token itself is not stored';
COMMENT ON COLUMN refresh_tokens.ip_address IS 'Address that the token was issued to';
COMMENT ON COLUMN refresh_tokens.user_agent IS 'Browser or client that the token was issued to';
COMMENT ON COLUMN refresh_tokens.expires_at IS 'End of validity';
COMMENT ON COLUMN refresh_tokens.used_at IS 'Time of the exchange for the next token; a second exchange is reuse';
COMMENT ON COLUMN refresh_tokens.revoked_at IS 'Time of revocation';
COMMENT ON COLUMN refresh_tokens.revocation_reason IS 'Why the token was revoked';
COMMENT ON COLUMN refresh_tokens.created_at IS 'Creation timestamp';
COMMENT ON COLUMN refresh_tokens.updated_at IS 'Last update timestamp (set by trigger)';
