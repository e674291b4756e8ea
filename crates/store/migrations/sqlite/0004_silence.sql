-- The silence that holds an alert back, or did so until it ended; nothing once it has an incident.
ALTER TABLE alert ADD COLUMN suppressed_by TEXT;
CREATE INDEX alert_held_by_silence ON alert (suppressed_by, stream)
  WHERE suppressed_by IS NOT NULL AND status <> 'resolved';
CREATE INDEX alert_suppressed_by_opened ON alert (opened_us, id) WHERE suppressed_by IS NOT NULL;
