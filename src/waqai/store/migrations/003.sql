-- Claims of changes of relations keep event and sentence beside the article (`reindex.retell` fills the table).
CREATE TABLE relation_told (claim INTEGER PRIMARY KEY, told BLOB NOT NULL);
