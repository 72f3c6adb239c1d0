-- Undoes 005_tracking_and_analytics; refuses when something else has come to depend on it (no CASCADE).

DROP TABLE knowledge_base_documents;
DROP TABLE question_effectiveness;
DROP TABLE user_behavior_patterns;
DROP TABLE quality_metrics;

DROP TYPE document_status;
DROP TYPE document_source;
DROP TYPE question_outcome;
DROP TYPE behavior_pattern_type;
DROP TYPE quality_status;
DROP TYPE quality_metric_type;
