"""The build: resuming after a kill, failures, watching, workers."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from waqai import query
from waqai.build import build, watch
from waqai.errors import StoreError
from waqai.store import Store
from waqai.store.verify import verify

HERE = Path(__file__).parent
ANNOTATE = "store_samples:annotate"
TABLES = (
    "documents", "times", "actors", "entities", "mentions", "claims", "parties", "voices", "claim_countries", "claim_pairs",
    "relations", "register_pairs", "failures", "tally", "tally_pair", "blocks", "edges", "merged",
    "merged_claims", "merged_countries", "merged_pairs",
)  # fmt: skip
_PAIRS = ("المغرب علاقاته مع إيران", "الجزائر علاقاتها مع المغرب", "مصر علاقاتها مع الأردن")


def articles(folder: Path, n: int, seed: int = 1) -> Path:
    """A file of `n` articles by several outlets."""
    folder.mkdir(exist_ok=True)
    mix, path = random.Random(seed), folder / "articles.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for i in range(n):
            text = f"قطع {mix.choice(_PAIRS)} في خطوة أعلنها بيان رسمي رقم {i} صدر في العاصمة مساء اليوم.\n" * 2
            day = f"2021-05-{1 + mix.randrange(20):02}"
            out.write(json.dumps({"text": text, "outlet": f"صحيفة {mix.randrange(5)}", "published": day, "title": "بيان",
                                  "url": f"http://a.example/{i}"}) + "\n")  # fmt: skip
    return path


def rows(path: str) -> dict[str, list[tuple[object, ...]]]:
    """All that a build leaves, but for the number of the run that stored it: that goes up where words change in between."""
    with Store.open(path, "rw") as store:
        store.db.run("UPDATE documents SET run = 1")
        store.db.run("UPDATE failures SET run = 1")
        return {t: sorted(store.db.rows(f"SELECT * FROM {t}"), key=repr) for t in TABLES}


def test_a_build_stores_merges_and_counts(tmp_path: Path) -> None:
    path = str(tmp_path / "a.db")
    done = build([str(articles(tmp_path, 40))], path, jobs=0, annotate=ANNOTATE)
    assert (done.total, done.stored, done.skipped, done.failed) == (40, 40, 0, 0)
    with Store.open(path) as store:
        assert query.status(store).unmerged == 0
        assert verify(store.db).faults == []


def test_workers_give_the_rows_that_one_process_gives(tmp_path: Path) -> None:
    source = str(articles(tmp_path, 60))
    build([source], str(tmp_path / "a.db"), jobs=0, annotate=ANNOTATE)
    build([source], str(tmp_path / "b.db"), jobs=2, annotate=ANNOTATE, batch=7)
    assert rows(str(tmp_path / "a.db")) == rows(str(tmp_path / "b.db"))


def test_building_again_changes_nothing(tmp_path: Path) -> None:
    source, path = str(articles(tmp_path, 30)), str(tmp_path / "a.db")
    build([source], path, jobs=0, annotate=ANNOTATE)
    before = rows(path)
    again = build([source], path, jobs=0, annotate=ANNOTATE)
    assert (again.stored, again.skipped) == (0, 30)
    assert rows(path) == before


def test_ten_broken_pages_among_many_are_said_and_the_rest_is_stored(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for i in range(100):
        name = folder / f"{i:03}.txt"
        if i % 10 == 3:
            name.write_bytes(b"")
        else:
            name.write_text(f"قطع {_PAIRS[i % 3]} في خطوة أعلنها بيان رسمي رقم {i} صدر في العاصمة مساء اليوم.", encoding="utf-8")
    path = str(tmp_path / "a.db")
    done = build([str(folder)], path, jobs=1, annotate=ANNOTATE)
    assert (done.stored, done.failed) == (90, 10)
    with Store.open(path) as store:
        assert len(query.status(store).failures) == 10


def test_an_article_that_the_reader_fails_on_is_a_failure(tmp_path: Path) -> None:
    source = articles(tmp_path, 3)
    with source.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"text": "هذا نص فيه خطأ كبير يجعل القارئ يفشل في قراءته تماما اليوم.", "outlet": "س"}) + "\n")
    path = str(tmp_path / "a.db")
    done = build([str(source)], path, jobs=0, annotate=ANNOTATE)
    assert (done.stored, done.failed) == (3, 1)
    with Store.open(path) as store:
        [failure] = query.status(store).failures
    assert (failure.stage, failure.error, failure.message) == ("annotate", "ValueError", "made to fail")


def test_a_changed_file_is_a_new_version(tmp_path: Path) -> None:
    page, path = tmp_path / "in" / "page.txt", str(tmp_path / "a.db")
    page.parent.mkdir()
    page.write_text("قطع المغرب علاقاته مع إيران في خطوة أعلنها بيان رسمي صدر في العاصمة مساء اليوم.", encoding="utf-8")
    build([str(page.parent)], path, jobs=0, annotate=ANNOTATE)
    page.write_text("قطع المغرب علاقاته مع إيران وأغلق سفارته هناك كما أعلن بيان رسمي صدر في العاصمة.", encoding="utf-8")
    build([str(page.parent)], path, jobs=0, annotate=ANNOTATE)
    with Store.open(path) as store:
        found = query.search(store, order="newest")
        assert found.total == 1
        assert (found.items[0].document.version, len(query.article(store, found.items[0].document.id).versions)) == (2, 1)


def test_a_second_build_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "a.db")
    with Store.open(path, "rw", build=True), pytest.raises(StoreError, match="being built"):
        build([str(articles(tmp_path, 3))], path, jobs=0, annotate=ANNOTATE)


def test_watching_stores_what_comes_in_and_waits_for_files_that_grow(tmp_path: Path) -> None:
    folder, path, looks = tmp_path / "in", str(tmp_path / "a.db"), 0
    articles(folder, 4)

    def stop() -> bool:
        nonlocal looks
        looks += 1
        if looks == 2:
            articles(folder, 9, seed=2)
        return looks > 4

    done = watch(str(folder), path, jobs=0, annotate=ANNOTATE, every=0.0, stop=stop)
    with Store.open(path) as store:
        assert query.home(store).documents == 9
    assert done.stored >= 9


def test_two_readers_see_one_state_while_a_build_writes(tmp_path: Path) -> None:
    path = str(tmp_path / "a.db")
    Store.open(path, "rw").close()
    process = subprocess.Popen(_command(str(articles(tmp_path, 400)), path), stderr=subprocess.DEVNULL)
    seen: list[list[int]] = [[], []]

    def look(mine: list[int]) -> None:
        with Store.open(path) as store:
            while process.poll() is None:
                with store.db.snapshot():
                    home, listed = query.home(store), query.search(store, order="newest", limit=1)
                    assert home.claims == listed.total == query.facets(store).total == sum(d.n for d in query.outlets(store))
                    assert home.claims == sum(int(r[0]) for r in store.db.rows("SELECT claims FROM documents WHERE live = 1"))
                    mine.append(home.claims)

    with ThreadPoolExecutor(2) as readers:
        for done in [readers.submit(look, mine) for mine in seen]:
            done.result()
    assert process.wait() == 0
    assert all(mine == sorted(mine) and len(set(mine)) > 2 for mine in seen)


def test_watching_needs_a_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no folder"):
        watch(str(tmp_path / "none"), str(tmp_path / "a.db"), jobs=0, annotate=ANNOTATE)


_RUN = """
import sys
sys.path.insert(0, {here!r})
from waqai.build import build
build([{source!r}], {path!r}, jobs=1, annotate={annotate!r}, batch=8)
"""


def _command(source: str, path: str) -> list[str]:
    return [sys.executable, "-c", _RUN.format(here=str(HERE), source=source, path=path, annotate=ANNOTATE)]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is of POSIX")
def test_killed_ten_times_and_resumed_the_store_is_row_for_row_the_same(tmp_path: Path) -> None:
    source, whole, broken = str(articles(tmp_path, 400)), str(tmp_path / "whole.db"), str(tmp_path / "broken.db")
    build([source], whole, jobs=0, annotate=ANNOTATE)
    mix, killed = random.Random(5), 0
    for _ in range(10):
        process = subprocess.Popen(_command(source, broken), stderr=subprocess.DEVNULL, start_new_session=True)
        _wait_for_batches(broken, mix.randrange(0, 4), process)
        time.sleep(mix.random() * 0.05)
        if process.poll() is None:
            killed += 1
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
    subprocess.run(_command(source, broken), check=True)
    assert killed > 3
    assert rows(broken) == rows(whole)


def _wait_for_batches(path: str, more: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until `more` batches were added to what is stored, or the process ended."""
    first = None
    while process.poll() is None:
        try:
            with Store.open(path) as store:
                n = query.home(store).documents
        except StoreError:
            n = 0
        first = n if first is None else first
        if n >= first + 8 * more:
            return
        time.sleep(0.01)
