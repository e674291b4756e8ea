-- Decisions, in one order and chained by hash. Everything about incidents and alerts below follows from
-- it and could be built again; signals and accounts stand for themselves.
CREATE TABLE journal (
  seq            INTEGER PRIMARY KEY,
  stream         TEXT    NOT NULL,
  version        INTEGER NOT NULL CHECK (version >= 1),
  kind           TEXT    NOT NULL,
  record_version INTEGER NOT NULL,
  at_us          INTEGER NOT NULL,
  actor          TEXT    NOT NULL,
  subject        TEXT    NOT NULL,
  salt           TEXT    NOT NULL,
  payload        TEXT,
  payload_digest TEXT    NOT NULL,
  hash           TEXT    NOT NULL,
  UNIQUE (stream, version)
) STRICT;
CREATE INDEX journal_by_subject ON journal (subject, seq) WHERE subject <> '';

CREATE TRIGGER journal_keeps_entries BEFORE DELETE ON journal
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER journal_keeps_fields BEFORE UPDATE ON journal
WHEN NEW.payload IS NOT NULL OR NEW.salt <> ''
  OR (NEW.seq, NEW.stream, NEW.version, NEW.kind, NEW.record_version, NEW.at_us, NEW.actor, NEW.subject,
      NEW.payload_digest, NEW.hash)
  IS NOT (OLD.seq, OLD.stream, OLD.version, OLD.kind, OLD.record_version, OLD.at_us, OLD.actor, OLD.subject,
      OLD.payload_digest, OLD.hash)
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only: a payload may be erased with its salt, nothing else');
END;

CREATE TABLE signal (
  id             TEXT    NOT NULL PRIMARY KEY,
  integration_id TEXT    NOT NULL,
  received_us    INTEGER NOT NULL,
  content_type   TEXT    NOT NULL,
  body           TEXT    NOT NULL,
  body_base64    INTEGER NOT NULL,
  body_bytes     INTEGER NOT NULL,
  outcome        TEXT    NOT NULL,
  reason         TEXT,
  field          TEXT
) STRICT;
CREATE INDEX signal_by_received ON signal (received_us, id);
CREATE INDEX signal_by_integration ON signal (integration_id, received_us, id);
CREATE INDEX signal_unusable_by_received ON signal (outcome, received_us, id) WHERE outcome <> 'interpreted';

