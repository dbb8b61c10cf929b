"""The site without a browser: pages, twins, languages, problems, what may be written."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

pytest.importorskip("litestar", reason="the extra `web` is not installed")
pytest.importorskip("jinja2", reason="the extra `web` is not installed")

from litestar.testing import TestClient
from web_samples import HOSTILE, fill

from waqai import query
from waqai.store import Store
from waqai.web import labels
from waqai.web.app import Gate, create_app
from waqai.web.marks import Mark, clean, pieces
from waqai.web.settings import Search, Settings

Client = TestClient[Gate]
LISTS = ("/", "/search?q=المغرب", "/timeline", "/relation", "/relation/MAR/IRN", "/agreements", "/visits", "/deals", "/outlets", "/map",
         "/network", "/saved", "/about")  # fmt: skip


def client(db: str, **more: object) -> Client:
    return TestClient(create_app(Settings(db=db, **more)), base_url="http://127.0.0.1")  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fill(tmp_path_factory.mktemp("web") / "s.db")


@pytest.fixture(scope="module")
def site(db: str) -> Iterator[Client]:
    with client(db) as made:
        yield made


@pytest.fixture(scope="module")
def named(db: str) -> list[str]:
    """Addresses of things that the store has."""
    return found_in(db)


def found_in(db: str) -> list[str]:
    with Store.open(db) as store:
        home = query.home(store)
        events = query.timeline(store).items
        nodes = query.network(store).nodes
        outlets = query.outlets(store)
    # The test client decodes an address twice, a server once: a percent sign in a name is written for the former.
    return [
        *(f"/event/{e.id}" for e in events), *(f"/article/{d.id[:16]}" for d in home.latest), *(f"/actor/{n.id}" for n in nodes),
        *(f"/outlet/{quote(o.value.replace('%', '%25'), safe='')}" for o in outlets),
    ]  # fmt: skip


class Page(HTMLParser):
    """What a page holds that could run or lead elsewhere."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.inline: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._in = ""
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        self._in = tag
        if tag == "script":
            self.scripts.append(found.get("src") or "")
        self.handlers += [k for k in found if k.startswith("on") or k == "style"]
        self.links += [v or "" for k, v in attrs if k in ("href", "src", "action", "hx-get")]

    def handle_data(self, data: str) -> None:
        if self._in in ("script", "style") and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in = ""


# --- the dictionary -----------------------------------------------------------------------------------------------------


def test_every_label_has_both_languages() -> None:
    assert all(set(said) == {"ar", "en"} for said in labels.all_labels().values())


def test_every_type_and_mode_has_a_label() -> None:
    from waqai import words

    types = words.default().ontology.types
    wanted = {f"type.{t}" for t in types} | {f"mode.{m}" for t in types.values() for m in t.modes}
    assert wanted <= set(labels.all_labels())


def test_every_problem_has_a_label() -> None:
    source = Path("src/waqai/web/problems.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'"((?:bad|not|no|too)_[a-z_]+)"', source)) - {"not_found_"}
    assert {f"problem.{c}" for c in codes} <= set(labels.all_labels())


@pytest.mark.parametrize(("number", "said"), [(1, "مصدر واحد"), (2, "مصدران"), (3, "3 مصادر"), (11, "11 مصدرا"), (103, "103 مصادر")])
def test_arabic_counts(number: int, said: str) -> None:
    assert labels.counted(number, "outlets", "ar") == said


def test_labels_hold_no_bidi_controls() -> None:
    text = Path("src/waqai/web/labels.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u0640]", text)


# --- pages --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(("lang", "way"), [("ar", "rtl"), ("en", "ltr")])
def test_page_in_both_languages(site: Client, path: str, lang: str, way: str) -> None:
    got = site.get(path + ("&" if "?" in path else "?") + f"lang={lang}")
    assert got.status_code == 200
    assert f'<html lang="{lang}" dir="{way}">' in got.text


def test_named_pages(site: Client, named: list[str]) -> None:
    assert {p.split("/")[1] for p in named} == {"event", "article", "actor", "outlet"}
    assert {site.get(p).status_code for p in named} == {200}


def test_twins(site: Client, named: list[str]) -> None:
    for path in [*(p for p in LISTS if p != "/"), "/home", *named[:4], named[-1]]:
        base, _, query_string = path.partition("?")
        for form, kind in (("json", "application/json"), ("csv", "text/csv")):
            got = site.get(f"{base}.{form}?{query_string}")
            assert got.status_code == 200, path
            assert got.headers["content-type"].startswith(kind)


def test_the_twin_holds_what_the_query_answers(site: Client, db: str) -> None:
    with Store.open(db) as store:
        found = query.timeline(store, query.Filters(country=["IRN"]))
    assert [e["id"] for e in site.get("/timeline.json?country=IRN").json()["events"]["items"]] == [e.id for e in found.items]


def test_csv_has_a_row_an_event(site: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(site.get("/timeline.csv?type=ASSAULT").content.decode("utf-8-sig"))))
    assert {r["type"] for r in rows} == {"ASSAULT"}


