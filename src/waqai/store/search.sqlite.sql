-- Contentless: the words stand in documents.record. rowid is claims.id. The first two columns hold what `shadow.py` computes,
-- `tags` the countries and the type of the claim, so that a frequent word of a rare country is found without reading all its claims.
CREATE VIRTUAL TABLE claim_words USING fts5 (folded, stemmed, tags, content='', tokenize='unicode61 remove_diacritics 0', detail=full);
