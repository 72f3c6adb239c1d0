-- Undoes 003_core_specification; refuses when something else has come to depend on it (no CASCADE).

DROP TABLE conflicts;
DROP TABLE conversation_history;
DROP TABLE specifications;
DROP TABLE questions;
DROP TABLE sessions;
DROP TABLE projects;

DROP TYPE conflict_status;
DROP TYPE conflict_severity;
DROP TYPE conflict_type;
DROP TYPE message_role;
DROP TYPE specification_status;
DROP TYPE specification_source;
DROP TYPE question_status;
DROP TYPE question_type;
DROP TYPE specification_category;
DROP TYPE session_status;
DROP TYPE session_mode;
DROP TYPE project_status;
DROP TYPE project_phase;

DROP FUNCTION set_updated_at();
