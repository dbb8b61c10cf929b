"""Reading what is not a list of claims: merged events, registers, actors, names, outlets, documents, counts."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from waqai.errors import StoreError
from waqai.store.claims import DOCUMENT, LOOKED_AT
from waqai.store.db import Database, Row
from waqai.store.filters import Choice, choose
from waqai.store.rows import Aside, unpack_told_event
from waqai.store.write import chunks

__all__: list[str] = []

_MERGED = "e.id, e.uid, e.type, e.status, e.record, e.date, e.sort_day, e.score, e.claims, e.documents, e.outlets, e.independent, e.differs"


def merged_rows(db: Database, events: Sequence[int]) -> dict[int, Row]:
    """Return (id, uid, type, status, record, date, sort_day, score, claims, documents, outlets, independent, differs)."""
    out: dict[int, Row] = {}
    for part in chunks(events):
        marks = ", ".join("?" * len(part))
        out.update((int(r[0]), r) for r in db.rows(f"SELECT {_MERGED} FROM merged e WHERE e.id IN ({marks})", part))
    return out


def claim_number(db: Database, uid: str) -> int | None:
    """Return the number of the claim with this id."""
    row = db.one("SELECT id FROM claims WHERE uid = ?", (uid,))
    return int(row[0]) if row else None


def event_claims(db: Database, events: Sequence[int]) -> dict[int, list[int]]:
    """Return the claims of merged events."""
    out: dict[int, list[int]] = {}
    for part in chunks(events):
        marks = ", ".join("?" * len(part))
        rows = db.rows(f"SELECT merged, claim FROM merged_claims WHERE merged IN ({marks}) ORDER BY claim", part)
        for event, claim in rows:
            out.setdefault(int(event), []).append(int(claim))
    return out


def countries_of_events(db: Database, events: Sequence[int]) -> dict[int, list[str]]:
    """Return the countries of merged events."""
    out: dict[int, list[str]] = {}
    for part in chunks(events):
        marks = ", ".join("?" * len(part))
        for event, country in db.rows(f"SELECT merged, country FROM merged_countries WHERE merged IN ({marks})", part):
            out.setdefault(int(event), []).append(str(country))
    return out


def first_seen(db: Database, choice: Choice, events: Sequence[int], newest: bool) -> dict[int, tuple[int, int]]:
    """Return, for each merged event, where the first of its claims that `choice` asks for stands in the list."""
    where = choose(db, choice)
    day, claim = where.key
    # Found by their numbers: the index by day would be walked from end to end.
    sql = where.sql.replace("c.live = 1", "c.live + 0 = 1")
    for column in ("k.country", "k.a", "k.b"):
        sql = sql.replace(f"{column} = ?", f"{column} || '' = ?")
    out: dict[int, tuple[int, int]] = {}
    members = [c for cs in event_claims(db, events).values() for c in cs]
    for part in chunks(members):
        marks = ", ".join("?" * len(part))
        rows = db.rows(f"SELECT {day}, {claim} {sql} AND {claim} IN ({marks})", [*where.params, *part])
        of: dict[int, int] = dict(db.rows(f"SELECT claim, merged FROM merged_claims WHERE claim IN ({marks})", part))
        for d, c in rows:
            key, event = (int(d), int(c)), int(of[c])
            if event not in out or (key > out[event]) == newest:
                out[event] = key
    return out


def judgements_on(db: Database, uids: Sequence[str]) -> list[Row]:
    """Return (id, at, who, verdict, a, b, note) of the judgements that name one of the claims."""
    out: dict[int, Row] = {}
    for part in chunks(uids):
        marks = ", ".join("?" * len(part))
        rows = db.rows(f"SELECT * FROM judgements WHERE a IN ({marks}) OR b IN ({marks})", [*part, *part])
        out.update((int(r[0]), r) for r in rows)
    return [out[k] for k in sorted(out)]


def relation_rows(db: Database, a: str, b: str) -> list[Row]:
    """Return (claim, change, level, date, day, status, event) of a pair's changes of relations."""
    return db.rows(
        "SELECT r.claim, r.change, r.level, COALESCE(r.date, c.date), CASE WHEN r.day > 0 THEN r.day ELSE c.day END, c.status, "
        "COALESCE(m.merged, c.id), c.sort_day FROM relations r JOIN claims c ON c.id = r.claim "
        "LEFT JOIN merged_claims m ON m.claim = c.id WHERE r.a = ? AND r.b = ? AND c.live = 1 ORDER BY r.id",
        (a, b),
    )


