-- Undoes 001_initial_auth; refuses when something else has come to depend on it (no CASCADE).

DROP TABLE refresh_tokens;
DROP TABLE users;

DROP TYPE token_revocation_reason;
DROP TYPE user_status;

DROP FUNCTION set_updated_at();
