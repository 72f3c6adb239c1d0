-- Undoes 009_activity_and_project_management; refuses when something else has come to depend on it (no CASCADE).

DROP TABLE project_invitations;
DROP TABLE activity_logs;

DROP TYPE invitation_status;
DROP TYPE activity_entity_type;