def relation_told(db: Database, claims: Sequence[int]) -> dict[int, Aside]:
    """Return event and sentence of claims that tell changes of relations. Raises StoreError where one is damaged."""
    out: dict[int, Aside] = {}
    for part in chunks(claims):
        marks = ", ".join("?" * len(part))
        for claim, told in db.rows(f"SELECT claim, told FROM relation_told WHERE claim IN ({marks})", part):
            try:
                out[int(claim)] = unpack_told_event(bytes(told))
            except msgspec.MsgspecError as error:
                raise StoreError(f"claim number {claim} of {db.where} is damaged: run `waqai verify`") from error
    return out


def register_page(
    db: Database, table: str, choice: Choice, after: tuple[int, int] | None, limit: int
) -> list[tuple[int, int, int]]:
    """Return (day, row, merged event or agreement) of a register, newest first, each event once.

    A row is the smallest mention of its event (of its agreement for agreements).
    """
    group = "COALESCE(g.row, x.id)" if table == "agreements" else "COALESCE(m.merged, x.claim)"
    join = "LEFT JOIN agreement_rows g ON g.agreement = x.id " if table == "agreements" else ""
    if choice.plain_pair and choice.pair is not None:
        head = f"register_pairs q CROSS JOIN {table} x CROSS JOIN claims c "
        narrow = "AND q.register = ? AND q.a = ? AND q.b = ? AND x.claim = q.claim AND c.id = x.claim "
        params: list[object] = [table, *choice.pair]
    else:
        where = choose(db, choice)
        head = f"{table} x JOIN claims c ON c.id = x.claim "
        narrow = "" if where.bare else f"AND x.claim IN (SELECT {where.key[1]} {where.sql}) "
        params = [] if where.bare else list(where.params)
    sql = (
        f"SELECT MAX(c.sort_day) AS d, MIN(x.id) AS r, {group} AS e FROM {head}"
        f"LEFT JOIN merged_claims m ON m.claim = x.claim {join}WHERE c.live = 1 {narrow}GROUP BY {group}"
    )
    tail = ""
    if after is not None:
        tail, params = " WHERE (d, r) < (?, ?)", [*params, *after]
    rows = db.rows(f"SELECT d, r, e FROM ({sql}) AS g{tail} ORDER BY d DESC, r DESC LIMIT ?", [*params, limit])
    return [(int(d), int(r), int(e)) for d, r, e in rows]


def agreement_mentions(db: Database, rows: Sequence[int]) -> list[Row]:
    """Return (row, id, claim, kind, title, parties, areas, date, day, status, amount, currency, outlet, claim uid, claim status)."""
    columns = (
        "x.id, x.claim, x.kind, x.title, x.parties, x.areas, COALESCE(x.date, c.date), "
        "CASE WHEN x.day > 0 THEN x.day ELSE c.sort_day END, x.status, x.amount, x.currency, c.outlet, c.uid, c.status"
    )
    out: list[Row] = []
    for part in chunks(rows):
        marks = ", ".join("?" * len(part))
        out += db.rows(
            f"SELECT g.row, {columns} FROM agreement_rows g CROSS JOIN agreements x CROSS JOIN claims c "
            f"WHERE g.row IN ({marks}) AND x.id = g.agreement AND c.id = x.claim AND c.live = 1",
            part,
        )
        out += db.rows(
            f"SELECT x.id, {columns} FROM agreements x CROSS JOIN claims c WHERE x.id IN ({marks}) AND c.id = x.claim "
            "AND c.live = 1 AND NOT EXISTS (SELECT 1 FROM agreement_rows g WHERE g.agreement = x.id)",
            part,
        )
    return sorted(out, key=lambda r: int(r[1]))


