-- Undoes 002_admin_management; refuses when something else has come to depend on it (no CASCADE).

DROP TABLE admin_audit_logs;
DROP TABLE admin_users;
DROP TABLE admin_roles;

DROP TYPE audit_outcome;
DROP TYPE audit_target_type;
DROP TYPE admin_status;
