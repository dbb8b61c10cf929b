-- Contentless: the words stand in documents.record. rowid is claims.id. Both columns hold what `fold.py` computes.
CREATE VIRTUAL TABLE claim_words USING fts5 (folded, stemmed, content='', tokenize='unicode61 remove_diacritics 0', detail=full);
