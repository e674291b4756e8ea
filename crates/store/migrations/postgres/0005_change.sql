-- What was changed (a deploy, a setting), as senders tell it: shown where a responder looks, and pages nobody.
CREATE TABLE change (
  id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  integration_id TEXT COLLATE "C" NOT NULL,
  received_us    BIGINT NOT NULL,
  at_us          BIGINT NOT NULL,
  summary        TEXT NOT NULL,
  source         TEXT NOT NULL,
  details_json   TEXT NOT NULL,
  links_json     TEXT NOT NULL
);
CREATE INDEX change_by_received ON change (received_us, id);