def test_filters_stand_in_the_address(site: Client) -> None:
    page = site.get("/timeline?type=SANCTION")
    assert "قطع" in page.text
    assert "هجوم" not in page.text


def test_country_by_name(site: Client) -> None:
    got = site.get("/relation?a=المغرب&b=Iran&lang=en", follow_redirects=False)
    assert got.headers["location"] == "/relation/IRN/MAR?lang=en"


def test_relation_draws_its_steps_without_scripts(site: Client) -> None:
    text = site.get("/relation/MAR/IRN").text
    assert 'class="line"' in text
    assert labels.label("change.severed", "ar") in text


def test_event_shows_where_outlets_differ(site: Client, db: str) -> None:
    with Store.open(db) as store:
        event = next(e for e in query.timeline(store, query.Filters(type=["ASSAULT"])).items if "dead" in e.differs)
    text = site.get(f"/event/{event.id}").text
    assert labels.label("differ.dead", "ar") in text
    assert "sha256:" in text


def test_article_marks_every_kind(site: Client, db: str) -> None:
    with Store.open(db) as store:
        article = query.outlet(store, "الجريدة").latest[0]
    text = site.get(f"/article/{article.id[:16]}").text
    for kind in ("trigger", "actor", "time", "source", "loaded", "quote", "residue"):
        assert re.search(rf'<span class="[^"]*k-{kind} [^"]*"', text.split('class="article"')[1]), kind


def test_no_inline_script_style_or_other_host(site: Client, named: list[str]) -> None:
    for path in [*LISTS, *named, "/paste", "/schema", "/event/none"]:
        page = Page(site.get(path).text)
        assert not page.inline, path
        assert not page.handlers, path
        assert all(s.startswith("/static/") for s in page.scripts), path


def test_policy_headers(site: Client) -> None:
    headers = site.get("/").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_head_has_no_body(site: Client) -> None:
    got = site.head("/timeline")
    assert got.status_code == 200
    assert got.content == b""


def test_etag(site: Client) -> None:
    tag = site.get("/timeline").headers["etag"]
    assert site.get("/timeline", headers={"if-none-match": tag}).status_code == 304
    assert site.get("/timeline?lang=en", headers={"if-none-match": tag}).status_code == 200


def test_saved_searches_are_listed(db: str) -> None:
    with client(db, searches=[Search(name="إيران", query="country=IRN")]) as site:
        assert "/feed.atom?country=IRN" in site.get("/saved").text


def test_atom(site: Client) -> None:
    root = ElementTree.fromstring(site.get("/feed.atom?country=IRN").content)
    assert root.findall("{http://www.w3.org/2005/Atom}entry")


def test_ical(site: Client) -> None:
    text = site.get("/feed.ics?country=IRN").content.decode()
    assert "DTSTART;VALUE=DATE:20180501" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_api_is_shown_without_scripts_of_others(site: Client) -> None:
    assert "/api/timeline" in site.get("/schema").text


