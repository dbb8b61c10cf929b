"""How answers of the store are printed: lines for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from waqai.query.types import ClaimView, EventView

__all__ = ["Form", "claim_text", "claims_csv", "csv_out", "event_text", "events", "json_out", "more", "put", "table"]


class Form(StrEnum):
    """Format of output."""

    text = "text"
    json = "json"
    csv = "csv"


def events(items: Sequence[EventView], whole: object, form: Form, more: str) -> None:
    """Print merged events; `whole` is what JSON gives, `more` how a text ends."""
    head = ["id", "date", "type", "mode", "status", "countries", "outlets", "independent", "claims", "differs", "sentence", "url"]
    rows = [[e.id, e.date, e.type, " ".join(e.mode), e.status, " ".join(e.countries), e.outlets, e.independent, e.claims,
             " ".join(e.differs), e.sentence.text, e.document.url] for e in items]  # fmt: skip
    if form is Form.text:
        for e in items:
            put(event_text(e))
        put(f"{len(items)} events{more}")
    else:
        table(whole, head, rows, form, more)


def event_text(e: EventView) -> str:
    """Return a merged event in two lines."""
    what = "/".join([e.type, *e.mode])
    mark = "" if e.status == "actual" else f" ({e.status})"
    return (f"{e.date or 'undated':10} {what}{mark} {' '.join(e.countries)}: reported by {e.outlets} outlets, {e.independent} "
            f"independent [{e.id}]\n    {e.sentence.text}\n")  # fmt: skip


def claim_text(c: ClaimView) -> str:
    """Return a claim in three lines: what, the sentence, the article."""
    e, d = c.event, c.document
    what = "/".join([e.type, *e.mode])
    mark = "" if e.status == "actual" else f" ({e.status})"
    sides = [" ".join(p.country or "?" for p in ps) for ps in (e.actors, e.recipients)]
    who = " → ".join(s for s in sides if s)
    return (f"{e.date or 'undated':10} {what}{mark} {who} [{c.id}]\n    {c.sentence.text}\n"
            f"    {d.outlet or '?'}, {d.published or '?'}, {d.url or d.id[:16]}\n")  # fmt: skip


def claims_csv(items: Sequence[ClaimView]) -> None:
    """Print claims as CSV."""
    head = ["id", "event", "date", "type", "mode", "status", "actors", "recipients", "place", "trigger", "sentence", "source",
            "outlet", "published", "title", "url", "document", "start", "end"]  # fmt: skip
    csv_out(head, [
        [c.id, c.merged, c.event.date, c.event.type, " ".join(c.event.mode), c.event.status,
         "; ".join(p.text for p in c.event.actors), "; ".join(p.text for p in c.event.recipients),
         (c.event.place.name or c.event.place.text) if c.event.place else "", c.event.trigger.text, c.sentence.text,
         "; ".join(s.text for s in c.event.sources), c.document.outlet, c.document.published, c.document.title, c.document.url,
         c.document.id, c.sentence.start, c.sentence.end]
        for c in items
    ])  # fmt: skip


def table(whole: object, head: list[str], rows: list[list[Any]], form: Form, more: str) -> None:
    """Print rows in any format; `whole` is what JSON gives."""
    if form is Form.json:
        json_out(whole)
    elif form is Form.csv:
        csv_out(head, rows)
    else:
        for row in rows:
            put("  ".join(str(v) for v in row if v not in (None, "")) + "\n")
        put(f"{len(rows)} rows{more}")


def csv_out(head: list[str], rows: list[list[Any]]) -> None:
    """Print rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    # A cell that a spreadsheet would run as a formula is text: it comes from strangers' pages.
    writer.writerows([[f"'{v}" if isinstance(v, str) and v[:1] in "=+-@\t" else v for v in row] for row in rows])
    put(out.getvalue())


def json_out(value: object) -> None:
    """Print a struct as JSON."""
    import msgspec

    put(msgspec.json.format(msgspec.json.encode(value)).decode() + "\n")


def more(cursor: str | None) -> str:
    """Return how a page that goes on ends."""
    return f"; more with --after {cursor}\n" if cursor else "\n"


def put(text: str) -> None:
    """Write to standard output."""
    sys.stdout.write(text)