def mentions_of(db: Database, table: str, columns: str, events: Sequence[int]) -> list[Row]:
    """Return (event, claim, outlet, *columns) of a register's mentions of merged events."""
    out: list[tuple[int, Row]] = []
    for part in chunks(events):
        marks = ", ".join("?" * len(part))
        rows = db.rows(
            f"SELECT x.id, m.merged, x.claim, c.outlet, {columns} FROM merged_claims m CROSS JOIN {table} x CROSS JOIN claims c "
            f"WHERE m.merged IN ({marks}) AND x.claim = m.claim AND c.id = x.claim AND c.live = 1",
            part,
        )
        rows += db.rows(
            f"SELECT x.id, x.claim, x.claim, c.outlet, {columns} FROM {table} x CROSS JOIN claims c WHERE x.claim IN ({marks}) "
            "AND c.id = x.claim AND c.live = 1 AND NOT EXISTS (SELECT 1 FROM merged_claims m WHERE m.claim = x.claim)",
            part,
        )
        out += ((int(r[0]), r[1:]) for r in rows)
    return [r for _, r in sorted(out, key=lambda r: r[0])]


# --- actors ------------------------------------------------------------------------------------------------------------

_ACTOR = "a.id, a.name, a.name_en, a.kind, a.country, a.wikidata"


def find_actors(db: Database, folded: str, most: int = 50) -> list[int]:
    """Return the actors that are called exactly `folded`: by name first, then by any wording an article uses."""
    rows = db.rows("SELECT id FROM actors WHERE folded = ? ORDER BY id LIMIT ?", (folded, most))
    if not rows:
        rows = db.rows("SELECT DISTINCT actor FROM mentions WHERE folded = ? ORDER BY actor LIMIT ?", (folded, most))
    if not rows:
        rows = db.rows("SELECT id FROM actors WHERE LOWER(name_en) = ? ORDER BY id LIMIT ?", (folded, most))
    return [int(r[0]) for r in rows]


def actors_like(db: Database, prefix: str, most: int) -> list[int]:
    """Return actors whose folded name begins with `prefix`."""
    rows = db.rows(
        "SELECT id FROM actors WHERE folded >= ? AND folded < ? ORDER BY id LIMIT ?", (prefix, prefix + "\uffff", most)
    )
    return [int(r[0]) for r in rows]


def actor_rows(db: Database, actors: Sequence[int]) -> dict[int, Row]:
    """Return (id, name, name_en, kind, country, wikidata, claims, documents) of actors."""
    out: dict[int, Row] = {}
    for part in chunks(actors):
        marks = ", ".join("?" * len(part))
        rows = db.rows(
            f"SELECT {_ACTOR}, (SELECT COUNT(DISTINCT p.claim) FROM parties p WHERE p.actor = a.id), "
            f"(SELECT COUNT(*) FROM entities e WHERE e.actor = a.id) FROM actors a WHERE a.id IN ({marks})",
            part,
        )
        out.update((int(r[0]), r) for r in rows)
    return out


def state_actor(db: Database, country: str) -> int | None:
    """Return the actor that is the state itself."""
    row = db.one("SELECT id FROM actors WHERE key = ?", (f"state:{country}",))
    return int(row[0]) if row else None


def offices(db: Database, actor: int) -> list[Row]:
    """Return (office, sector, first, last date of publication, documents)."""
    return db.rows(
        "SELECT e.office, MIN(e.sector), MIN(d.published), MAX(d.published), COUNT(*) FROM entities e JOIN documents d ON d.id = e.doc "
        "WHERE e.actor = ? AND e.office IS NOT NULL AND d.live = 1 GROUP BY e.office ORDER BY COUNT(*) DESC, 2 LIMIT 50",
        (actor,),
    )


def name_uses(db: Database, test: str, params: Sequence[object], most: int) -> list[Row]:
    """Return (outlet, text, n, loaded, actor, a document's id): wordings for the actors that `test` (on `a`) chooses."""
    return db.rows(
        "SELECT d.outlet, m.text, SUM(m.n), MAX(m.loaded), m.actor, MIN(d.uid) FROM actors a JOIN mentions m ON m.actor = a.id "
        f"JOIN documents d ON d.id = m.doc WHERE {test} AND d.live = 1 GROUP BY d.outlet, m.text, m.actor "
        "ORDER BY 3 DESC, m.actor, MIN(m.doc) LIMIT ?",
        [*params, most],
    )


