-- The store, schema 3. One text for SQLite and PostgreSQL: `db.py` replaces the words BLOB, REAL and WITHOUT ROWID.
-- Rows of documents, claims and what hangs on them are never changed, except `live`, which falls to 0 when a newer
-- version of the page comes in. `day` columns count days as Python's date.toordinal does; 0 stands for unknown.
-- Rows in tables under "derived" may be deleted and rebuilt at any time (`waqai merge --rebuild`).

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT,
  code_version TEXT NOT NULL, words_digest TEXT NOT NULL, models TEXT NOT NULL, inputs TEXT NOT NULL
);

CREATE TABLE failures (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL, source TEXT NOT NULL, stage TEXT NOT NULL, error TEXT NOT NULL,
  message TEXT NOT NULL, hint TEXT, UNIQUE (source, stage, error, message)
);

CREATE TABLE documents (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, content_hash TEXT NOT NULL,
  page TEXT, version INTEGER NOT NULL, live INTEGER NOT NULL,
  url TEXT, outlet TEXT, outlet_country TEXT, title TEXT, author TEXT, published TEXT, published_basis TEXT NOT NULL,
  language TEXT, source TEXT, day INTEGER NOT NULL, claims INTEGER NOT NULL, run INTEGER NOT NULL,
  record BLOB NOT NULL
);
CREATE INDEX documents_page ON documents (page, version);
CREATE INDEX documents_hash ON documents (content_hash);
CREATE INDEX documents_outlet ON documents (outlet, id);
CREATE INDEX documents_live ON documents (live, day, published);

CREATE TABLE times (
  doc INTEGER NOT NULL, n INTEGER NOT NULL, start_at INTEGER NOT NULL, end_at INTEGER NOT NULL,
  type TEXT NOT NULL, value TEXT NOT NULL, date_start TEXT, date_end TEXT, PRIMARY KEY (doc, n)
) WITHOUT ROWID;

-- Who is named, across articles: one row a distinct identifier (Wikidata, else kind, folded name and country).
CREATE TABLE actors (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, folded TEXT NOT NULL, name_en TEXT,
  kind TEXT NOT NULL, country TEXT, wikidata TEXT
);
CREATE INDEX actors_folded ON actors (folded);
CREATE INDEX actors_country ON actors (country, kind);

CREATE TABLE entities (
  doc INTEGER NOT NULL, local TEXT NOT NULL, actor INTEGER NOT NULL, sector TEXT, office TEXT, PRIMARY KEY (doc, local)
) WITHOUT ROWID;
CREATE INDEX entities_actor ON entities (actor, doc);

-- One row a distinct wording in a document; `n` counts its mentions there, `start_at` is the first.
CREATE TABLE mentions (
  doc INTEGER NOT NULL, actor INTEGER NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL, n INTEGER NOT NULL,
  start_at INTEGER NOT NULL, loaded INTEGER NOT NULL, PRIMARY KEY (actor, doc, text)
) WITHOUT ROWID;
CREATE INDEX mentions_doc ON mentions (doc);
CREATE INDEX mentions_folded ON mentions (folded);

CREATE TABLE claims (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, doc INTEGER NOT NULL, local TEXT NOT NULL, live INTEGER NOT NULL,
  type TEXT NOT NULL, mode TEXT NOT NULL, context TEXT NOT NULL, status TEXT NOT NULL, record TEXT NOT NULL,
  date TEXT, date_end TEXT, date_basis TEXT NOT NULL, day INTEGER NOT NULL, day_last INTEGER NOT NULL,
  sort_day INTEGER NOT NULL, year INTEGER NOT NULL, outlet TEXT NOT NULL, place TEXT, place_country TEXT, latitude REAL, longitude REAL,
  score REAL NOT NULL, confidence REAL NOT NULL
);
CREATE INDEX claims_doc ON claims (doc);
CREATE INDEX claims_newest ON claims (live, sort_day, id);
CREATE INDEX claims_type ON claims (type, live, sort_day, id);
CREATE INDEX claims_outlet ON claims (outlet, live, sort_day, id);
CREATE INDEX claims_record ON claims (record, live, sort_day, id);
CREATE INDEX claims_place ON claims (place, live, sort_day, id);

