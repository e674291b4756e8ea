-- Since when a source that must be heard from is quiet; nothing while all is well.
ALTER TABLE integration ADD COLUMN quiet_since_us INTEGER;
