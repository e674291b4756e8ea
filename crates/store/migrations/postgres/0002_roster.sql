-- What people keep about their duty beside the schedules: swaps, absences, handoff notes and the like. Each
-- row shows the newest state of one; how it came about is in the journal.
CREATE TABLE roster_entry (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  kind        TEXT COLLATE "C" NOT NULL,
  schedule_id TEXT COLLATE "C",
  person_id   TEXT COLLATE "C",
  state       TEXT COLLATE "C" NOT NULL,
  start_us    BIGINT,
  end_us      BIGINT,
  body_json   TEXT NOT NULL,
  created_us  BIGINT NOT NULL,
  updated_us  BIGINT NOT NULL,
  actor       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX roster_entry_by_kind ON roster_entry (kind, created_us, id);
