-- How each version of the pack came about: all files were applied, one object was edited, or one restored.
ALTER TABLE pack ADD COLUMN origin TEXT NOT NULL DEFAULT 'apply';
