"""The site in a browser: every page in both languages, with and without JavaScript, on a desktop and a phone."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

pytest.importorskip("litestar", reason="the extra `web` is not installed")
pytest.importorskip("uvicorn", reason="the extra `web` is not installed")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
if not CHROMIUM:
    pytest.skip("there is no Chromium here (apt-get install chromium)", allow_module_level=True)

from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from web_samples import fill

from waqai import query
from waqai.store import Store
from waqai.web.app import create_app
from waqai.web.labels import label
from waqai.web.settings import Settings

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextlib.contextmanager
def serving(db: str) -> Iterator[str]:
    import uvicorn

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(db=db, edit=True)), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fill(tmp_path_factory.mktemp("browser") / "s.db", bad=True)


@pytest.fixture(scope="module")
def base(db: str) -> Iterator[str]:
    with serving(db) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as run:
        made = run.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def paths(db: str) -> list[str]:
    """Every kind of page, hostile things among them."""
    with Store.open(db) as store:
        home = query.home(store)
        events = query.timeline(store).items
        nodes = query.network(store).nodes
        outlets = [o.value for o in query.outlets(store)]
    bad = [d.id[:16] for d in home.latest if d.outlet and "<" in d.outlet]
    good = next(d.id[:16] for d in home.latest if d.outlet == "الجريدة")
    differs = next(e.id for e in events if e.differs)
    return [
        "/", "/search?q=" + quote("قطع"), "/search?q=" + quote("\"><script>window.hit=1</script>"), "/timeline", "/relation", "/relation/MAR/IRN",
        "/agreements", "/visits", "/deals", "/outlets", "/map", "/network", "/saved?country=MAR", "/about", "/paste", "/schema",
        f"/event/{differs}", f"/event/{bad[0]}.v0", f"/article/{good}", f"/article/{bad[0]}", f"/article/{bad[1]}",
        *(f"/actor/{n.id}" for n in nodes[:3]), *(f"/outlet/{quote(o, safe='')}" for o in outlets if "<" in o or o == "الجريدة"),
        "/event/nothing", "/timeline?country=" + quote("<b>x"),
    ]  # fmt: skip


def with_lang(path: str, lang: str) -> str:
    return path + ("&" if "?" in path else "?") + f"lang={lang}"


def watched(page: Page, base: str) -> list[str]:
    """Collect what must not happen: errors, refused content, requests to other hosts, dialogs."""
    found: list[str] = []
    host = urlsplit(base).netloc

    def console(message: ConsoleMessage) -> None:
        # A page of a problem is itself a failed request to the console.
        if message.type == "error" and "Failed to load resource" not in message.text:
            found.append(f"{page.url}: {message.text}")

    page.on("console", console)
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    page.on("dialog", lambda dialog: (found.append(f"{page.url}: dialog"), dialog.dismiss()))
    page.on("request", lambda request: urlsplit(request.url).netloc == host or found.append(f"{page.url}: asks {request.url}"))
    return found


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("scripts", [True, False], ids=["js", "nojs"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page(browser: Browser, base: str, paths: list[str], lang: str, scripts: bool, size: dict[str, int]) -> None:
    context = browser.new_context(viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
    page = context.new_page()
    bad = watched(page, base)
    for path in paths:
        got = page.goto(base + with_lang(path, lang))
        assert got is not None
        assert got.status == (404 if path == "/event/nothing" else 400 if path.startswith("/timeline?country") else 200), path
        assert page.locator("h1").first.is_visible(), path
        assert page.locator("html").get_attribute("lang") == lang
        if scripts:
            assert page.evaluate("window.hit") is None, path
            width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            assert width[0] <= width[1], f"{path} is wider than the screen: {width}"
    context.close()
    assert not bad


@pytest.mark.parametrize(("lang", "scheme"), [("ar", "light"), ("en", "dark")])
def test_no_serious_accessibility_fault(browser: Browser, base: str, paths: list[str], lang: str, scheme: str) -> None:
    context = browser.new_context(viewport=DESKTOP, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    faults: dict[str, list[str]] = {}
    kinds: dict[tuple[str, int], str] = {}  # one page of each kind, and one that says what is wrong
    for path in paths:
        kinds.setdefault((path.split("?")[0].split("/")[1], path.count("/")), path)
    for path in [*kinds.values(), "/event/nothing"]:
        page.goto(base + with_lang(path, lang))
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE)
        found = page.evaluate("axe.run({resultTypes: ['violations']})")
        for v in found["violations"]:
            if v["impact"] in ("serious", "critical"):
                where = [n["html"][:150] for n in v["nodes"][:2]]
                faults.setdefault(v["id"], []).append(f"{path} {where}")
    context.close()
    assert not faults, {k: v[:3] for k, v in faults.items()}


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP, base_url=base)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_text_and_panel_show_each_other(page: Page, db: str) -> None:
    with Store.open(db) as store:
        article = query.outlet(store, "الجريدة").latest[0]
    page.goto(f"/article/{article.id[:16]}")
    page.locator(".article .k-trigger a").first.click()
    expect(page.locator(".panel li.on")).to_have_count(1)
    page.locator(".panel .word").first.click()
    expect(page.locator(".article .k-trigger.on")).to_have_count(1)


def test_panel_is_linked_without_scripts(browser: Browser, base: str, db: str) -> None:
    with Store.open(db) as store:
        article = query.outlet(store, "الجريدة").latest[0]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/article/{article.id[:16]}")
    page.locator(".article .k-trigger a").first.click()
    assert page.url.endswith("#v0")
    assert page.locator("#v0").count() == 1
    context.close()


def test_map_and_network_are_drawn(page: Page) -> None:
    page.goto("/map")
    expect(page.locator("figure.map .land").first).to_be_attached()
    expect(page.locator("figure.map circle.place").first).to_be_attached()
    page.goto("/network")
    expect(page.locator("figure.network circle.node").first).to_be_attached()
    assert page.locator("[data-failed]").count() == 0


def test_more_is_appended(page: Page) -> None:
    page.goto("/timeline?limit=2")
    expect(page.locator("#list > li")).to_have_count(2)
    page.locator(".more a").click()
    expect(page.locator("#list > li")).to_have_count(4)
    page.locator(".more a").click()
    expect(page.locator("#list > li")).to_have_count(6)


def test_brush_narrows_the_period(page: Page) -> None:
    page.goto("/timeline")
    expect(page.locator(".brush .overlay")).to_be_attached()
    box = page.locator(".months svg").bounding_box()
    assert box is not None
    y = box["y"] + 6
    page.mouse.move(box["x"] + 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 3, y, steps=5)
    page.mouse.up()
    page.wait_for_url(re.compile(r"/timeline\?.*from="), timeout=10_000)
    assert "to=" in page.url


def test_hover_shows_the_evidence_of_a_step(page: Page) -> None:
    page.goto("/relation/MAR/IRN")
    page.locator(".steps circle.dot").first.hover()
    expect(page.locator(".steps .tip")).to_contain_text("2018")


def test_theme_is_kept(page: Page) -> None:
    page.goto("/")
    before = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.locator("button.theme").click()
    page.goto("/about")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != before


def test_fonts_are_the_sites_own(page: Page) -> None:
    page.goto("/")
    assert page.evaluate("document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family).length)") >= 2


def test_search_from_the_first_page(page: Page) -> None:
    page.goto("/")
    page.locator("main input[name=q]").fill("هجوم")
    page.locator("main form button").first.click()
    expect(page.locator("#list li.event").first).to_be_visible()


def test_judging_with_the_form(page: Page, db: str) -> None:
    with Store.open(db) as store:
        event = next(e.id for e in query.timeline(store).items if e.claims > 1)
    page.goto(f"/event/{event}")
    form = page.locator(".claims form.judge").last
    form.locator("input[name=who]").fill("قارئة")
    form.get_by_role("button", name=label("event.different", "ar")).click()
    expect(page.locator("body")).to_contain_text("قارئة")


@pytest.mark.parametrize("scripts", [True, False], ids=["js", "nojs"])
def test_paste_shows_the_record(browser: Browser, base: str, scripts: bool) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=scripts)  # type: ignore[arg-type]
    page = context.new_page()
    bad = watched(page, base)
    page.goto(base + "/paste")
    markup = "<script>window.hit=1</script><img src=x onerror=window.hit=1>"
    page.locator("textarea").fill("أدانت الحكومة المصرية يوم الثلاثاء التفجير في بغداد. " + markup)
    page.locator("form.paste button").click()
    expect(page.locator(".article .k-trigger").first).to_be_visible(timeout=60_000)
    if scripts:
        assert page.evaluate("window.hit") is None
    context.close()
    assert not bad
