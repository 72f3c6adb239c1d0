-- API and LLM integration
--
-- Keys for programs, what language models were asked and what that cost, and billing. A key is kept as
-- a hash with a short prefix to recognise it by. Amounts are integers in the minor unit of their
-- currency.
--
-- creates: api_keys, llm_usage_tracking, subscriptions, invoices
-- database: socrates_specs

-- api_keys ----------------------------------------------------------------------------------------

CREATE TYPE api_key_status AS ENUM ('active', 'revoked', 'expired');
COMMENT ON TYPE api_key_status IS 'Whether an API key opens anything';

CREATE TABLE api_keys (
  id                     uuid            NOT NULL DEFAULT gen_random_uuid(),
  user_id                uuid            NOT NULL,
  project_id             uuid,
  name                   varchar(100)    NOT NULL,
  key_prefix             varchar(16)     NOT NULL,
  key_hash               char(64)        NOT NULL,
  status                 api_key_status  NOT NULL DEFAULT 'active',
  scopes                 text[]          NOT NULL DEFAULT '{}',
  rate_limit_per_minute  integer,
  last_used_ip           inet,
  last_used_at           timestamptz(6),
  expires_at             timestamptz(6),
  revoked_at             timestamptz(6),
  created_at             timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),
  updated_at             timestamptz(6)  NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_api_keys PRIMARY KEY (id),
  CONSTRAINT uq_api_keys_key_hash UNIQUE (key_hash),
  CONSTRAINT fk_api_keys_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT ck_api_keys_name_present CHECK (name <> ''),
  CONSTRAINT ck_api_keys_key_hash_sha256 CHECK (key_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT ck_api_keys_rate_limit_per_minute_positive CHECK (rate_limit_per_minute > 0),
  CONSTRAINT ck_api_keys_expires_after_created CHECK (expires_at > created_at),
  CONSTRAINT ck_api_keys_revoked_when_revoked CHECK ((status = 'revoked') = (revoked_at IS NOT NULL))
);