# --- problems -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "status", "key"), [
    ("/event/nothing.v0", 404, "not_found_event"), ("/article/nothing", 404, "not_found_article"), ("/actor/لا أحد", 404, "not_found_actor"),
    ("/outlet/لا شيء", 404, "not_found_outlet"), ("/nowhere", 404, "not_found"), ("/timeline?from=yesterday", 400, "bad_date"),
    ("/timeline?from=2022&to=2021", 400, "bad_date"), ("/timeline?country=Atlantis", 400, "bad_country"), ("/timeline?pair=MAR", 400, "bad_pair"),
    ("/timeline?type=DANCE", 400, "bad_value"), ("/timeline?contry=MAR", 400, "bad_param"), ("/timeline?cursor=zzz", 400, "bad_cursor"),
    ("/timeline?limit=9999", 400, "bad_limit"), ("/relation/MAR/MAR", 400, "bad_pair"), ("/search?q=" + "س" * 1001, 400, "bad_long"),
    ("/timeline?actor=%00", 400, "bad_param"), ("/event/%00", 400, "bad_param"), ("/search?order=best", 400, "bad_value"),
])  # fmt: skip
@pytest.mark.parametrize("lang", labels.LANGUAGES)
def test_bad_input_is_told_in_the_readers_language(site: Client, path: str, status: int, key: str, lang: labels.Lang) -> None:
    got = site.get(path + ("&" if "?" in path else "?") + f"lang={lang}")
    assert got.status_code == status
    assert labels.label(f"problem.{key}", lang).replace("'", "&#39;") in got.text
    assert "Traceback" not in got.text


def test_store_missing(tmp_path: Path) -> None:
    with client(str(tmp_path / "no.db")) as site:
        got = site.get("/")
        assert got.status_code == 503
        assert labels.label("problem.no_store", "ar") in got.text
        assert str(tmp_path) not in got.text
        assert site.get("/api/home").json()["code"] == "no_store"


def test_store_moved_away_and_back(tmp_path: Path) -> None:
    where = Path(fill(tmp_path / "s.db"))
    with client(str(where)) as site:
        assert site.get("/").status_code == 200
        where.rename(tmp_path / "away.db")
        assert site.get("/").status_code == 503
        (tmp_path / "away.db").rename(where)
        assert site.get("/").status_code == 200


def test_not_a_store(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("not a database" * 100)
    with client(str(tmp_path / "x.db")) as site:
        assert site.get("/").status_code == 503


def test_empty_store_says_so(tmp_path: Path) -> None:
    Store.open(str(tmp_path / "e.db"), "rw").close()
    with client(str(tmp_path / "e.db")) as site:
        assert labels.label("site.empty", "ar") in site.get("/").text
        assert {site.get(p).status_code for p in LISTS} == {200}


def test_about_tells_no_path_of_the_server(site: Client, db: str) -> None:
    for path in ("/about", "/about.json", "/api/status"):
        text = site.get(path).text
        assert "/srv/secret" not in text
        assert str(Path(db).parent) not in text


# --- behind a proxy -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", ["", "/waqai"])
def test_prefix(db: str, named: list[str], sent: str) -> None:
    with client(db, url="https://news.example/waqai") as site:
        for path in [*LISTS, *named]:
            got = site.get(sent + path)
            assert got.status_code == 200
            inside = [x for x in Page(got.text).links if x.startswith("/")]
            assert inside
            assert all(x.startswith("/waqai/") for x in inside), path


def test_feed_has_the_public_address(db: str) -> None:
    with client(db, url="https://news.example/waqai") as site:
        assert "https://news.example/waqai/event/" in site.get("/feed.atom").text


# --- hostile content ----------------------------------------------------------------------------------------------------


def test_stored_markup_stays_text(tmp_path: Path) -> None:
    db = fill(tmp_path / "bad.db", bad=True)
    with client(db, edit=True) as site:
        paths = [*LISTS, *found_in(db), *(f"/search?q={quote(h)}" for h in HOSTILE)]
        for path in paths:
            got = site.get(path)
            assert got.status_code == 200, path
            page = Page(got.text)
            assert not page.inline, path
            assert not page.handlers, path
            assert not [x for x in page.links if x.strip().lower().startswith(("javascript:", "data:"))], path
            assert not re.search("[\u202a-\u202e\u2066-\u2069]", got.text), path
        assert ElementTree.fromstring(site.get("/feed.atom").content) is not None


def test_csv_cells_are_no_formulas(tmp_path: Path) -> None:
    from waqai.web.tables import write

    assert write((("a",), [["=1+1"], ["@x"], ["-2"], [3.5]])).decode("utf-8-sig").split() == ["a", "'=1+1", "'@x", "'-2", "3.5"]


def test_pieces_give_the_text_back() -> None:
    text = "abcdefghij"
    marks = [Mark(0, 4, "actor", "v1"), Mark(2, 6, "trigger", "v2"), Mark(2, 6, "name"), Mark(9, 10, "time"), Mark(5, 5, "place")]
    got = pieces(text, 0, 10, marks)
    assert "".join(p.text for p in got) == text
    assert [p.first for p in got if p.first] == ["v2"]


def test_clean_drops_overrides() -> None:
    assert clean("a\u202eb\u2066c\x00") == "abc"


# --- the command --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("options", "said"), [
    (["--edit", "--host", "0.0.0.0"], "--token"), (["--url", "news.example"], "--url"), (["--topojson", "README.md"], "--topojson"),
    (["--searches", "none.toml"], "--searches"), (["--port", "99999"], "port"),
])  # fmt: skip
def test_serve_refuses_what_cannot_be(db: str, options: list[str], said: str) -> None:
    from typer.testing import CliRunner

    from waqai.cli import app

    got = CliRunner().invoke(app, ["serve", "--db", db, *options])
    assert got.exit_code == 2
    assert said in got.output


