-- What was changed (a deploy, a setting), as senders tell it: shown where a responder looks, and pages nobody.
CREATE TABLE change (
  id             TEXT    NOT NULL PRIMARY KEY,
  integration_id TEXT    NOT NULL,
  received_us    INTEGER NOT NULL,
  at_us          INTEGER NOT NULL,
  summary        TEXT    NOT NULL,
  source         TEXT    NOT NULL,
  details_json   TEXT    NOT NULL,
  links_json     TEXT    NOT NULL
) STRICT;
CREATE INDEX change_by_received ON change (received_us, id);