CREATE INDEX ix_api_keys_user_id_status ON api_keys (user_id, status);
CREATE INDEX ix_api_keys_project_id ON api_keys (project_id);
CREATE INDEX ix_api_keys_key_prefix ON api_keys (key_prefix);
CREATE INDEX ix_api_keys_status_expires_at ON api_keys (status, expires_at);
CREATE INDEX ix_api_keys_last_used_at ON api_keys (last_used_at);
CREATE INDEX ix_api_keys_expires_at ON api_keys (expires_at);
CREATE INDEX ix_api_keys_revoked_at ON api_keys (revoked_at);
CREATE INDEX ix_api_keys_created_at ON api_keys (created_at);
CREATE INDEX ix_api_keys_updated_at ON api_keys (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON api_keys
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE api_keys IS 'API key storage';
COMMENT ON COLUMN api_keys.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN api_keys.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN api_keys.project_id IS 'Project that the key is limited to';
COMMENT ON COLUMN api_keys.name IS 'Name by which its user knows the key';
COMMENT ON COLUMN api_keys.key_prefix IS 'First characters of the key, to recognise it by';
COMMENT ON COLUMN api_keys.key_hash IS 'SHA-256 of the key in hexadecimal; the key itself is not stored';
COMMENT ON COLUMN api_keys.status IS 'Whether the key opens anything';
COMMENT ON COLUMN api_keys.scopes IS 'What the key may do';
COMMENT ON COLUMN api_keys.rate_limit_per_minute IS 'Requests allowed per minute; empty for the default of the plan';
COMMENT ON COLUMN api_keys.last_used_ip IS 'Address of the last use';
COMMENT ON COLUMN api_keys.last_used_at IS 'Time of the last use';
COMMENT ON COLUMN api_keys.expires_at IS 'End of validity';
COMMENT ON COLUMN api_keys.revoked_at IS 'Time at which the key was taken back';
COMMENT ON COLUMN api_keys.created_at IS 'Creation timestamp';
COMMENT ON COLUMN api_keys.updated_at IS 'Last update timestamp (set by trigger)';

-- llm_usage_tracking ------------------------------------------------------------------------------

CREATE TYPE llm_provider AS ENUM ('anthropic', 'openai', 'google', 'mistral', 'azure', 'bedrock', 'local');
CREATE TYPE llm_request_type AS ENUM (
  'question_generation', 'specification_extraction', 'conflict_detection', 'code_generation',
  'conversation', 'summarization', 'embedding'
);
CREATE TYPE llm_request_status AS ENUM ('succeeded', 'failed', 'timed_out', 'rate_limited', 'cancelled');
COMMENT ON TYPE llm_provider IS 'Who runs a language model';
COMMENT ON TYPE llm_request_type IS 'What a language model was asked to do';
COMMENT ON TYPE llm_request_status IS 'How a request to a language model ended';

CREATE TABLE llm_usage_tracking (
  id                   uuid                NOT NULL DEFAULT gen_random_uuid(),
  user_id              uuid                NOT NULL,
  project_id           uuid,
  session_id           uuid,
  api_key_id           uuid,
  provider             llm_provider        NOT NULL,
  model                varchar(100)        NOT NULL,
  type                 llm_request_type    NOT NULL,
  status               llm_request_status  NOT NULL DEFAULT 'succeeded',
  input_tokens         integer             NOT NULL DEFAULT 0,
  cached_input_tokens  integer             NOT NULL DEFAULT 0,
  output_tokens        integer             NOT NULL DEFAULT 0,
  cost                 numeric(18,8)       NOT NULL DEFAULT 0,
  currency             char(3)             NOT NULL DEFAULT 'USD',
  latency_ms           integer,
  provider_request_id  varchar(128),
  error_code           varchar(100),
  metadata             jsonb               NOT NULL DEFAULT '{}'::jsonb,
  requested_at         timestamptz(6)      NOT NULL DEFAULT transaction_timestamp(),
  created_at           timestamptz(6)      NOT NULL DEFAULT transaction_timestamp(),
  updated_at           timestamptz(6)      NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_llm_usage_tracking PRIMARY KEY (id),
  CONSTRAINT fk_llm_usage_tracking_project_id
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE SET NULL,
  CONSTRAINT fk_llm_usage_tracking_session_id
    FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE SET NULL,
  CONSTRAINT fk_llm_usage_tracking_api_key_id
    FOREIGN KEY (api_key_id) REFERENCES api_keys (id) ON DELETE SET NULL,
  CONSTRAINT ck_llm_usage_tracking_input_tokens_range CHECK (input_tokens >= 0),
  CONSTRAINT ck_llm_usage_tracking_cached_input_tokens_range
    CHECK (cached_input_tokens BETWEEN 0 AND input_tokens),
  CONSTRAINT ck_llm_usage_tracking_output_tokens_range CHECK (output_tokens >= 0),
  CONSTRAINT ck_llm_usage_tracking_cost_range CHECK (cost >= 0),
  CONSTRAINT ck_llm_usage_tracking_currency_format CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT ck_llm_usage_tracking_latency_ms_range CHECK (latency_ms >= 0),
  CONSTRAINT ck_llm_usage_tracking_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX ix_llm_usage_tracking_user_id_requested_at ON llm_usage_tracking (user_id, requested_at);
CREATE INDEX ix_llm_usage_tracking_project_id_requested_at ON llm_usage_tracking (project_id, requested_at);
CREATE INDEX ix_llm_usage_tracking_session_id ON llm_usage_tracking (session_id);
CREATE INDEX ix_llm_usage_tracking_api_key_id ON llm_usage_tracking (api_key_id);
CREATE INDEX ix_llm_usage_tracking_provider_model_requested_at ON llm_usage_tracking (provider, model, requested_at);
CREATE INDEX ix_llm_usage_tracking_model_requested_at ON llm_usage_tracking (model, requested_at);
CREATE INDEX ix_llm_usage_tracking_type_requested_at ON llm_usage_tracking (type, requested_at);
CREATE INDEX ix_llm_usage_tracking_status_requested_at ON llm_usage_tracking (status, requested_at);
CREATE INDEX ix_llm_usage_tracking_provider_request_id ON llm_usage_tracking (provider_request_id);
CREATE INDEX ix_llm_usage_tracking_requested_at ON llm_usage_tracking (requested_at);
CREATE INDEX ix_llm_usage_tracking_created_at ON llm_usage_tracking (created_at);
CREATE INDEX ix_llm_usage_tracking_updated_at ON llm_usage_tracking (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON llm_usage_tracking
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE llm_usage_tracking IS 'LLM request tracking';
COMMENT ON COLUMN llm_usage_tracking.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN llm_usage_tracking.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN llm_usage_tracking.project_id IS 'Project that the request served';
COMMENT ON COLUMN llm_usage_tracking.session_id IS 'Conversation that the request served';
COMMENT ON COLUMN llm_usage_tracking.api_key_id IS 'API key that the request came through';
COMMENT ON COLUMN llm_usage_tracking.provider IS 'Who runs the model';
COMMENT ON COLUMN llm_usage_tracking.model IS 'Name of the model';
COMMENT ON COLUMN llm_usage_tracking.type IS 'What the model was asked to do';
COMMENT ON COLUMN llm_usage_tracking.status IS 'How the request ended';
COMMENT ON COLUMN llm_usage_tracking.input_tokens IS 'Tokens sent, cached ones included';
COMMENT ON COLUMN llm_usage_tracking.cached_input_tokens IS 'Tokens sent that the provider had in its cache';
COMMENT ON COLUMN llm_usage_tracking.output_tokens IS 'Tokens received';
COMMENT ON COLUMN llm_usage_tracking.cost IS 'Price of the request in its currency';
COMMENT ON COLUMN llm_usage_tracking.currency IS 'Currency of the price (ISO 4217)';
COMMENT ON COLUMN llm_usage_tracking.latency_ms IS 'Time to the last token in milliseconds';
COMMENT ON COLUMN llm_usage_tracking.provider_request_id IS 'Identifier of the request at the provider';
COMMENT ON COLUMN llm_usage_tracking.error_code IS 'Error reported by the provider';
COMMENT ON COLUMN llm_usage_tracking.metadata IS 'Flexible metadata storage';
COMMENT ON COLUMN llm_usage_tracking.requested_at IS 'Time at which the request was sent';
COMMENT ON COLUMN llm_usage_tracking.created_at IS 'Creation timestamp';
COMMENT ON COLUMN llm_usage_tracking.updated_at IS 'Last update timestamp (set by trigger)';

-- subscriptions -----------------------------------------------------------------------------------

CREATE TYPE subscription_plan AS ENUM ('free', 'starter', 'professional', 'team', 'enterprise');
CREATE TYPE subscription_status AS ENUM ('trialing', 'active', 'past_due', 'paused', 'cancelled');
CREATE TYPE billing_interval AS ENUM ('month', 'year');
CREATE TYPE payment_provider AS ENUM ('manual', 'stripe', 'paddle');
COMMENT ON TYPE subscription_plan IS 'What a subscription includes';
COMMENT ON TYPE subscription_status IS 'Whether a subscription is in force';
COMMENT ON TYPE billing_interval IS 'How often a subscription is billed';
COMMENT ON TYPE payment_provider IS 'Who collects payments';

CREATE TABLE subscriptions (
  id                        uuid                 NOT NULL DEFAULT gen_random_uuid(),
  user_id                   uuid                 NOT NULL,
  plan                      subscription_plan    NOT NULL DEFAULT 'free',
  status                    subscription_status  NOT NULL DEFAULT 'active',
  billing_interval          billing_interval     NOT NULL DEFAULT 'month',
  seats                     integer              NOT NULL DEFAULT 1,
  unit_amount               bigint               NOT NULL DEFAULT 0,
  currency                  char(3)              NOT NULL DEFAULT 'USD',
  provider                  payment_provider     NOT NULL DEFAULT 'manual',
  provider_customer_id      varchar(255),
  provider_subscription_id  varchar(255),
  current_period_start      timestamptz(6)       NOT NULL,
  current_period_end        timestamptz(6)       NOT NULL,
  trial_ends_at             timestamptz(6),
  cancelled_at              timestamptz(6),
  ended_at                  timestamptz(6),
  metadata                  jsonb                NOT NULL DEFAULT '{}'::jsonb,
  created_at                timestamptz(6)       NOT NULL DEFAULT transaction_timestamp(),
  updated_at                timestamptz(6)       NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_subscriptions PRIMARY KEY (id),
  CONSTRAINT uq_subscriptions_provider_subscription_id UNIQUE (provider_subscription_id),
  CONSTRAINT ck_subscriptions_seats_positive CHECK (seats >= 1),
  CONSTRAINT ck_subscriptions_unit_amount_range CHECK (unit_amount >= 0),
  CONSTRAINT ck_subscriptions_currency_format CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT ck_subscriptions_period_end_after_start CHECK (current_period_end > current_period_start),
  CONSTRAINT ck_subscriptions_cancelled_when_cancelled
    CHECK (status <> 'cancelled' OR cancelled_at IS NOT NULL),
  CONSTRAINT ck_subscriptions_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX ix_subscriptions_user_id_status ON subscriptions (user_id, status);
CREATE INDEX ix_subscriptions_plan_status ON subscriptions (plan, status);
CREATE INDEX ix_subscriptions_status_current_period_end ON subscriptions (status, current_period_end);
CREATE INDEX ix_subscriptions_billing_interval ON subscriptions (billing_interval);
CREATE INDEX ix_subscriptions_provider_provider_customer_id ON subscriptions (provider, provider_customer_id);
CREATE INDEX ix_subscriptions_provider_customer_id ON subscriptions (provider_customer_id);
CREATE INDEX ix_subscriptions_current_period_start ON subscriptions (current_period_start);
CREATE INDEX ix_subscriptions_current_period_end ON subscriptions (current_period_end);
CREATE INDEX ix_subscriptions_trial_ends_at ON subscriptions (trial_ends_at);
CREATE INDEX ix_subscriptions_cancelled_at ON subscriptions (cancelled_at);
CREATE INDEX ix_subscriptions_ended_at ON subscriptions (ended_at);
CREATE INDEX ix_subscriptions_created_at ON subscriptions (created_at);
CREATE INDEX ix_subscriptions_updated_at ON subscriptions (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON subscriptions
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE subscriptions IS 'Billing plans';
COMMENT ON COLUMN subscriptions.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN subscriptions.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN subscriptions.plan IS 'What the subscription includes';
COMMENT ON COLUMN subscriptions.status IS 'Whether the subscription is in force';
COMMENT ON COLUMN subscriptions.billing_interval IS 'How often it is billed';
COMMENT ON COLUMN subscriptions.seats IS 'Number of users included';
COMMENT ON COLUMN subscriptions.unit_amount IS 'Price of a seat for one interval, in the minor unit of the currency';
COMMENT ON COLUMN subscriptions.currency IS 'Currency of the price (ISO 4217)';
COMMENT ON COLUMN subscriptions.provider IS 'Who collects the payments';
COMMENT ON COLUMN subscriptions.provider_customer_id IS 'Identifier of the customer at the provider';
COMMENT ON COLUMN subscriptions.provider_subscription_id IS 'Identifier of the subscription at the provider';
COMMENT ON COLUMN subscriptions.current_period_start IS 'Start of the period that is paid for';
COMMENT ON COLUMN subscriptions.current_period_end IS 'End of the period that is paid for';
COMMENT ON COLUMN subscriptions.trial_ends_at IS 'End of the trial';
COMMENT ON COLUMN subscriptions.cancelled_at IS 'Time at which it was cancelled';
COMMENT ON COLUMN subscriptions.ended_at IS 'Time at which it ceased to be in force';
COMMENT ON COLUMN subscriptions.metadata IS 'Flexible metadata storage';
COMMENT ON COLUMN subscriptions.created_at IS 'Creation timestamp';
COMMENT ON COLUMN subscriptions.updated_at IS 'Last update timestamp (set by trigger)';

-- invoices ----------------------------------------------------------------------------------------

CREATE TYPE invoice_status AS ENUM ('draft', 'open', 'paid', 'void', 'uncollectible');
COMMENT ON TYPE invoice_status IS 'Where an invoice stands';

CREATE TABLE invoices (
  id                   uuid              NOT NULL DEFAULT gen_random_uuid(),
  subscription_id      uuid,
  user_id              uuid              NOT NULL,
  number               varchar(50)       NOT NULL,
  status               invoice_status    NOT NULL DEFAULT 'draft',
  currency             char(3)           NOT NULL DEFAULT 'USD',
  subtotal_amount      bigint            NOT NULL,
  tax_amount           bigint            NOT NULL DEFAULT 0,
  total_amount         bigint            NOT NULL,
  paid_amount          bigint            NOT NULL DEFAULT 0,
  line_items           jsonb             NOT NULL DEFAULT '[]'::jsonb,
  billing_details      jsonb             NOT NULL DEFAULT '{}'::jsonb,
  provider             payment_provider  NOT NULL DEFAULT 'manual',
  provider_invoice_id  varchar(255),
  period_start         timestamptz(6)    NOT NULL,
  period_end           timestamptz(6)    NOT NULL,
  issued_at            timestamptz(6),
  due_at               timestamptz(6),
  paid_at              timestamptz(6),
  voided_at            timestamptz(6),
  created_at           timestamptz(6)    NOT NULL DEFAULT transaction_timestamp(),
  updated_at           timestamptz(6)    NOT NULL DEFAULT transaction_timestamp(),

  CONSTRAINT pk_invoices PRIMARY KEY (id),
  CONSTRAINT uq_invoices_number UNIQUE (number),
  CONSTRAINT uq_invoices_provider_invoice_id UNIQUE (provider_invoice_id),
  CONSTRAINT fk_invoices_subscription_id
    FOREIGN KEY (subscription_id) REFERENCES subscriptions (id) ON DELETE RESTRICT,
  CONSTRAINT ck_invoices_currency_format CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT ck_invoices_subtotal_amount_range CHECK (subtotal_amount >= 0),
  CONSTRAINT ck_invoices_tax_amount_range CHECK (tax_amount >= 0),
  CONSTRAINT ck_invoices_total_amount_adds_up CHECK (total_amount = subtotal_amount + tax_amount),
  CONSTRAINT ck_invoices_paid_amount_range CHECK (paid_amount BETWEEN 0 AND total_amount),
  CONSTRAINT ck_invoices_period_end_after_start CHECK (period_end > period_start),
  CONSTRAINT ck_invoices_due_after_issued CHECK (due_at >= issued_at),
  CONSTRAINT ck_invoices_issued_unless_draft CHECK (status = 'draft' OR issued_at IS NOT NULL),
  CONSTRAINT ck_invoices_paid_when_paid CHECK ((status = 'paid') = (paid_at IS NOT NULL)),
  CONSTRAINT ck_invoices_voided_when_void CHECK ((status = 'void') = (voided_at IS NOT NULL)),
  CONSTRAINT ck_invoices_line_items_array CHECK (jsonb_typeof(line_items) = 'array'),
  CONSTRAINT ck_invoices_billing_details_object CHECK (jsonb_typeof(billing_details) = 'object')
);

CREATE INDEX ix_invoices_subscription_id ON invoices (subscription_id);
CREATE INDEX ix_invoices_user_id_status_issued_at ON invoices (user_id, status, issued_at);
CREATE INDEX ix_invoices_status_due_at ON invoices (status, due_at);
CREATE INDEX ix_invoices_provider_status ON invoices (provider, status);
CREATE INDEX ix_invoices_period_start ON invoices (period_start);
CREATE INDEX ix_invoices_period_end ON invoices (period_end);
CREATE INDEX ix_invoices_issued_at ON invoices (issued_at);
CREATE INDEX ix_invoices_due_at ON invoices (due_at);
CREATE INDEX ix_invoices_paid_at ON invoices (paid_at);
CREATE INDEX ix_invoices_voided_at ON invoices (voided_at);
CREATE INDEX ix_invoices_created_at ON invoices (created_at);
CREATE INDEX ix_invoices_updated_at ON invoices (updated_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON invoices
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE invoices IS 'Billing records';
COMMENT ON COLUMN invoices.id IS 'Unique identifier (UUID)';
COMMENT ON COLUMN invoices.subscription_id IS 'Subscription that is billed; empty for a single charge';
COMMENT ON COLUMN invoices.user_id IS 'Reference to users.id in socrates_auth (no FK - cross-database)';
COMMENT ON COLUMN invoices.number IS 'Number of the invoice';
COMMENT ON COLUMN invoices.status IS 'Where the invoice stands';
COMMENT ON COLUMN invoices.currency IS 'Currency of all amounts (ISO 4217)';
COMMENT ON COLUMN invoices.subtotal_amount IS 'Sum before tax, in the minor unit of the currency';
COMMENT ON COLUMN invoices.tax_amount IS 'Tax, in the minor unit of the currency';
COMMENT ON COLUMN invoices.total_amount IS 'Sum to be paid, in the minor unit of the currency';
COMMENT ON COLUMN invoices.paid_amount IS 'Sum received, in the minor unit of the currency';
COMMENT ON COLUMN invoices.line_items IS 'What is billed, with quantities and amounts';
COMMENT ON COLUMN invoices.billing_details IS 'Name, address and tax number as they stood at issue';
COMMENT ON COLUMN invoices.provider IS 'Who collects the payment';
COMMENT ON COLUMN invoices.provider_invoice_id IS 'Identifier of the invoice at the provider';
COMMENT ON COLUMN invoices.period_start IS 'Start of the period that is billed';
COMMENT ON COLUMN invoices.period_end IS 'End of the period that is billed';
COMMENT ON COLUMN invoices.issued_at IS 'Time of issue';
COMMENT ON COLUMN invoices.due_at IS 'Time by which it is to be paid';
COMMENT ON COLUMN invoices.paid_at IS 'Time at which it was paid in full';
COMMENT ON COLUMN invoices.voided_at IS 'Time at which it was declared void';
COMMENT ON COLUMN invoices.created_at IS 'Creation timestamp';
COMMENT ON COLUMN invoices.updated_at IS 'Last update timestamp (set by trigger)';