def partners(db: Database, actor: int, most: int = 30) -> list[int]:
    """Return the actors most often party to the same claims."""
    rows = db.rows(
        "SELECT q.actor, COUNT(DISTINCT q.claim) FROM "
        f"(SELECT DISTINCT claim FROM parties WHERE actor = ? ORDER BY claim DESC LIMIT {LOOKED_AT}) "
        "AS p JOIN parties q ON q.claim = p.claim WHERE q.actor IS NOT NULL AND q.actor <> ? GROUP BY q.actor ORDER BY 2 DESC, 1 LIMIT ?",
        (actor, actor, most),
    )
    return [int(r[0]) for r in rows]


def ties(db: Database, choice: Choice) -> tuple[list[Row], bool]:
    """Return (claim, actor, score) of the parties of chosen claims, the latest first, and whether all were looked at."""
    where = choose(db, choice)
    order = "c.id DESC" if where.words else f"{where.key[0]} DESC"
    rows = db.rows(
        f"SELECT h.i, p.actor, c2.score FROM (SELECT {where.key[1]} AS i {where.sql} ORDER BY {order} LIMIT {LOOKED_AT + 1}) AS h "
        "JOIN parties p ON p.claim = h.i JOIN claims c2 ON c2.id = h.i WHERE p.actor IS NOT NULL",
        where.params,
    )
    claims = len({r[0] for r in rows})
    return rows, claims <= LOOKED_AT


def place_rows(db: Database, choice: Choice, most: int = 2000) -> tuple[list[Row], bool]:
    """Return (place, country, latitude, longitude, n) of chosen claims with a known place."""
    where = choose(db, choice)
    order = "c.id DESC" if where.words else f"{where.key[0]} DESC"
    cap = LOOKED_AT * 10
    rows = db.rows(
        f"SELECT c2.place, c2.place_country, c2.latitude, c2.longitude, COUNT(*) FROM (SELECT {where.key[1]} AS i {where.sql} "
        f"ORDER BY {order} LIMIT {cap}) AS h JOIN claims c2 ON c2.id = h.i WHERE c2.latitude IS NOT NULL "
        f"GROUP BY c2.place, c2.place_country, c2.latitude, c2.longitude ORDER BY 5 DESC, 3, 4 LIMIT {most}",
        where.params,
    )
    return rows, True


# --- documents, outlets, the whole -------------------------------------------------------------------------------------


def document(db: Database, uid: str) -> Row | None:
    """Return the document with this id, or whose id begins so (16 characters at least); with page, hash and record last."""
    columns = f"{DOCUMENT}, d.page, d.record"
    row = db.one(f"SELECT {columns} FROM documents d WHERE d.uid = ?", (uid,))
    if row is None and len(uid) >= 16:
        row = db.one(
            f"SELECT {columns} FROM documents d WHERE d.uid >= ? AND d.uid < ? ORDER BY d.id LIMIT 1", (uid, uid + "g")
        )
    return row


def documents(db: Database, test: str, params: Sequence[object], most: int) -> list[Row]:
    """Return document rows that `test` (on `d`) chooses, the latest stored first."""
    return db.rows(f"SELECT {DOCUMENT} FROM documents d WHERE {test} ORDER BY d.id DESC LIMIT ?", [*params, most])


def claims_of(db: Database, doc: int) -> list[Row]:
    """Return (local id, uid, merged uid) of a document's claims."""
    return db.rows(
        "SELECT c.local, c.uid, COALESCE(e.uid, c.uid) FROM claims c LEFT JOIN merged_claims m ON m.claim = c.id "
        "LEFT JOIN merged e ON e.id = m.merged WHERE c.doc = ? ORDER BY c.id",
        (doc,),
    )


def biggest(db: Database, days: int, most: int) -> list[int]:
    """Return the events of the latest `days` days of the store that most outlets report."""
    row = db.one("SELECT MAX(day) FROM documents WHERE live = 1")
    last = int(row[0] or 0) if row else 0
    rows = db.rows(
        "SELECT id FROM merged WHERE sort_day >= ? AND sort_day <= ? ORDER BY outlets DESC, independent DESC, claims DESC, id LIMIT ?",
        (last - days + 1, last, most),
    )
    return [int(r[0]) for r in rows]


