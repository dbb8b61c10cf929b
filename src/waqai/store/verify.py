"""`waqai verify`: does every stored span still give its words, and can every merged event be made again?"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import msgspec

from waqai.merge import Fact, claim_uid, facts, merge_facts
from waqai.store.db import Database
from waqai.store.merged import judgements
from waqai.store.rows import unpack
from waqai.types import Record

__all__ = ["Fault", "Verified", "verify"]

_AT_ONCE = 500


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong, and where."""

    what: str
    where: str


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked, and the faults."""

    documents: int
    claims: int
    spans: int
    events: int
    faults: list[Fault]


def verify(db: Database) -> Verified:
    """Read the whole store and check it. Takes about as long as merging it anew, and its memory."""
    with db.snapshot():
        faults = [Fault(what=w, where=db.where) for w in db.check()]
        if faults:
            return Verified(documents=0, claims=0, spans=0, events=0, faults=faults)
        documents = claims = spans = 0
        known: list[Fact] = []
        for doc, uid, live, blob in _documents(db):
            documents += 1
            try:
                record = unpack(blob)
            except (zlib.error, msgspec.MsgspecError) as error:
                faults.append(Fault(what=f"the stored record is broken ({error})", where=f"document {uid}"))
                continue
            bad, n = _spans(record)
            spans += n
            faults += (Fault(what=b, where=f"document {uid}") for b in bad)
            stored = [str(r[0]) for r in db.rows("SELECT uid FROM claims WHERE doc = ? ORDER BY id", (doc,))]
            claims += len(stored)
            if stored != [claim_uid(record.document.id, e.id) for e in record.events]:
                faults.append(Fault(what="its claims are not those of its record", where=f"document {uid}"))
            elif live:
                known += facts(record)
        events, wrong = _merged(db, known)
        return Verified(documents=documents, claims=claims, spans=spans, events=events, faults=faults + wrong)


def _documents(db: Database) -> Iterator[tuple[int, str, bool, bytes]]:
    last = 0
    while rows := db.rows(f"SELECT id, uid, live, record FROM documents WHERE id > ? ORDER BY id LIMIT {_AT_ONCE}", (last,)):
        for doc, uid, live, blob in rows:
            yield int(doc), str(uid), bool(live), bytes(blob)
        last = int(rows[-1][0])


def _spans(record: Record) -> tuple[list[str], int]:
    """Return the spans that do not give their words, and how many there are."""
    text, bad, n = record.document.text, list[str](), 0
    stack: list[object] = [v for f in record.__struct_fields__ if f != "document" for v in [getattr(record, f)]]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack += item
        elif isinstance(item, msgspec.Struct):
            fields = item.__struct_fields__
            stack += [getattr(item, f) for f in fields if f not in ("start", "end", "text")]
            if "start" in fields and "text" in fields:
                n += 1
                start, end, words = getattr(item, "start"), getattr(item, "end"), getattr(item, "text")  # noqa: B009
                if text[start:end] != words:
                    bad.append(f"{type(item).__name__} {start}:{end} is not «{words[:40]}»")
    return bad, n


def _merged(db: Database, known: list[Fact]) -> tuple[int, list[Fault]]:
    """Return the merged events and those that merging anew would not give."""
    if db.rows("SELECT 1 FROM dirty LIMIT 1") or db.rows(
        "SELECT 1 FROM claims, meta WHERE key = 'merged_to' AND live = 1 AND id > CAST(value AS INTEGER) LIMIT 1"
    ):
        return 0, [Fault(what="claims wait for merging: run `waqai merge`, then verify again", where=db.where)]
    stored: dict[str, list[str]] = {}
    rows = db.rows("SELECT e.uid, c.uid FROM merged_claims m JOIN merged e ON e.id = m.merged JOIN claims c ON c.id = m.claim")
    for event, claim in rows:
        stored.setdefault(str(event), []).append(str(claim))
    fresh = {m.id: m.claims for m in merge_facts(known, judgements(db))}
    kept = {e: sorted(c) for e, c in stored.items()}
    wrong = sorted(e for e in kept.keys() | fresh.keys() if kept.get(e) != fresh.get(e))
    what = "merging anew gives another event: run `waqai merge --rebuild`"
    return len(kept), [Fault(what=what, where=f"event {e}") for e in wrong]
