"""What people ask, checked: codes, dates, names. One clear error for each thing that cannot be asked."""

from __future__ import annotations

import base64
import binascii
import difflib
import functools
from collections.abc import Iterable

from waqai import words
from waqai.days import parse_range
from waqai.errors import NotFound, QueryError
from waqai.query.types import Filters
from waqai.store import Store, read
from waqai.store.filters import Choice
from waqai.text import fold

__all__ = ["after", "choice_of", "country_code", "cursor", "limited"]

_MOST = 500
_STATUSES = ("actual", "future", "hypothetical", "negated")
_RECORDS = ("agreement", "visit", "meeting", "relation", "deal", "statement")
_BODIES = ("IGO", "UNO", "EUR", "NGO", "MNC", "IMG", "ISM")
# ISO 3166-1 alpha-3, and Kosovo.
_ISO = (
    "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH "
    "BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB "
    "CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO "
    "GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN "
    "IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KOS KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX "
    "LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL "
    "NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU "
    "ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR "
    "TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM "
    "VUT WLF WSM YEM ZAF ZMB ZWE"
)
_CODES = frozenset(_ISO.split())


@functools.lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    out: dict[str, str] = {}
    for state in words.default().states:
        for name in (state.name, state.en, *state.also):
            if name:
                out.setdefault(fold(name).removeprefix("ال"), state.code)
    return out


def country_code(text: str) -> str:
    """Return the code of a country: "MAR", «المغرب» or "Morocco". Raises QueryError where it is none that we know."""
    code = text.strip().upper()
    if code in _CODES or code in _BODIES:
        return code
    got = _names().get(fold(text.strip()).removeprefix("ال"))
    if got is not None:
        return got
    near = [f"{_names()[n]} {n}" for n in difflib.get_close_matches(fold(text.strip()).removeprefix("ال").lower(), _names(), n=2, cutoff=0.75)]
    near = near or difflib.get_close_matches(code, sorted(_CODES), n=3, cutoff=0.6)
    hint = f" (near: {', '.join(near)})" if near else ""
    raise QueryError(
        f"country: {text!r} is unknown{hint}: write a code of ISO 3166 such as MAR, or a name such as المغرب"
    )


def _of(values: Iterable[str], known: Iterable[str], what: str, upper: bool = False) -> list[str]:
    known, out = list(known), []
    for value in values:
        wanted = value.strip().upper() if upper else value.strip().lower()
        if wanted not in known:
            near = difflib.get_close_matches(wanted, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(known[:16])}"
            raise QueryError(f"{what}: {value!r} is unknown: {hint}")
        out.append(wanted)
    return out


def limited(limit: int) -> int:
    """Return `limit`. Raises QueryError where it is not from 1 to 500."""
    if not 1 <= limit <= _MOST:
        raise QueryError(f"limit: {limit} is not from 1 to {_MOST}")
    return limit


def choice_of(store: Store, filters: Filters, q: str = "") -> Choice:
    """Return `filters` checked. Raises QueryError naming the first thing that cannot be asked."""
    known, c = words.default().ontology, Choice()
    if len(q) > 1000:
        raise QueryError(f"q: {len(q)} characters; at most 1000")
    c.q = q
    c.types = _of(filters.type, known.types, "type", upper=True)
    c.modes = _of(filters.mode, sorted({m for t in known.types.values() for m in t.modes}), "mode")
    c.sectors = _of(filters.sector, known.sectors, "sector", upper=True)
    c.statuses = _of(filters.status, _STATUSES, "status")
    c.records = _of(filters.record, _RECORDS, "record")
    c.countries = [country_code(x) for x in filters.country]
    if filters.pair:
        c.pair = pair_of(filters.pair)
    c.outlets = list(filters.outlet)
    c.days = _days(filters)
    c.places = [filters.place] if filters.place else []
    if filters.actor is not None:
        c.actors = actor_numbers(store, filters.actor)
    if filters.source is not None:
        c.sources = actor_numbers(store, filters.source)
    return c


def pair_of(pair: list[str]) -> tuple[str, str]:
    """Return two different country codes, sorted."""
    if len(pair) != 2:
        raise QueryError(f"pair: {' '.join(pair)!r} names {len(pair)} countries: name two, such as MAR ISR")
    a, b = sorted(country_code(x) for x in pair)
    if a == b:
        raise QueryError(f"pair: both are {a}: name two different countries")
    return a, b


def _days(filters: Filters) -> tuple[int, int]:
    first = parse_range(filters.date_from, "date_from")[0] if filters.date_from else 0
    last = parse_range(filters.date_to, "date_to")[1] if filters.date_to else 0
    if first and last and first > last:
        raise QueryError(f"date_from {filters.date_from} comes after date_to {filters.date_to}: swap them")
    return first, last


def actor_numbers(store: Store, name: str) -> list[int]:
    """Return the actors that `name` (or an id such as a12) means. Raises NotFound where there is none."""
    if name[:1] == "a" and name[1:].isdigit():
        found = list(read.actor_rows(store.db, [int(name[1:]) % 2**31]))
    else:
        found = read.find_actors(store.db, fold(name.strip()).lower())
        if not found:
            try:
                state = read.state_actor(store.db, country_code(name))
            except QueryError:
                state = None
            found = [state] if state is not None else []
    if not found:
        raise NotFound(f"actor: nobody is called {name!r} in this store: try another spelling, or `waqai search`")
    return found


def cursor(*key: int) -> str:
    """Return an opaque cursor."""
    return base64.urlsafe_b64encode(",".join(map(str, key)).encode()).decode().rstrip("=")


def after(text: str | None, size: int) -> tuple[int, ...] | None:
    """Return what `cursor` was given. Raises QueryError where it was not made by us."""
    if text is None:
        return None
    try:
        key = tuple(int(x) for x in base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split(","))
    except (ValueError, binascii.Error):
        key = ()
    if len(key) != size or any(abs(k) >= 2**31 for k in key):
        raise QueryError(f"cursor: {text!r} is none of ours: take `next` of the page before, or leave it out")
    return key