CREATE TABLE alert_signal (
  alert_id    TEXT    NOT NULL,
  received_us INTEGER NOT NULL,
  signal_id   TEXT    NOT NULL,
  PRIMARY KEY (alert_id, received_us, signal_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_signal_by_signal ON alert_signal (signal_id);

CREATE TABLE alert_last_signal (
  alert_id       TEXT    NOT NULL PRIMARY KEY,
  id             TEXT    NOT NULL,
  integration_id TEXT    NOT NULL,
  received_us    INTEGER NOT NULL,
  content_type   TEXT    NOT NULL,
  body           TEXT    NOT NULL,
  body_base64    INTEGER NOT NULL,
  body_bytes     INTEGER NOT NULL
) STRICT;

CREATE TABLE alert (
  id             TEXT    NOT NULL PRIMARY KEY,
  stream         TEXT    NOT NULL,
  integration_id TEXT    NOT NULL,
  dedup_key      TEXT    NOT NULL,
  title          TEXT    NOT NULL,
  description    TEXT    NOT NULL,
  severity       TEXT    NOT NULL,
  source         TEXT    NOT NULL,
  labels_json    TEXT    NOT NULL,
  links_json     TEXT    NOT NULL,
  status         TEXT    NOT NULL,
  incident_id    TEXT,
  opened_us      INTEGER NOT NULL,
  last_us        INTEGER NOT NULL,
  count          INTEGER NOT NULL,
  last_signal_id TEXT,
  resolved_us    INTEGER,
  resolved_by    TEXT,
  expires_at_us  INTEGER,
  rule           TEXT
) STRICT;
CREATE INDEX alert_by_opened ON alert (opened_us, id);
CREATE INDEX alert_open_by_opened ON alert (opened_us, id) WHERE status <> 'resolved';
CREATE INDEX alert_open_by_stream ON alert (stream) WHERE status <> 'resolved';
CREATE INDEX alert_by_incident ON alert (incident_id, opened_us, id) WHERE incident_id IS NOT NULL;

CREATE TABLE incident (
  id              TEXT    NOT NULL PRIMARY KEY,
  number          INTEGER NOT NULL UNIQUE,
  title           TEXT    NOT NULL,
  status          TEXT    NOT NULL,
  severity        TEXT    NOT NULL,
  customer_facing INTEGER NOT NULL,
  company_wide    INTEGER NOT NULL,
  disposition     TEXT,
  level           TEXT    NOT NULL,
  holder          TEXT,
  held_since_us   INTEGER,
  opened_us       INTEGER NOT NULL,
  resolved_us     INTEGER,
  next_due_us     INTEGER,
  policy          TEXT    NOT NULL,
  alerts_open     INTEGER NOT NULL,
  alerts_total    INTEGER NOT NULL,
  updated_us      INTEGER NOT NULL,
  version         INTEGER NOT NULL,
  view_json       TEXT    NOT NULL
) STRICT;
CREATE INDEX incident_by_opened ON incident (opened_us, id);
CREATE INDEX incident_by_status ON incident (status, opened_us, id);
-- What never comes due stands last: 9223372036854775807 is the end of time.
CREATE INDEX incident_open_by_due ON incident (COALESCE(next_due_us, 9223372036854775807), id)
  WHERE status <> 'resolved';

CREATE TABLE page (
  id          TEXT    NOT NULL PRIMARY KEY,
  incident_id TEXT    NOT NULL,
  person_id   TEXT    NOT NULL,
  level       TEXT    NOT NULL,
  kind        TEXT    NOT NULL,
  status      TEXT    NOT NULL,
  step        INTEGER NOT NULL,
  round       INTEGER NOT NULL,
  decided_us  INTEGER NOT NULL,
  closed_us   INTEGER,
  closed_by   TEXT,
  next_us     INTEGER,
  next_text   TEXT    NOT NULL
) STRICT;
CREATE INDEX page_by_incident ON page (incident_id, decided_us, id);
CREATE INDEX page_open_by_person ON page (person_id, decided_us, id) WHERE status = 'open';

CREATE TABLE notification (
  id           TEXT    NOT NULL PRIMARY KEY,
  page_id      TEXT    NOT NULL,
  incident_id  TEXT    NOT NULL,
  person_id    TEXT    NOT NULL,
  contact_id   TEXT    NOT NULL,
  channel      TEXT    NOT NULL,
  address      TEXT    NOT NULL,
  status       TEXT    NOT NULL,
  attempt      INTEGER NOT NULL,
  decided_us   INTEGER NOT NULL,
  sent_us      INTEGER,
  answer       TEXT,
  late         INTEGER NOT NULL,
  message_json TEXT
) STRICT;
CREATE INDEX notification_by_incident ON notification (incident_id, decided_us, id);
CREATE INDEX notification_by_person ON notification (person_id, decided_us, id);
CREATE INDEX notification_by_page ON notification (page_id);
CREATE INDEX notification_in_mailbox ON notification (decided_us, id)
  WHERE channel = 'mailbox' AND status = 'delivered';

CREATE TABLE outbox (
  notification_id TEXT    NOT NULL PRIMARY KEY,
  page_id         TEXT    NOT NULL,
  incident_id     TEXT    NOT NULL,
  due_us          INTEGER NOT NULL,
  owner           TEXT,
  lease_until_us  INTEGER NOT NULL,
  payload_json    TEXT    NOT NULL
) STRICT;
CREATE INDEX outbox_by_due ON outbox (due_us, notification_id);

CREATE TABLE timer (
  stream     TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  generation INTEGER NOT NULL,
  due_us     INTEGER NOT NULL,
  PRIMARY KEY (stream, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX timer_by_due ON timer (due_us, stream, name);

CREATE TABLE idempotency (
  scope          TEXT    NOT NULL,
  key            TEXT    NOT NULL,
  request_digest TEXT    NOT NULL,
  response_json  TEXT    NOT NULL,
  created_us     INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_created ON idempotency (created_us);

CREATE TABLE schedule_override (
  id          TEXT    NOT NULL PRIMARY KEY,
  schedule_id TEXT    NOT NULL,
  body_json   TEXT    NOT NULL,
  created_us  INTEGER NOT NULL,
  actor       TEXT    NOT NULL
) STRICT;
CREATE INDEX schedule_override_by_schedule ON schedule_override (schedule_id, created_us, id);

CREATE TABLE pack (
  version    INTEGER NOT NULL PRIMARY KEY,
  digest     TEXT    NOT NULL,
  files_json TEXT    NOT NULL,
  author     TEXT    NOT NULL,
  reason     TEXT    NOT NULL,
  applied_us INTEGER NOT NULL
) STRICT;

CREATE TABLE integration (
  id             TEXT    NOT NULL PRIMARY KEY,
  name           TEXT    NOT NULL,
  kind           TEXT    NOT NULL,
  key_digest     TEXT    NOT NULL,
  origin         TEXT    NOT NULL,
  body_json      TEXT    NOT NULL,
  enabled        INTEGER NOT NULL,
  created_us     INTEGER NOT NULL,
  last_signal_us INTEGER
) STRICT;
CREATE UNIQUE INDEX integration_by_key_digest ON integration (key_digest) WHERE key_digest <> '';

CREATE TABLE account (
  id            TEXT    NOT NULL PRIMARY KEY,
  email         TEXT    NOT NULL UNIQUE,
  password_hash TEXT    NOT NULL,
  person_id     TEXT,
  role          TEXT    NOT NULL,
  created_us    INTEGER NOT NULL,
  disabled      INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
  token_digest TEXT    NOT NULL PRIMARY KEY,
  account_id   TEXT    NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created_us   INTEGER NOT NULL,
  expires_us   INTEGER NOT NULL,
  last_seen_us INTEGER NOT NULL,
  user_agent   TEXT    NOT NULL
) STRICT;
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_expiry ON session (expires_us);
