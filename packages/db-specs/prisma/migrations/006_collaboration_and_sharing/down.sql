-- Undoes 006_collaboration_and_sharing; refuses when something else has come to depend on it (no CASCADE).

DROP TABLE project_shares;
DROP TABLE team_members;
DROP TABLE teams;

DROP TYPE share_status;
DROP TYPE share_permission;
DROP TYPE membership_status;
DROP TYPE team_role;
DROP TYPE team_status;
