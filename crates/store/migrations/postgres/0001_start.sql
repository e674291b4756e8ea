-- Decisions, in one order and chained by hash. Everything about incidents and alerts below follows from
-- it and could be built again; signals and accounts stand for themselves.
CREATE TABLE journal (
  seq            BIGINT PRIMARY KEY,
  stream         TEXT COLLATE "C" NOT NULL,
  version        BIGINT NOT NULL CHECK (version >= 1),
  kind           TEXT COLLATE "C" NOT NULL,
  record_version BIGINT NOT NULL,
  at_us          BIGINT NOT NULL,
  actor          TEXT COLLATE "C" NOT NULL,
  subject        TEXT COLLATE "C" NOT NULL,
  salt           TEXT COLLATE "C" NOT NULL,
  payload        TEXT,
  payload_digest TEXT COLLATE "C" NOT NULL,
  hash           TEXT COLLATE "C" NOT NULL,
  UNIQUE (stream, version)
);
CREATE INDEX journal_by_subject ON journal (subject, seq) WHERE subject <> '';

CREATE FUNCTION journal_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.payload IS NULL AND NEW.salt = ''
    AND (NEW.seq, NEW.stream, NEW.version, NEW.kind, NEW.record_version, NEW.at_us, NEW.actor, NEW.subject,
         NEW.payload_digest, NEW.hash)
    IS NOT DISTINCT FROM
        (OLD.seq, OLD.stream, OLD.version, OLD.kind, OLD.record_version, OLD.at_us, OLD.actor, OLD.subject,
         OLD.payload_digest, OLD.hash)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the journal is append-only: a payload may be erased with its salt, nothing else';
END $$;
CREATE TRIGGER journal_keeps_entries BEFORE UPDATE OR DELETE ON journal
  FOR EACH ROW EXECUTE FUNCTION journal_refuses_change();
CREATE TRIGGER journal_keeps_all BEFORE TRUNCATE ON journal
  FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses_change();

CREATE TABLE signal (
  id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  integration_id TEXT COLLATE "C" NOT NULL,
  received_us    BIGINT NOT NULL,
  content_type   TEXT COLLATE "C" NOT NULL,
  body           TEXT NOT NULL,
  body_base64    BOOLEAN NOT NULL,
  body_bytes     BIGINT NOT NULL,
  outcome        TEXT COLLATE "C" NOT NULL,
  reason         TEXT,
  field          TEXT COLLATE "C"
);
CREATE INDEX signal_by_received ON signal (received_us, id);
CREATE INDEX signal_by_integration ON signal (integration_id, received_us, id);
CREATE INDEX signal_unusable_by_received ON signal (outcome, received_us, id) WHERE outcome <> 'interpreted';

CREATE TABLE alert_signal (
  alert_id    TEXT COLLATE "C" NOT NULL,
  received_us BIGINT NOT NULL,
  signal_id   TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (alert_id, received_us, signal_id)
);
CREATE INDEX alert_signal_by_signal ON alert_signal (signal_id);

CREATE TABLE alert_last_signal (
  alert_id       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  id             TEXT COLLATE "C" NOT NULL,
  integration_id TEXT COLLATE "C" NOT NULL,
  received_us    BIGINT NOT NULL,
  content_type   TEXT COLLATE "C" NOT NULL,
  body           TEXT NOT NULL,
  body_base64    BOOLEAN NOT NULL,
  body_bytes     BIGINT NOT NULL
);

CREATE TABLE alert (
  id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  stream         TEXT COLLATE "C" NOT NULL,
  integration_id TEXT COLLATE "C" NOT NULL,
  dedup_key      TEXT COLLATE "C" NOT NULL,
  title          TEXT NOT NULL,
  description    TEXT NOT NULL,
  severity       TEXT COLLATE "C" NOT NULL,
  source         TEXT COLLATE "C" NOT NULL,
  labels_json    TEXT NOT NULL,
  links_json     TEXT NOT NULL,
  status         TEXT COLLATE "C" NOT NULL,
  incident_id    TEXT COLLATE "C",
  opened_us      BIGINT NOT NULL,
  last_us        BIGINT NOT NULL,
  count          BIGINT NOT NULL,
  last_signal_id TEXT COLLATE "C",
  resolved_us    BIGINT,
  resolved_by    TEXT COLLATE "C",
  expires_at_us  BIGINT,
  rule           TEXT COLLATE "C"
);
CREATE INDEX alert_by_opened ON alert (opened_us, id);
CREATE INDEX alert_open_by_opened ON alert (opened_us, id) WHERE status <> 'resolved';
CREATE INDEX alert_open_by_stream ON alert (stream) WHERE status <> 'resolved';
CREATE INDEX alert_by_incident ON alert (incident_id, opened_us, id) WHERE incident_id IS NOT NULL;

