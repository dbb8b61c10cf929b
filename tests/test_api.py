"""The REST API: what it answers, how it pages, how it refuses, and that no request makes it fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("litestar", reason="the extra `web` is not installed")

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from litestar.testing import TestClient
from web_samples import fill

from waqai import query
from waqai.query.types import EventPage, Events, Hits, RelationPage
from waqai.store import Store
from waqai.types import Record
from waqai.web.app import Gate, create_app
from waqai.web.problems import Problem
from waqai.web.settings import Settings

Client = TestClient[Gate]
ARTICLE = "أدانت الحكومة المصرية يوم الثلاثاء التفجير في بغداد، وطالب وزير الطاقة المغربي بتحقيق دولي عاجل."


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fill(tmp_path_factory.mktemp("api") / "s.db")


@pytest.fixture(scope="module")
def site(db: str) -> Iterator[Client]:
    with TestClient(create_app(Settings(db=db)), base_url="http://127.0.0.1") as made:
        yield made


def test_answers_are_the_structs_of_the_query_functions(site: Client, db: str) -> None:
    with Store.open(db) as store:
        event = query.timeline(store).items[0].id
        wanted = query.event(store, event), query.relation(store, "MAR", "IRN"), query.search(store, "قطع")
    assert msgspec.json.decode(site.get(f"/api/events/{event}").content, type=EventPage) == wanted[0]
    assert msgspec.json.decode(site.get("/api/relations/MAR/IRN").content, type=RelationPage) == wanted[1]
    assert msgspec.json.decode(site.get("/api/search?q=قطع").content, type=Hits) == wanted[2]


def test_cursor_goes_through_everything_once(site: Client, db: str) -> None:
    with Store.open(db) as store:
        wanted = [e.id for e in query.timeline(store).items]
    got: list[str] = []
    cursor = ""
    while True:
        page = msgspec.json.decode(site.get(f"/api/timeline?limit=2{cursor}").content, type=Events)
        got += [e.id for e in page.items]
        if page.next is None:
            break
        cursor = f"&cursor={page.next}"
    assert got == wanted


@pytest.mark.parametrize("path", ["/api/home", "/api/facets", "/api/months", "/api/network", "/api/places", "/api/agreements", "/api/visits",
                                  "/api/deals", "/api/outlets", "/api/actors?prefix=ا", "/api/status", "/api/names/MAR"])  # fmt: skip
def test_every_list_answers(site: Client, path: str) -> None:
    assert site.get(path).status_code == 200


@pytest.mark.parametrize(("path", "status", "code", "field"), [
    ("/api/events/nothing.v0", 404, "not_found_event", "event"), ("/api/timeline?from=x", 400, "bad_date", "date_from"),
    ("/api/timeline?limit=x", 400, None, "limit"), ("/api/timeline?limit=0", 400, "bad_limit", "limit"), ("/api/nothing", 404, "not_found", None),
    ("/api/search?country=XXX", 400, "bad_country", "country"), ("/api/search?colour=red", 400, "bad_param", "param"),
])  # fmt: skip
def test_one_shape_of_error(site: Client, path: str, status: int, code: str | None, field: str | None) -> None:
    got = site.get(path)
    problem = msgspec.json.decode(got.content, type=Problem)
    assert (got.status_code, problem.status, problem.field) == (status, status, field)
    assert code is None or problem.code == code
    assert problem.message


def test_wrong_method(site: Client) -> None:
    assert msgspec.json.decode(site.post("/api/timeline").content, type=Problem).code == "method"


def test_etag(site: Client) -> None:
    tag = site.get("/api/timeline").headers["etag"]
    assert site.get("/api/timeline", headers={"if-none-match": tag}).status_code == 304


# --- reading ------------------------------------------------------------------------------------------------------------


def test_read_gives_the_record(site: Client) -> None:
    got = site.post("/read", json={"text": ARTICLE, "published": "2021-05-04", "outlet": "صحيفة"})
    record = msgspec.json.decode(got.content, type=Record)
    assert record.document.text == ARTICLE
    assert record.document.outlet == "صحيفة"
    assert record.events


def test_read_stores_nothing(site: Client, db: str) -> None:
    site.post("/read", json={"text": ARTICLE})
    with Store.open(db) as store:
        assert not query.search(store, "الطاقة").items


@pytest.mark.parametrize(("text", "status", "code"), [
    ("This is an English text about a visit to London by a minister.", 422, "not_arabic"), ("   ", 422, "nothing_sent"),
    ("https://example.com/a", 422, None), ("س ت " * 60_000, 413, "too_large"), ("س ت " * 600_000, 413, "too_large"),
    ("%PDF-1.4 " + ARTICLE, 422, None),
])  # fmt: skip
def test_read_refuses(site: Client, text: str, status: int, code: str | None) -> None:
    got = site.post("/read", json={"text": text})
    problem = msgspec.json.decode(got.content, type=Problem)
    assert got.status_code == status
    assert code is None or problem.code == code


def test_read_opens_no_file(site: Client) -> None:
    assert site.post("/read", json={"text": "/etc/passwd"}).status_code == 422


@pytest.mark.parametrize("sent", [b"{", b"[]", b'{"text": 3}', b'{"text": "\xff"}', b""])
def test_read_malformed(site: Client, sent: bytes) -> None:
    got = site.post("/read", content=sent, headers={"content-type": "application/json"})
    assert msgspec.json.decode(got.content, type=Problem).status == got.status_code == 400


def test_a_page_that_takes_too_long_is_ended(db: str) -> None:
    with TestClient(create_app(Settings(db=db, read_timeout=0.001)), base_url="http://127.0.0.1") as site:
        got = site.post("/read", json={"text": ARTICLE * 500})
        assert (got.status_code, got.json()["code"]) == (503, "slow")


@pytest.mark.parametrize(("sent", "status", "key"), [
    ({"text": "Only English words stand in this short text."}, 422, "not_arabic"), ({"text": ""}, 422, "nothing_sent"),
    ({"text": ARTICLE, "published": "soon"}, 422, "unreadable"),
])  # fmt: skip
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_paste_says_what_is_wrong(site: Client, sent: dict[str, str], status: int, key: str, lang: str) -> None:
    from waqai.web.labels import label

    got = site.post(f"/paste?lang={lang}", data=sent)
    assert got.status_code == status
    assert label(f"problem.{key}", lang) in got.text  # type: ignore[arg-type]


def test_paste_shows_the_record(site: Client) -> None:
    got = site.post("/paste", data={"text": ARTICLE})
    assert got.status_code == 200
    assert 'class="article"' in got.text
    assert "k-trigger" in got.text.split('class="article"')[1]


def test_upload_of_a_page(site: Client, tmp_path: Path) -> None:
    page = f"<!doctype html><html><head><title>خبر</title></head><body><article><p>{ARTICLE}</p><p>{ARTICLE}</p></article></body></html>"
    got = site.post("/paste", data={"text": ""}, files={"file": ("a.html", page.encode(), "text/html")})
    assert got.status_code == 200
    assert "k-trigger" in got.text


def test_pasted_markup_stays_text(site: Client) -> None:
    got = site.post("/paste", data={"text": ARTICLE + "\n<script>window.hit=1</script> <img src=x onerror=hit()>", "outlet": '"><script>x</script>'})
    assert "<script>window" not in got.text
    assert "<img" not in got.text
    assert '"><script>x' not in got.text


# --- whatever is sent ---------------------------------------------------------------------------------------------------

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")


BOUNDED = settings(max_examples=25, deadline=None, phases=[Phase.generate], derandomize=True, database=None,
                   suppress_health_check=list(HealthCheck))  # fmt: skip


def test_no_request_makes_the_api_fail(db: str) -> None:
    described = schemathesis.openapi.from_asgi("/schema/openapi.json", create_app(Settings(db=db, edit=True)))
    tried = 0
    for found in described.get_all_operations():
        operation = found.ok()
        if operation.path == "/read":
            continue  # each example would read an article; the tests above have it

        @BOUNDED
        @given(operation.as_strategy())
        def call(case: object) -> None:
            got = case.call()  # type: ignore[attr-defined]
            assert got.status_code < 500, got.text
            if got.status_code >= 400:
                assert msgspec.json.decode(got.content, type=Problem).status == got.status_code

        call()
        tried += 1
    assert tried > 15
