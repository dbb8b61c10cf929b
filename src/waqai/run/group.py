"""Merging at scale: a Daft group-by on the blocking key, then one on the component. Same groups as the store's.

The scores are of pairs alone, so a pair may be scored wherever its two claims meet. Only the links (two ids and a score) come to
one machine, where they are joined to components; each component is then grouped by whoever has room.
"""

from __future__ import annotations

import functools
import hashlib
from typing import Any

import msgspec

from waqai.export import parquet
from waqai.merge import Fact, edges_of, facts, group_component, link
from waqai.merge.cluster import LARGEST, block_keys, components
from waqai.run.place import Place
from waqai.types import Record

__all__ = ["group_part", "links_of", "merge_run", "packed_facts"]

_PER_FILE = 200_000


def packed_facts(body: str, text: str) -> list[bytes]:
    """Return the facts of a stored record, packed."""
    record = msgspec.json.decode(body, type=Record)
    whole = msgspec.structs.replace(record, document=msgspec.structs.replace(record.document, text=text))
    return [msgspec.msgpack.encode(f) for f in facts(whole)]


def links_of(packed: list[bytes]) -> list[str]:
    """Return the pairs of one block that may be one event, as "a b"."""
    known = sorted((_fact(p) for p in packed), key=lambda f: f.uid)
    return [f"{a.uid} {b.uid}" for i, a in enumerate(known) for b in known[i + 1 :] if link(a, b) is not None]


def group_part(packed: list[bytes]) -> list[str]:
    """Return the events of one component, each as the ids of its claims, the first of which is the event's."""
    by_uid = {f.uid: f for f in map(_fact, packed)}
    edges = edges_of(by_uid) if len(by_uid) > LARGEST else {}
    return [" ".join(g) for g in group_component(sorted(by_uid), by_uid, edges, [], [])]


@functools.lru_cache(maxsize=20_000)
def _fact(packed: bytes) -> Fact:
    return msgspec.msgpack.decode(packed, type=Fact)


def merge_run(daft: Any, place: Place) -> int:
    """Merge the claims of a run into `merged/*.parquet`, write `merged.json` and return the number of events."""
    text, binary, many = daft.DataType.string(), daft.DataType.binary(), daft.DataType.list

    @daft.func(return_dtype=many(binary))  # type: ignore[untyped-decorator]
    def to_facts(body: str, words: str) -> list[bytes]:
        return packed_facts(body, words)

    @daft.func(return_dtype=text)  # type: ignore[untyped-decorator]
    def uid(fact: bytes) -> str:
        return _fact(fact).uid

    @daft.func(return_dtype=many(text))  # type: ignore[untyped-decorator]
    def keys(fact: bytes) -> list[str]:
        return list(dict.fromkeys(block_keys(_fact(fact))))

    @daft.func.batch(return_dtype=many(text))  # type: ignore[untyped-decorator]
    def links(found: Any) -> list[list[str]]:
        return [links_of(found.to_pylist())]

    @daft.func.batch(return_dtype=many(text))  # type: ignore[untyped-decorator]
    def grouped(found: Any) -> list[list[str]]:
        return [group_part(found.to_pylist())]

    names = place.names("documents")
    if not names:
        return _write(place, [])
    documents = daft.read_parquet([f"{place.where.rstrip('/')}/documents/{n}" for n in names])
    documents = documents.select("id", "record", "text").distinct("id").where(documents["record"].not_null())
    claims = documents.select(to_facts(documents["record"], documents["text"]).alias("fact")).explode("fact")
    claims = claims.where(claims["fact"].not_null()).collect()
    claims = claims.with_column("uid", uid(claims["fact"]))
    blocks = claims.with_column("key", keys(claims["fact"])).explode("key")
    pairs = blocks.groupby("key").map_groups(links(blocks["fact"]).alias("pair")).explode("pair")
    found = set(pairs.where(pairs["pair"].not_null()).select("pair").distinct().to_pydict()["pair"])
    edges = [tuple(p.split(" ")) for p in sorted(found)]
    parts = components({u for e in edges for u in e}, edges)
    alone = set(claims.select("uid").to_pydict()["uid"]) - {u for p in parts for u in p}
    events = [[u] for u in alone]
    if parts:
        where = daft.from_pydict({"uid": [u for p in parts for u in p], "part": [p[0] for p in parts for _ in p]})
        joined = claims.join(where, on="uid")
        made = joined.groupby("part").map_groups(grouped(joined["fact"]).alias("event")).explode("event")
        events += [e.split(" ") for e in made.to_pydict()["event"]]
    return _write(place, sorted(events))


def _write(place: Place, events: list[list[str]]) -> int:
    files = []
    for start in range(0, len(events), _PER_FILE):
        data = parquet.encode("merged", [(e[0], e, len(e)) for e in events[start : start + _PER_FILE]])
        files.append(f"{hashlib.sha256(data).hexdigest()[:32]}.parquet")
        place.write(f"merged/{files[-1]}", data)
    for name in set(place.names("merged")) - set(files):  # of an earlier merge of fewer articles
        place.remove(f"merged/{name}")
    place.write("merged.json", msgspec.json.encode({"events": len(events), "files": files}))
    return len(events)
