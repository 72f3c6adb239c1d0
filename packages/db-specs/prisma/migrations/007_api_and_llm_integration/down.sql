-- Undoes 007_api_and_llm_integration; refuses when something else has come to depend on it (no CASCADE).

DROP TABLE invoices;
DROP TABLE subscriptions;
DROP TABLE llm_usage_tracking;
DROP TABLE api_keys;

DROP TYPE invoice_status;
DROP TYPE payment_provider;
DROP TYPE billing_interval;
DROP TYPE subscription_status;
DROP TYPE subscription_plan;
DROP TYPE llm_request_status;
DROP TYPE llm_request_type;
DROP TYPE llm_provider;
DROP TYPE api_key_status;
