CREATE TABLE claim_words (claim INTEGER PRIMARY KEY, folded TSVECTOR NOT NULL, stemmed TSVECTOR NOT NULL, tags TSVECTOR NOT NULL);
CREATE INDEX claim_words_folded ON claim_words USING GIN (folded);
CREATE INDEX claim_words_stemmed ON claim_words USING GIN (stemmed);
CREATE INDEX claim_words_tags ON claim_words USING GIN (tags);
