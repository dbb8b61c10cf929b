"""Take a picture of every page of the site, in both languages, on a desktop and a phone: one command.

    python scripts/screenshots.py --db news.db --out shots            all pages
    python scripts/screenshots.py --db news.db --out docs/screenshots --docs   the six of the documentation

Needs the packages `playwright` and those of the extra `web`, and Chromium (Debian's package, or --chromium PATH).
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

DOCS = ("home", "timeline", "event", "relation", "article", "network")
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


@contextlib.contextmanager
def serving(db: str, **more: object) -> Iterator[str]:
    """Run the site in a thread and give its address."""
    import uvicorn

    from waqai.web.app import create_app
    from waqai.web.settings import Settings

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(Settings(db=db, **more))  # type: ignore[arg-type]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def pages(db: str, pair: tuple[str, str] | None = None) -> dict[str, str]:
    """Return the address of each page, with things that the store has."""
    from waqai import query
    from waqai.query.types import EventView
    from waqai.store import Store

    def best(event: EventView) -> tuple[int, int, int]:
        return len(event.differs), event.outlets, event.claims

    with Store.open(db) as store:
        home = query.home(store)
        events = query.timeline(store, limit=200).items
        event = max(events, key=best)
        two = pair or next((tuple(e.countries) for e in sorted(events, key=best, reverse=True) if len(e.countries) == 2), ("EGY", "SAU"))
        document = max(home.latest, key=lambda d: d.claims)
        states = [r for c in home.countries[:3] for r in query.actors(store, {"MAR": "المغرب", "EGY": "مصر"}.get(c.country, ""), 1)]
        network = query.network(store, limit=40)
        actor = states[0].id if states else network.nodes[0].id
        outlet = next((o.value for o in query.outlets(store)), "")
    return {
        "home": "/", "search": "/search?q=" + quote("وزير"), "timeline": "/timeline", "event": f"/event/{event.id}", "relations": "/relation",
        "relation": f"/relation/{two[0]}/{two[1]}", "agreements": "/agreements", "visits": "/visits", "deals": "/deals",
        "actor": f"/actor/{actor}", "outlets": "/outlets", "outlet": f"/outlet/{quote(outlet, safe='')}", "article": f"/article/{document.id[:16]}",
        "map": "/map", "network": "/network?limit=80", "saved": f"/saved?country={two[0]}", "about": "/about", "paste": "/paste?sample=maghreb_agreement",
        "schema": "/schema", "missing": "/event/nothing.v0", "refused": "/timeline?from=yesterday",
    }  # fmt: skip


def take(base: str, found: dict[str, str], out: Path, chromium: str, docs: bool) -> int:
    """Write the pictures; return how many."""
    from playwright.sync_api import sync_playwright

    taken = 0
    with sync_playwright() as run:
        browser = run.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for size, (width, height) in SIZES.items():
            for lang in ("ar", "en"):
                page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1)
                for name, path in found.items():
                    if docs and (name not in DOCS or size == "phone" or lang == "en"):
                        continue
                    page.goto(base + path + (("&" if "?" in path else "?") + "lang=en" if lang == "en" else ""))
                    page.wait_for_load_state("networkidle")
                    shown = out / (f"{name}.png" if docs else f"{name}-{lang}-{size}.png")
                    page.screenshot(path=shown, full_page=not docs)
                    taken += 1
                page.close()
        browser.close()
    return taken


def main() -> None:
    """Read the options and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--docs", action="store_true", help="only the six pictures of the documentation")
    parser.add_argument("--pair", nargs=2, metavar=("A", "B"), help="the two countries of the relation page")
    parser.add_argument("--only", nargs="*", help="names of pages")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    found = pages(given.db, tuple(given.pair) if given.pair else None)
    if given.only:
        found = {k: v for k, v in found.items() if k in given.only}
    with serving(given.db) as base:
        taken = take(base, found, given.out, given.chromium, given.docs)
    sys.stderr.write(f"{taken} pictures in {given.out}\n")


if __name__ == "__main__":
    main()