CREATE TABLE parties (
  claim INTEGER NOT NULL, role TEXT NOT NULL, n INTEGER NOT NULL, actor INTEGER, country TEXT, sector TEXT,
  PRIMARY KEY (claim, role, n)
) WITHOUT ROWID;
CREATE INDEX parties_actor ON parties (actor, claim);
CREATE INDEX parties_sector ON parties (sector, claim);

-- Who says so, inside the article.
CREATE TABLE voices (
  claim INTEGER NOT NULL, n INTEGER NOT NULL, kind TEXT NOT NULL, actor INTEGER, PRIMARY KEY (claim, n)
) WITHOUT ROWID;
CREATE INDEX voices_actor ON voices (actor, claim);

-- Countries and pairs of countries of each claim, with what the pages count, in the order in which they list.
CREATE TABLE claim_countries (
  country TEXT NOT NULL, live INTEGER NOT NULL, sort_day INTEGER NOT NULL, claim INTEGER NOT NULL, year INTEGER NOT NULL,
  type TEXT NOT NULL, status TEXT NOT NULL, record TEXT NOT NULL, outlet TEXT NOT NULL,
  PRIMARY KEY (country, live, sort_day, claim)
) WITHOUT ROWID;
CREATE INDEX claim_countries_claim ON claim_countries (claim);
CREATE TABLE claim_pairs (
  a TEXT NOT NULL, b TEXT NOT NULL, live INTEGER NOT NULL, sort_day INTEGER NOT NULL, claim INTEGER NOT NULL, year INTEGER NOT NULL,
  type TEXT NOT NULL, status TEXT NOT NULL, record TEXT NOT NULL, outlet TEXT NOT NULL,
  PRIMARY KEY (a, b, live, sort_day, claim)
) WITHOUT ROWID;
CREATE INDEX claim_pairs_claim ON claim_pairs (claim);

-- The registers. Evidence is the claim.
CREATE TABLE agreements (
  id INTEGER PRIMARY KEY, claim INTEGER NOT NULL, kind TEXT NOT NULL, title TEXT, parties TEXT NOT NULL,
  areas TEXT NOT NULL, date TEXT, day INTEGER NOT NULL, status TEXT NOT NULL, amount REAL, currency TEXT
);
CREATE INDEX agreements_claim ON agreements (claim);
CREATE INDEX agreements_parties ON agreements (parties);
CREATE TABLE relations (
  id INTEGER PRIMARY KEY, claim INTEGER NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, change TEXT NOT NULL, level TEXT,
  date TEXT, day INTEGER NOT NULL
);
CREATE INDEX relations_pair ON relations (a, b, day);
CREATE INDEX relations_claim ON relations (claim);
-- Event and sentence of each claim in `relations`, as `rows.pack_told` writes them: a page of a hundred steps reads no articles.
CREATE TABLE relation_told (claim INTEGER PRIMARY KEY, told BLOB NOT NULL);
CREATE TABLE visits (
  id INTEGER PRIMARY KEY, claim INTEGER NOT NULL, visitors TEXT NOT NULL, hosts TEXT NOT NULL, date TEXT,
  date_end TEXT, day INTEGER NOT NULL, status TEXT NOT NULL
);
CREATE INDEX visits_claim ON visits (claim);
CREATE TABLE deals (
  id INTEGER PRIMARY KEY, claim INTEGER NOT NULL, parties TEXT NOT NULL, object TEXT, amount REAL, currency TEXT,
  date TEXT, day INTEGER NOT NULL, status TEXT NOT NULL
);
CREATE INDEX deals_claim ON deals (claim);

