"""From filters and words to SQL. `Where` is the half of a statement that chooses claims; the rest is the caller's.

Each list is driven by the index in whose order it is shown: pair, country, outlet, type, record or the whole by day.
"""

from __future__ import annotations

from collections.abc import Sequence

from waqai.shadow import Term, parse_query
from waqai.store.db import Database

__all__ = ["Choice", "Where", "choose"]


class Choice:
    """Filters already checked: codes, days and numbers. Empty means not asked for."""

    __slots__ = ("actors", "countries", "days", "modes", "outlets", "pair", "places", "q", "records", "sectors", "sources",
                 "statuses", "types")  # fmt: skip

    def __init__(self) -> None:
        self.q = ""
        self.types: list[str] = []
        self.modes: list[str] = []
        self.countries: list[str] = []
        self.pair: tuple[str, str] | None = None
        self.actors: list[int] | None = None
        self.sources: list[int] | None = None
        self.sectors: list[str] = []
        self.outlets: list[str] = []
        self.days: tuple[int, int] = (0, 0)
        self.statuses: list[str] = []
        self.records: list[str] = []
        self.places: list[str] = []

    @property
    def plain_pair(self) -> bool:
        """Whether a pair of countries is asked for and nothing else."""
        rest = (
            self.q,
            self.types,
            self.modes,
            self.countries,
            self.sectors,
            self.outlets,
            self.statuses,
            self.records,
            self.places,
        )
        none = self.actors is None and self.sources is None and self.days == (0, 0)
        return self.pair is not None and none and not any(rest)


    @property
    def labels(self) -> list[list[str]]:
        """The filters that the index of words knows as tags: one of each list."""
        pair = [[c] for c in self.pair or ()]
        return [*pair, *(values for values in (self.countries, self.types) if values)]

    @property
    def counted(self) -> bool:
        """Whether the kept counts alone can answer: one country and nothing else, or what is counted and no country."""
        rest = (self.q, self.modes, self.pair, self.sectors, self.places, self.countries)
        none = self.actors is None and self.sources is None and self.days == (0, 0)
        return self.plain_country is not None or (none and not any(rest))

    @property
    def plain_country(self) -> str | None:
        """The one country that is asked for and nothing else; "" where nothing at all is; else None."""
        rest = (self.q, self.types, self.modes, self.pair, self.sectors, self.outlets, self.statuses, self.records)
        none = self.actors is None and self.sources is None and self.days == (0, 0) and not self.places
        return "".join(self.countries) if none and not any(rest) and len(self.countries) < 2 else None


class Where:
    """``FROM … WHERE …`` over claims `c`, with parameters. `key` names the columns (day, claim) to order by.

    `covered` is the alias whose columns type, status, record and outlet can be read without touching `c` ("" where `c`
    must be read anyway). `words` tells that search words take part; `bare` that nothing narrows the list at all.
    """

    __slots__ = ("bare", "covered", "key", "params", "sql", "words")

    def __init__(
        self, sql: str, params: list[object], key: tuple[str, str], covered: str, words: bool, bare: bool
    ) -> None:
        self.sql = sql
        self.params = params
        self.key = key
        self.covered = covered
        self.words = words
        self.bare = bare


def choose(db: Database, choice: Choice) -> Where:
    """Return the SQL that chooses the live claims that `choice` asks for."""
    tests: list[str] = []
    params: list[object] = []

    def one_of(column: str, values: list[str]) -> None:
        if values:
            tests.append(f"{column} IN ({', '.join('?' * len(values))})")
            params.extend(values)

    terms = parse_query(choice.q)
    wanted = [t for t in terms if t.wanted]
    start, key, drive = _drive(db, choice, wanted, tests, params)
    d = drive or "c"
    if choice.days[0]:
        tests.append(f"{key[0]} >= ?")
        params.append(choice.days[0])
    if choice.days[1]:
        tests.append(f"{key[0]} <= ? AND {key[0]} > 0")
        params.append(choice.days[1])
    one_of(f"{d}.type", [] if wanted else choice.types)
    one_of(f"{d}.status", choice.statuses)
    one_of(f"{d}.record", choice.records)
    one_of(f"{d}.outlet", choice.outlets)
    before = len(tests)
    _claim_tests(choice, key[1], drive, bool(wanted), tests, params)
    if terms and not wanted:
        tests.append("1 = 0")  # only words that must not occur: nothing was asked for
    exclude = [t for t in terms if not t.wanted]
    for t in exclude if wanted and db.engine != "sqlite" else []:
        sql, values = match(db, [Term(t.folded, wanted=True)])
        tests.append(f"{key[1]} NOT IN ({sql})")
        params.extend(values)
    needs_c = not drive or bool(choice.modes or choice.places)
    join = f"{start} CROSS JOIN claims c" if drive and needs_c else start
    if drive and needs_c:
        tests.append(f"c.id = {key[1]}")
    bare = not drive and len(tests) == 1 and before == 1
    return Where(f"FROM {join} WHERE {' AND '.join(tests)}", params, key, drive, bool(wanted), bare)