def test_a_process_of_the_server_gets_its_settings(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec

    from waqai.web import app, reader

    monkeypatch.setattr(reader.Reader, "warm", lambda self: None)
    monkeypatch.setenv(app.ENVIRONMENT, msgspec.json.encode(Settings(db=db, url="https://x.example/w")).decode())
    assert app.from_environment().site.settings.prefix == "/w"


def test_own_shapes(db: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text('{"type": "Topology", "objects": {"a": {"type": "GeometryCollection", "geometries": []}}, "arcs": []}')
    with client(db, topojson=str(mine)) as site:
        assert site.get("/shapes.json").json()["objects"] == {"a": {"type": "GeometryCollection", "geometries": []}}
        assert labels.label("map.own_borders", "ar") in site.get("/map").text


# --- judging ------------------------------------------------------------------------------------------------------------


def two(db: str) -> dict[str, str]:
    with Store.open(db) as store:
        a, b = (query.search(store, filters=query.Filters(type=[t])).items[0].id for t in ("SANCTION", "CONSULT"))
    return {"verdict": "different", "a": a, "b": b, "who": "قارئة"}


def test_read_only_unless_edit(site: Client, db: str) -> None:
    assert site.post("/api/judgements", json=two(db)).status_code == 403
    assert site.post("/judge", data=two(db)).status_code == 403


def test_a_form_of_another_site_is_refused(tmp_path: Path) -> None:
    db = fill(tmp_path / "s.db")
    with client(db, edit=True) as site:
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}, {"host": "evil.example"}):
            assert site.post("/judge", data=two(db), headers=headers).status_code == 403


def test_judging_is_kept_and_shown(tmp_path: Path) -> None:
    db = fill(tmp_path / "s.db")
    with client(db, edit=True) as site:
        got = site.post("/judge", data=two(db), follow_redirects=False)
        assert got.status_code == 303
        assert "قارئة" in site.get(got.headers["location"]).text


def test_the_token_is_needed(tmp_path: Path) -> None:
    db = fill(tmp_path / "s.db")
    with client(db, edit=True, token="secret") as site:
        assert site.post("/api/judgements", json=two(db)).status_code == 403
        assert site.post("/api/judgements", json=two(db), headers={"authorization": "Bearer wrong"}).status_code == 403
        assert site.post("/api/judgements", json=two(db), headers={"authorization": "Bearer secret"}).status_code == 201


def test_editors_enter_with_the_token(tmp_path: Path) -> None:
    db = fill(tmp_path / "s.db")
    with client(db, edit=True, token="secret") as site:
        assert site.post("/judge", data=two(db), follow_redirects=False).headers["location"] == "/token"
        assert site.post("/token", data={"token": "no"}).status_code == 403
        entered = site.post("/token", data={"token": "secret"}, follow_redirects=False)
        assert "httponly" in entered.headers["set-cookie"].lower()
        assert "secret" not in entered.headers["set-cookie"]
        assert site.post("/judge", data=two(db), follow_redirects=False).headers["location"].startswith("/event/")


def test_judging_changes_the_pages(tmp_path: Path) -> None:
    db = fill(tmp_path / "s.db")
    with client(db, edit=True) as site:
        before = site.get("/timeline").headers["etag"]
        site.post("/judge", data=two(db))
        assert site.get("/timeline").headers["etag"] != before


