"""A synthetic store of any size, and how fast it fills and answers.

    python evals/store.py CLAIMS [WHERE...] [--rounds N] [--ask-only] [--unmerged] [--pages NAME]

WHERE: a path or a postgresql:// address (several: side by side; default: a temporary file). Articles, sentences, stories and
reports come from a seeded generator; words follow Zipf's law. Prints insert rate, merge time, size, and p50 and p95 of pages.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from waqai import query
from waqai.intake.build import document_ids
from waqai.query import Filters
from waqai.store import Store
from waqai.types import (
    Agreement,
    Document,
    Entity,
    Event,
    Extent,
    Party,
    Place,
    Record,
    Relation,
    Span,
    Visit,
)  # fmt: skip

_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_CODES = (
    "USA EGY SYR SAU ISR PSE IRN IRQ LBN TUR RUS MAR DZA TUN LBY YEM JOR ARE QAT KWT SDN FRA GBR "
    "DEU CHN ETH OMN BHR UKR ITA ESP IND PAK AFG JPN KOR PRK CAN BRA GRC CYP MRT SOM DJI NGA ZAF KEN TCD MLI NER"
)
_COUNTRIES = _CODES.split()
_TYPES = {
    "CONSULT": ("meeting", ["visit"]), "SUPPORT": ("agreement", []), "ACCUSE": ("statement", ["disapprove"]),
    "ASSAULT": (None, ["firearms"]),
    "COERCE": (None, ["arrest"]), "AGREE": ("meeting", []), "REQUEST": ("statement", ["yield"]), "SANCTION": ("relation", ["discontinue"]),
    "PROTEST": (None, ["demo"]), "AID": (None, []), "COOPERATE": ("deal", []),
}  # fmt: skip
_BEGIN = date(2010, 1, 1)
_DAYS = 5000


class Generator:
    """Stories of a few reports each, told by outlets in sentences of a Zipf vocabulary."""

    def __init__(self, seed: int) -> None:
        self.mix = random.Random(seed)
        self.words = ["".join(self.mix.choices(_LETTERS, k=self.mix.randint(3, 7))) for _ in range(50_000)]
        self.cumulative = list(itertools.accumulate(1 / (n + 3) for n in range(len(self.words))))
        self.countries = list(itertools.accumulate(1 / (n + 2) for n in range(len(_COUNTRIES))))
        self.outlets = [f"outlet {n}" for n in range(40)]
        self.people = [" ".join(self.mix.sample(self.words, 2)) for _ in range(20_000)]
        self.places = [(self.words[n + 1000], self.mix.uniform(10, 40), self.mix.uniform(-15, 60)) for n in range(500)]

    def pair(self) -> list[str]:
        """Two countries, the frequent ones more often."""
        a = b = self.mix.choices(_COUNTRIES, cum_weights=self.countries)[0]
        while a == b:
            b = self.mix.choices(_COUNTRIES, cum_weights=self.countries)[0]
        return [a, b]

    def word(self) -> str:
        """A word, the frequent ones more often."""
        return self.mix.choices(self.words, cum_weights=self.cumulative)[0]

    def stories(self, day: date) -> list[tuple[str, list[str], str, str, str]]:
        """What happened on a day: (type, pair, trigger, person, date)."""
        return [
            (self.mix.choice(list(_TYPES)), self.pair(), self.word(), self.mix.choice(self.people), day.isoformat()) for _ in range(40)
        ]

    def records(self, claims: int) -> Iterator[Record]:
        """Yield articles until they hold `claims` claims."""
        told, n, per_day = 0, 0, max(1, claims // 10 // _DAYS)
        for offset in itertools.count():
            day = _BEGIN + timedelta(days=offset % _DAYS)
            stories = self.stories(day)
            for _ in range(per_day if offset < _DAYS else per_day + 1):
                n += 1
                made = self.article(n, day, [self.mix.choice(stories) for _ in range(min(10, claims - told))])
                told += len(made.events)
                yield made
                if told >= claims:
                    return

    def article(self, n: int, day: date, stories: list[tuple[str, list[str], str, str, str]]) -> Record:
        """One article with one sentence for each of `stories`."""
        parts, events, entities, at = list[str](), list[Event](), dict[str, Entity](), 0
        agreements, relations, visits = list[Agreement](), list[Relation](), list[Visit]()
        for k, (kind, pair, trigger, person, when) in enumerate(stories):
            words = [trigger, *pair, *person.split(), *self.mix.choices(self.words, cum_weights=self.cumulative, k=14)]
            sentence, record = " ".join(words) + ". ", _TYPES[kind]
            spots = [at + len(" ".join(words[:i])) + (i > 0) for i in range(4)]
            parties = []
            for i, code in enumerate(pair):
                span = Span(start=spots[i + 1], end=spots[i + 1] + 3, text=code)
                entities.setdefault(code, Entity(id=f"e{code}", name=code, kind="state", country=code, sector="GOV", mentions=[span]))
                parties.append(Party(start=span.start, end=span.end, text=code, entity=f"e{code}", country=code, sector="GOV"))
            span = Span(start=spots[3], end=spots[3] + len(person), text=person)
            entities.setdefault(person, Entity(id=f"p{k}", name=person, kind="person", country=pair[0], sector="GOV", mentions=[span]))
            parties.append(Party(start=span.start, end=span.end, text=person, entity=entities[person].id, country=pair[0], sector="GOV"))
            name, lat, lon = self.mix.choice(self.places)
            place = Place(start=at, end=at + len(trigger), text=trigger, name=name, latitude=lat, longitude=lon) if k % 3 == 0 else None
            events.append(Event(
                id=f"v{k}", type=kind, mode=record[1], trigger=Span(start=at, end=at + len(trigger), text=trigger),
                sentence=Extent(start=at, end=at + len(sentence) - 1), actors=[parties[0], parties[2]], recipients=[parties[1]],
                date=when, date_basis="published", record=record[0], place=place,  # type: ignore[arg-type]
            ))  # fmt: skip
            _register(k, kind, pair, when, agreements, relations, visits, self.mix)
            parts.append(sentence)
            at += len(sentence)
        text = "".join(parts)
        outlet, url = self.mix.choice(self.outlets), f"http://example/{n}"
        key, same = document_ids(text, outlet, url)
        document = Document(id=key, content_hash=same, text=text, url=url, outlet=outlet, title=parts[0][:60],
                            published=day.isoformat(), published_basis="given")  # fmt: skip
        return Record(document=document, entities=list(entities.values()), events=events, agreements=agreements, relations=relations,
                      visits=visits)  # fmt: skip


def _register(
    k: int, kind: str, pair: list[str], when: str, agreements: list[Agreement], relations: list[Relation], visits: list[Visit],
    mix: random.Random,
) -> None:  # fmt: skip
    if kind == "SUPPORT" and mix.random() < 0.3:
        agreements.append(Agreement(id=f"a{k}", event=f"v{k}", kind="agreement", parties=sorted(pair), date=when, status="signed"))
    if kind == "SANCTION" and mix.random() < 0.05:
        relations.append(Relation(id=f"r{k}", event=f"v{k}", pair=sorted(pair), change="recalled", date=when))
    if kind == "CONSULT" and mix.random() < 0.3:
        visits.append(Visit(id=f"w{k}", event=f"v{k}", visitors=[f"e{pair[0]}"], hosts=[pair[1]], date=when))


def fill(where: str, claims: int, merged: bool = True) -> None:
    """Fill and merge a store and print how long it took."""
    with Store.open(where, "rw", build=True) as store:
        store.begin_run(code_version="eval")
        batch, spent, told = list[Record](), 0.0, 0
        for record in Generator(1).records(claims):
            batch.append(record)
            told += len(record.events)
            if len(batch) == 500:
                start = time.perf_counter()
                store.add_all(batch)
                spent += time.perf_counter() - start
                batch = []
        start = time.perf_counter()
        store.add_all(batch)
        spent += time.perf_counter() - start
        print(f"{store.db.engine}: {told} claims inserted in {spent:.1f} s ({told / spent:.0f} claims/s)", flush=True)
        if not merged:
            store.end_run()
            return
        start, cpu = time.perf_counter(), time.process_time()
        events = store.remerge()
        took, busy = time.perf_counter() - start, time.process_time() - cpu
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(f"{store.db.engine}: {events} events merged in {took:.1f} s ({told / took:.0f} claims/s; processor {busy:.1f} s; "
              f"{memory:.0f} MB at most)", flush=True)  # fmt: skip
        start = time.perf_counter()
        more = Generator(3)
        store.add_all(more.article(10**9 + n, _BEGIN + timedelta(days=n), more.stories(_BEGIN + timedelta(days=n))[:10]) for n in range(20))
        events = store.remerge()
        print(f"{store.db.engine}: 200 claims more stored and merged in {time.perf_counter() - start:.1f} s ({events} events)", flush=True)
        store.end_run()
        if store.db.engine == "postgres":
            store.db.script("ANALYZE;\n")
        print(f"{store.db.engine}: {query.status(store).size / 1e6:.0f} MB", flush=True)


def ask(where: str, rounds: int, only: str = "") -> None:
    """Ask each page with random subjects and print p50 and p95 in milliseconds."""
    make = Generator(2)
    make.words = Generator(1).words
    known = Generator(1).people
    with Store.open(where) as store:
        pages: dict[str, Callable[[], object]] = {
            "relation page": lambda: query.relation(store, *make.pair()),
            "timeline, country": lambda: query.timeline(store, Filters(country=make.pair()[:1])),
            "timeline, pair": lambda: query.timeline(store, Filters(pair=make.pair())),
            "timeline, all": lambda: query.timeline(store),
            "timeline, actor": lambda: query.timeline(store, Filters(actor=make.mix.choice(known))),
            "timeline, type and country": lambda: query.timeline(store, Filters(country=make.pair()[:1], type=["PROTEST"])),
            "search, a word": lambda: query.search(store, make.word()),
            "search, two words": lambda: query.search(store, f"{make.word()} {make.word()}"),
            "search, a word and country": lambda: query.search(store, make.word(), Filters(country=make.pair()[:1])),
            "facets, a word": lambda: query.facets(store, make.word()),
            "facets, a word and country": lambda: query.facets(store, make.word(), Filters(country=make.pair()[:1])),
            "facets, type": lambda: query.facets(store, "", Filters(type=["PROTEST"])),
            "facets, type and country": lambda: query.facets(store, "", Filters(type=["PROTEST"], country=make.pair()[:1])),
            "facets, country": lambda: query.facets(store, "", Filters(country=make.pair()[:1])),
            "facets, pair": lambda: query.facets(store, "", Filters(pair=make.pair())),
            "facets, all": lambda: query.facets(store),
            "months, country": lambda: query.months(store, Filters(country=make.pair()[:1])),
            "home": lambda: query.home(store),
        }  # fmt: skip
        for name, page in ((n, p) for n, p in pages.items() if n.startswith(only)):
            times, own = [], []
            for _ in range(rounds):
                start, cpu = time.perf_counter(), time.process_time()
                try:
                    page()
                except query.NotFound:
                    continue
                times.append((time.perf_counter() - start) * 1000)
                own.append((time.process_time() - cpu) * 1000)
            if not times:
                continue
            times.sort()
            own.sort()
            p50, p95, busy = times[len(times) // 2], times[int(len(times) * 0.95)], own[int(len(own) * 0.95)]
            print(f"{store.db.engine}: {name:28} p50 {p50:7.1f}  p95 {p95:7.1f} ms  (processor p95 {busy:7.1f})", flush=True)


def main() -> None:
    """Fill and ask each store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claims", type=int)
    parser.add_argument("where", nargs="*")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--ask-only", action="store_true", help="the stores are filled already")
    parser.add_argument("--unmerged", action="store_true", help="fill the stores, and leave merging out")
    parser.add_argument("--pages", default="", help="ask only pages whose name begins so")
    args = parser.parse_args()
    places = args.where or [str(Path(tempfile.mkdtemp()) / "synthetic.db")]
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores, seed 1")
    for where in places:
        if not args.ask_only:
            fill(where, args.claims, not args.unmerged)
        ask(where, args.rounds, args.pages)


if __name__ == "__main__":
    main()