def _drive(
    db: Database, choice: Choice, wanted: list[Term], tests: list[str], params: list[object]
) -> tuple[str, tuple[str, str], str]:
    """Return (tables, (day column, claim column), alias that covers) of the index to walk."""
    if wanted:
        sql, values = match(db, parse_query(choice.q), labels=choice.labels)
        tests.append("c.live = 1")
        tests.append(f"c.id IN ({sql})") if db.engine != "sqlite" else tests.append(_FTS)
        params.extend(values)
        return (
            ("claim_words w CROSS JOIN claims c" if db.engine == "sqlite" else "claims c"),
            ("c.sort_day", "c.id"),
            "",
        )
    if choice.pair is not None:
        tests.append("k.a = ? AND k.b = ? AND k.live = 1")
        params.extend(choice.pair)
        return "claim_pairs k", ("k.sort_day", "k.claim"), "k"
    if len(choice.countries) == 1:
        tests.append("k.country = ? AND k.live = 1")
        params.extend(choice.countries)
        return "claim_countries k", ("k.sort_day", "k.claim"), "k"
    tests.append("c.live = 1")
    if choice.actors is not None:
        # Walked from the actor: few have more than some thousand claims, and the whole by day has a million.
        marks = ", ".join("?" * len(choice.actors)) or "NULL"
        tests[-1] = "c.live + 0 = 1"
        tests.append(f"c.id IN (SELECT claim FROM parties WHERE actor IN ({marks}))")
        params.extend(choice.actors)
        return "claims c", ("+c.sort_day" if db.engine == "sqlite" else "c.sort_day", "c.id"), ""
    return "claims c", ("c.sort_day", "c.id"), ""


_FTS = "claim_words MATCH ? AND c.id = w.rowid"


def _claim_tests(choice: Choice, claim: str, drive: str, worded: bool, tests: list[str], params: list[object]) -> None:
    """Tests on claims that the index walked does not make. Where words drive, their index has made those of `labels`."""

    def among(sql: str, values: list[str] | list[int]) -> None:
        marks = ", ".join("?" * len(values)) or "NULL"
        tests.append(sql.format(claim=claim, marks=marks))
        params.extend(values)

    if choice.pair is not None and drive != "k" and not worded:
        tests.append(f"EXISTS (SELECT 1 FROM claim_pairs p WHERE p.a = ? AND p.b = ? AND p.live = 1 AND p.claim = {claim} "
                     "AND p.sort_day = c.sort_day)")  # fmt: skip
        params.extend(choice.pair)
    if choice.countries and not worded and (drive != "k" or choice.pair is not None):
        among(
            "EXISTS (SELECT 1 FROM claim_countries q WHERE q.claim = {claim} AND q.country IN ({marks}))",
            choice.countries,
        )
    if choice.actors is not None and (drive == "k" or parse_query(choice.q)):
        among("{claim} IN (SELECT claim FROM parties WHERE actor IN ({marks}))", choice.actors)
    if choice.sources is not None:
        among("{claim} IN (SELECT claim FROM voices WHERE actor IN ({marks}))", choice.sources)
    if choice.sectors:
        among("EXISTS (SELECT 1 FROM parties s WHERE s.claim = {claim} AND s.sector IN ({marks}))", choice.sectors)
    if choice.places:
        among("c.place IN ({marks})", choice.places)
    if choice.modes:
        tests.append("(" + " OR ".join(["' ' || c.mode || ' ' LIKE ?"] * len(choice.modes)) + ")")
        params.extend(f"% {m} %" for m in choice.modes)


def match(db: Database, terms: list[Term], exact: bool = False, labels: Sequence[list[str]] = ()) -> tuple[str, list[object]]:
    """Return the SQL of the claims that have all wanted `terms` and a tag of each of `labels`; with `exact`, in the words' own form.

    For SQLite, where the caller joins `claim_words`, the parameter alone is used, and what must not occur is in it.
    """
    terms, without = [t for t in terms if t.wanted], [t for t in terms if not t.wanted]
    if db.engine == "sqlite":
        wanted = [_fts(t, exact) for t in terms] + ["{tags} : (" + " OR ".join(f'"{x}"' for x in tags) + ")" for tags in labels]
        query = " NOT ".join([f"({' AND '.join(wanted)})", *(_fts(t, False) for t in without)])
        return "SELECT rowid FROM claim_words WHERE claim_words MATCH ?", [query]
    tests, params = [], list[object]()
    for t in terms:
        column = "stemmed" if t.stems and not exact else "folded"
        tests.append(f"w.{column} @@ CAST(? AS tsquery)")
        params.append(_tsquery(t, exact))
    for tags in labels:
        tests.append("w.tags @@ CAST(? AS tsquery)")
        params.append(" | ".join(f"'{x}'" for x in tags))
    return f"SELECT w.claim FROM claim_words w WHERE {' AND '.join(tests)}", params


def _fts(term: Term, exact: bool) -> str:
    quoted = ['"' + w.replace('"', '""') + '"' for w in (term.stems if term.stems and not exact else term.folded)]
    if term.stems and not exact:
        return "{stemmed} : (" + " OR ".join(quoted) + ")"
    return '{folded} : "' + " ".join(w.replace('"', '""') for w in term.folded) + '"'


def _tsquery(term: Term, exact: bool) -> str:
    words = [
        "'" + w.replace("\\", "\\\\").replace("'", "''") + "'"
        for w in (term.stems if term.stems and not exact else term.folded)
    ]
    return (" | " if term.stems and not exact else " <-> ").join(words)
