"""The same records give the same answers on PostgreSQL. Needs a server's programs (Debian: `apt-get install postgresql`)."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from store_samples import attack, document, record, severs, signs

from waqai import query
from waqai.errors import StoreError
from waqai.query import Filters
from waqai.store import Store
from waqai.store.verify import verify

_BIN = next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)), "")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of our own on a socket in a temporary folder, or the one that WAQAI_TEST_POSTGRES names."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (extra postgres)")
    given = os.environ.get("WAQAI_TEST_POSTGRES")
    if given:
        yield given
        return
    if not _BIN:
        pytest.skip("no PostgreSQL server is installed")
    folder = Path(tempfile.mkdtemp(prefix="waqai-pg-"))
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        # The server refuses to run as root: Debian's package makes this user.
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("the server does not run as root, and there is no user postgres")
        shutil.chown(folder, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def call(program: str, *args: str) -> None:
        subprocess.run([f"{_BIN}/{program}", "-D", f"{folder}/data", *args], check=True, cwd=folder,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_user)  # fmt: skip

    call("initdb", "-A", "trust", "-U", "waqai", "-E", "UTF8", "--locale=C.UTF-8")
    call("pg_ctl", "-o", f"-k {folder} -c listen_addresses='' -c fsync=off", "-l", f"{folder}/log", "-w", "start")
    try:
        yield f"postgresql://waqai@/postgres?host={folder}"
    finally:
        call("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def address(server: str) -> str:
    import psycopg

    with psycopg.connect(server, autocommit=True) as db:
        db.execute("DROP SCHEMA IF EXISTS public CASCADE")
        db.execute("CREATE SCHEMA public")
    return server


RECORDS = [
    severs("الأولى", url="http://a.example/1"), severs("الثانية", "أعلن المغرب أنه قَطَعَ علاقاته مع إيران.", verb="قَطَعَ"),
    severs("الثالثة", status="negated"),
    attack("الأولى", 3), attack("الثانية", 5), attack("الثالثة", 8, date="2021-07-01", place="الأقصر"),
    signs("الأولى", "أعلنت", "announced", "2020-01-01", "2020-01-01"), signs("الثانية", "وقعت", "signed", "2020-03-01", "2020-03-01"),
    severs("الأولى", "قطع المغرب علاقاته مع إيران وأغلق سفارته هناك.", url="http://a.example/1"),
    record(document("لا خبر هنا.", "الرابعة")),
]  # fmt: skip

QUESTIONS: dict[str, Callable[[Store], object]] = {
    "search": lambda s: query.search(s, "قطع"),
    "search newest": lambda s: query.search(s, "علاقاته مع", order="newest", limit=2),
    "phrase": lambda s: query.search(s, '"علاقاته مع إيران" -سفارته'),
    "filters": lambda s: query.search(s, "", Filters(country=["EGY"], type=["ASSAULT"], date_from="2021-06", date_to="2021-06")),
    "words and tags": lambda s: [
        ask(s, "قطع", f) for ask in (query.search, query.facets) for f in (
            Filters(country=["MAR"]), Filters(country=["EGY"]), Filters(pair=["MAR", "IRN"]), Filters(country=["EGY", "IRN"], type=["SANCTION"]),
        )
    ],
    "facets narrowed": lambda s: [
        query.facets(s, "", f) for f in (
            Filters(type=["ASSAULT"]), Filters(type=["SANCTION"], outlet=["الأولى"]), Filters(country=["EGY"], type=["ASSAULT"]),
            Filters(status=["negated"]), Filters(record=["agreement"], country=["JOR"]),
        )
    ],
    "place and mode": lambda s: (query.search(s, "", Filters(place="الأقصر")), query.search(s, "", Filters(mode=["discontinue"]))),
    "actor": lambda s: query.actor(s, "المغرب"),
    "actors": lambda s: query.actors(s, "الم"),
    "facets": lambda s: (query.facets(s), query.facets(s, "قطع"), query.facets(s, "", Filters(pair=["MAR", "IRN"]))),
    "timeline": lambda s: (query.timeline(s), query.timeline(s, Filters(country=["EGY"]), order="oldest")),
    "months": lambda s: (query.months(s), query.months(s, Filters(pair=["MAR", "IRN"])), query.months(s, Filters(country=["EGY"]))),
    "relation": lambda s: query.relation(s, "MAR", "IRN"),
    "registers": lambda s: (query.agreements(s), query.visits(s), query.deals(s)),
    "names": lambda s: query.names(s, "MAR"),
    "home": query.home,
    "outlets": lambda s: (query.outlets(s), query.outlet(s, "الأولى")),
    "article": lambda s: query.article(s, RECORDS[0].document.id),
    "event": lambda s: query.event(s, query.home(s).biggest[0].id) if query.home(s).biggest else None,
    "network": lambda s: (query.network(s), query.places(s)),
}  # fmt: skip


def fill(where: str) -> None:
    with Store.open(where, "rw") as store:
        store.begin_run(code_version="1")
        for r in RECORDS:
            store.add(r)
        store.remerge()


def test_both_engines_give_the_same_answers(address: str, tmp_path: Path) -> None:
    fill(str(tmp_path / "a.db"))
    fill(address)
    with Store.open(str(tmp_path / "a.db")) as here, Store.open(address) as there:
        for name, ask in QUESTIONS.items():
            assert msgspec.json.encode(ask(here)) == msgspec.json.encode(ask(there)), name


def test_adding_again_changes_nothing_and_the_store_is_sound(address: str) -> None:
    fill(address)
    with Store.open(address, "rw") as store:
        assert store.add_all(RECORDS) == 0
        assert verify(store.db).faults == []


def test_a_second_build_is_kept_out(address: str) -> None:
    with Store.open(address, "rw", build=True), pytest.raises(StoreError, match="being built"):
        Store.open(address, "rw", build=True)


def test_a_failed_batch_leaves_nothing(address: str) -> None:
    with Store.open(address, "rw") as store:
        store.add(RECORDS[0])
        broken = replace(RECORDS[1], events=[replace(RECORDS[1].events[0], status=None)])  # type: ignore[arg-type]
        with pytest.raises(StoreError):
            store.add_all([RECORDS[3], broken])
        assert query.search(store, order="newest").total == 1


def test_reading_only_cannot_write(address: str) -> None:
    fill(address)
    with Store.open(address) as store, pytest.raises(StoreError, match="may not be written"):
        store.db.run("DELETE FROM claims")


def test_an_empty_database_says_how_to_fill_it(address: str) -> None:
    with pytest.raises(StoreError, match="waqai build"):
        Store.open(address)


def test_a_foreign_database_is_refused(address: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as db:
        db.execute("CREATE TABLE mine (x int)")
    with pytest.raises(StoreError, match="not a Waqai store"):
        Store.open(address, "rw")


def test_a_server_that_is_not_there_is_said_without_the_password() -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed (extra postgres)")
    with pytest.raises(StoreError, match="cannot reach") as caught:
        Store.open("postgresql://me:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)


def test_a_null_character_in_a_name_does_not_stop_a_batch(address: str) -> None:
    odd = document("لا خبر هنا.", "الرا\x00بعة")
    with Store.open(address, "rw") as store:
        assert store.add(record(odd))
        assert query.article(store, odd.id).record.document == odd