def country_counts(db: Database, most: int) -> list[tuple[str, int]]:
    """Return the countries with the most live claims."""
    rows = db.rows("SELECT a, n FROM tally_pair WHERE a = b AND n > 0 ORDER BY 2 DESC, 1 LIMIT ?", (most,))
    return [(str(c), int(n)) for c, n in rows]


def sums(
    db: Database, column: str, test: str = "1 = 1", params: Sequence[object] = (), most: int = 500
) -> list[tuple[str, int]]:
    """Return live claims by type, status, record or outlet."""
    rows = db.rows(f"SELECT {column}, SUM(n) FROM tally WHERE country = '' AND {test} "
                   f"GROUP BY {column} HAVING SUM(n) > 0 ORDER BY 2 DESC LIMIT ?",
                   [*params, most])  # fmt: skip
    return sorted(((str(c), int(n)) for c, n in rows), key=lambda r: (-r[1], r[0]))


def numbers(db: Database, tables: Sequence[str]) -> dict[str, int]:
    """Return the numbers of rows. Of SQLite's large tables the last number, which is the count where nothing is deleted."""
    quick = {"documents", "claims", "actors"}
    out = {}
    for t in tables:
        row = db.one(f"SELECT {'MAX(id)' if t in quick else 'COUNT(*)'} FROM {t}")
        out[t] = int(row[0] or 0) if row else 0
    return out


def meta(db: Database, key: str) -> str:
    """Return a value of the store's own table."""
    row = db.one("SELECT value FROM meta WHERE key = ?", (key,))
    return str(row[0]) if row else ""


def outlet_span(db: Database, outlet: str) -> Row | None:
    """Return (country, documents, first and last date of publication)."""
    return db.one(
        "SELECT MIN(outlet_country), COUNT(*), MIN(published), MAX(published) FROM documents WHERE outlet = ? AND live = 1",
        (outlet,),
    )


def whole_span(db: Database) -> Row | None:
    """Return (documents, first, last date of publication) of what is live."""
    return db.one("SELECT COUNT(*), MIN(published), MAX(published) FROM documents WHERE live = 1")


def run_rows(db: Database) -> list[Row]:
    """Return the runs with their documents and failures, the latest first."""
    return db.rows(
        "SELECT r.id, r.started, r.finished, r.code_version, r.words_digest, r.models, r.inputs, "
        "(SELECT COUNT(*) FROM documents d WHERE d.run = r.id), (SELECT COUNT(*) FROM failures f WHERE f.run = r.id) "
        "FROM runs r ORDER BY r.id DESC LIMIT 20"
    )


def failure_rows(db: Database, most: int) -> list[Row]:
    """Return (source, stage, error, message, hint) of the latest failures."""
    return db.rows("SELECT source, stage, error, message, hint FROM failures ORDER BY id DESC LIMIT ?", (most,))


def pair_counts(db: Database, a: str, b: str) -> tuple[int, int]:
    """Return the numbers of merged events and of live claims of a pair of countries."""
    events = db.one("SELECT SUM(events) FROM merged_tally WHERE a = ? AND b = ?", (a, b))
    told = db.one("SELECT n FROM tally_pair WHERE a = ? AND b = ?", (a, b))
    return int(events[0] or 0) if events else 0, int(told[0]) if told else 0


def actor_names(db: Database, actors: Sequence[int]) -> dict[int, Row]:
    """Return (id, name, kind, country) of actors."""
    out: dict[int, Row] = {}
    for part in chunks(actors):
        marks = ", ".join("?" * len(part))
        out.update(
            (int(r[0]), r) for r in db.rows(f"SELECT id, name, kind, country FROM actors WHERE id IN ({marks})", part)
        )
    return out


def unmerged(db: Database) -> int:
    """Return how many claims came in, or were judged, since the last merge."""
    row = db.one("SELECT COUNT(*) FROM claims WHERE live = 1 AND id > ?", (int(meta(db, "merged_to")),))
    dirty = db.one("SELECT COUNT(*) FROM dirty")
    return int(row[0] if row else 0) + int(dirty[0] if dirty else 0)
