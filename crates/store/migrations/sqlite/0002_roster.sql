-- What people keep about their duty beside the schedules: swaps, absences, handoff notes and the like. Each
-- row shows the newest state of one; how it came about is in the journal.
CREATE TABLE roster_entry (
  id          TEXT    NOT NULL PRIMARY KEY,
  kind        TEXT    NOT NULL,
  schedule_id TEXT,
  person_id   TEXT,
  state       TEXT    NOT NULL,
  start_us    INTEGER,
  end_us      INTEGER,
  body_json   TEXT    NOT NULL,
  created_us  INTEGER NOT NULL,
  updated_us  INTEGER NOT NULL,
  actor       TEXT    NOT NULL
) STRICT;
CREATE INDEX roster_entry_by_kind ON roster_entry (kind, created_us, id);
