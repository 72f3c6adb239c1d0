-- Undoes 004_generated_content; refuses when something else has come to depend on it (no CASCADE).

DROP TABLE generated_files;
DROP TABLE generated_projects;

DROP TYPE file_type;
DROP TYPE generation_status;