CREATE TABLE incident (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  number          BIGINT NOT NULL UNIQUE,
  title           TEXT NOT NULL,
  status          TEXT COLLATE "C" NOT NULL,
  severity        TEXT COLLATE "C" NOT NULL,
  customer_facing BOOLEAN NOT NULL,
  company_wide    BOOLEAN NOT NULL,
  disposition     TEXT COLLATE "C",
  level           TEXT COLLATE "C" NOT NULL,
  holder          TEXT COLLATE "C",
  held_since_us   BIGINT,
  opened_us       BIGINT NOT NULL,
  resolved_us     BIGINT,
  next_due_us     BIGINT,
  policy          TEXT COLLATE "C" NOT NULL,
  alerts_open     BIGINT NOT NULL,
  alerts_total    BIGINT NOT NULL,
  updated_us      BIGINT NOT NULL,
  version         BIGINT NOT NULL,
  view_json       TEXT NOT NULL
);
CREATE INDEX incident_by_opened ON incident (opened_us, id);
CREATE INDEX incident_by_status ON incident (status, opened_us, id);
-- What never comes due stands last: 9223372036854775807 is the end of time.
CREATE INDEX incident_open_by_due ON incident ((COALESCE(next_due_us, 9223372036854775807)), id)
  WHERE status <> 'resolved';

CREATE TABLE page (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  incident_id TEXT COLLATE "C" NOT NULL,
  person_id   TEXT COLLATE "C" NOT NULL,
  level       TEXT COLLATE "C" NOT NULL,
  kind        TEXT COLLATE "C" NOT NULL,
  status      TEXT COLLATE "C" NOT NULL,
  step        BIGINT NOT NULL,
  round       BIGINT NOT NULL,
  decided_us  BIGINT NOT NULL,
  closed_us   BIGINT,
  closed_by   TEXT COLLATE "C",
  next_us     BIGINT,
  next_text   TEXT NOT NULL
);
CREATE INDEX page_by_incident ON page (incident_id, decided_us, id);
CREATE INDEX page_open_by_person ON page (person_id, decided_us, id) WHERE status = 'open';

CREATE TABLE notification (
  id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  page_id      TEXT COLLATE "C" NOT NULL,
  incident_id  TEXT COLLATE "C" NOT NULL,
  person_id    TEXT COLLATE "C" NOT NULL,
  contact_id   TEXT COLLATE "C" NOT NULL,
  channel      TEXT COLLATE "C" NOT NULL,
  address      TEXT COLLATE "C" NOT NULL,
  status       TEXT COLLATE "C" NOT NULL,
  attempt      BIGINT NOT NULL,
  decided_us   BIGINT NOT NULL,
  sent_us      BIGINT,
  answer       TEXT COLLATE "C",
  late         BOOLEAN NOT NULL,
  message_json TEXT
);
CREATE INDEX notification_by_incident ON notification (incident_id, decided_us, id);
CREATE INDEX notification_by_person ON notification (person_id, decided_us, id);
CREATE INDEX notification_by_page ON notification (page_id);
CREATE INDEX notification_in_mailbox ON notification (decided_us, id)
  WHERE channel = 'mailbox' AND status = 'delivered';

CREATE TABLE outbox (
  notification_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  page_id         TEXT COLLATE "C" NOT NULL,
  incident_id     TEXT COLLATE "C" NOT NULL,
  due_us          BIGINT NOT NULL,
  owner           TEXT COLLATE "C",
  lease_until_us  BIGINT NOT NULL,
  payload_json    TEXT NOT NULL
);
CREATE INDEX outbox_by_due ON outbox (due_us, notification_id);

CREATE TABLE timer (
  stream     TEXT COLLATE "C" NOT NULL,
  name       TEXT COLLATE "C" NOT NULL,
  generation BIGINT NOT NULL,
  due_us     BIGINT NOT NULL,
  PRIMARY KEY (stream, name)
);
CREATE INDEX timer_by_due ON timer (due_us, stream, name);

CREATE TABLE idempotency (
  scope          TEXT COLLATE "C" NOT NULL,
  key            TEXT COLLATE "C" NOT NULL,
  request_digest TEXT COLLATE "C" NOT NULL,
  response_json  TEXT NOT NULL,
  created_us     BIGINT NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_by_created ON idempotency (created_us);

CREATE TABLE schedule_override (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  schedule_id TEXT COLLATE "C" NOT NULL,
  body_json   TEXT NOT NULL,
  created_us  BIGINT NOT NULL,
  actor       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX schedule_override_by_schedule ON schedule_override (schedule_id, created_us, id);

CREATE TABLE pack (
  version    BIGINT NOT NULL PRIMARY KEY,
  digest     TEXT COLLATE "C" NOT NULL,
  files_json TEXT NOT NULL,
  author     TEXT COLLATE "C" NOT NULL,
  reason     TEXT NOT NULL,
  applied_us BIGINT NOT NULL
);

CREATE TABLE integration (
  id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name           TEXT COLLATE "C" NOT NULL,
  kind           TEXT COLLATE "C" NOT NULL,
  key_digest     TEXT COLLATE "C" NOT NULL,
  origin         TEXT COLLATE "C" NOT NULL,
  body_json      TEXT NOT NULL,
  enabled        BOOLEAN NOT NULL,
  created_us     BIGINT NOT NULL,
  last_signal_us BIGINT
);
CREATE UNIQUE INDEX integration_by_key_digest ON integration (key_digest) WHERE key_digest <> '';

CREATE TABLE account (
  id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  email         TEXT COLLATE "C" NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  person_id     TEXT COLLATE "C",
  role          TEXT COLLATE "C" NOT NULL,
  created_us    BIGINT NOT NULL,
  disabled      BOOLEAN NOT NULL
);

CREATE TABLE session (
  token_digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  account_id   TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created_us   BIGINT NOT NULL,
  expires_us   BIGINT NOT NULL,
  last_seen_us BIGINT NOT NULL,
  user_agent   TEXT NOT NULL
);
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_expiry ON session (expires_us);
