-- Blocks have other keys, found without an index; agreements are grouped by parties; merged events are counted by
-- month; search knows countries and types (`reindex` fills that). Merged events are derived: what the next merge makes again fills the new table.
DROP INDEX blocks_claim;
CREATE INDEX agreements_parties ON agreements (parties);
CREATE TABLE merged_tally (
  a TEXT NOT NULL, b TEXT NOT NULL, month TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
  events INTEGER NOT NULL, claims BIGINT NOT NULL, score BIGINT NOT NULL, PRIMARY KEY (a, b, month, type, status)
) WITHOUT ROWID;
UPDATE meta SET value = '' WHERE key = 'merged_by';