-- The registers' claims by pair of countries.
CREATE TABLE register_pairs (
  register TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, claim INTEGER NOT NULL, PRIMARY KEY (register, a, b, claim)
) WITHOUT ROWID;

-- A person's word on two claims: same, different, or undo (no word any more). Rows are only added; the last one counts.
CREATE TABLE judgements (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, verdict TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL,
  note TEXT
);
CREATE INDEX judgements_pair ON judgements (a, b);

-- Live claims, counted with every batch, so that pages on the whole or on a country need not read them all. Under country
-- "" each claim is counted once, under a country each that it is party to.
CREATE TABLE tally (
  country TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, record TEXT NOT NULL, outlet TEXT NOT NULL,
  year INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (country, type, status, record, outlet, year)
) WITHOUT ROWID;
-- A country with itself: its claims.
CREATE TABLE tally_pair (a TEXT NOT NULL, b TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;

-- derived --------------------------------------------------------------------------------------------------------------
-- Keys are those of `merge.cluster.shelves`.
CREATE TABLE blocks (key BIGINT NOT NULL, claim INTEGER NOT NULL, PRIMARY KEY (key, claim)) WITHOUT ROWID;
-- `denial`: one claim denies the event that the other tells.
CREATE TABLE edges (
  a INTEGER NOT NULL, b INTEGER NOT NULL, score REAL NOT NULL, denial INTEGER NOT NULL, PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE INDEX edges_b ON edges (b);
CREATE TABLE merged (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, type TEXT NOT NULL, status TEXT NOT NULL, record TEXT NOT NULL,
  date TEXT, day INTEGER NOT NULL, sort_day INTEGER NOT NULL, month TEXT NOT NULL, score REAL NOT NULL,
  claims INTEGER NOT NULL, documents INTEGER NOT NULL,
  outlets INTEGER NOT NULL, independent INTEGER NOT NULL, differs TEXT NOT NULL
);
CREATE INDEX merged_day ON merged (sort_day, outlets);
CREATE INDEX merged_outlets ON merged (outlets, claims);
-- Merged events by month, type and status, of a pair of countries, of one (a country with itself) and of all ("" twice): pages
-- need not read the events. `score` counts thousandths, so that sums are exact in whatever order events come and go.
CREATE TABLE merged_tally (
  a TEXT NOT NULL, b TEXT NOT NULL, month TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
  events INTEGER NOT NULL, claims BIGINT NOT NULL, score BIGINT NOT NULL, PRIMARY KEY (a, b, month, type, status)
) WITHOUT ROWID;
CREATE TABLE merged_claims (claim INTEGER PRIMARY KEY, merged INTEGER NOT NULL);
CREATE INDEX merged_claims_merged ON merged_claims (merged);
CREATE TABLE merged_countries (
  country TEXT NOT NULL, sort_day INTEGER NOT NULL, merged INTEGER NOT NULL,
  month TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, score REAL NOT NULL, claims INTEGER NOT NULL,
  PRIMARY KEY (country, sort_day, merged)
) WITHOUT ROWID;
CREATE INDEX merged_countries_merged ON merged_countries (merged);
CREATE TABLE merged_pairs (
  a TEXT NOT NULL, b TEXT NOT NULL, sort_day INTEGER NOT NULL, merged INTEGER NOT NULL,
  month TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, score REAL NOT NULL, claims INTEGER NOT NULL,
  PRIMARY KEY (a, b, sort_day, merged)
) WITHOUT ROWID;
CREATE INDEX merged_pairs_merged ON merged_pairs (merged);
-- Claims whose merged event is out of date: of a page with a newer version, or judged.
CREATE TABLE dirty (claim INTEGER PRIMARY KEY);
CREATE TABLE agreement_rows (agreement INTEGER PRIMARY KEY, row INTEGER NOT NULL);
CREATE INDEX agreement_rows_row ON agreement_rows (row);
