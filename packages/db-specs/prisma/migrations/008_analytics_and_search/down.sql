-- Undoes 008_analytics_and_search; refuses when something else has come to depend on it (no CASCADE).

DROP TABLE notification_preferences;
DROP TABLE document_chunks;
DROP TABLE analytics_metrics;

DROP TYPE notification_frequency;
DROP TYPE notification_event;
DROP TYPE notification_channel;
DROP TYPE chunk_status;
DROP TYPE metric_granularity;
DROP TYPE metric_type;
