"""Parquet: what was read as five flat tables for analysis, and back to records.

The bytes depend on the rows alone, so that a file can be named by its hash and one that is made again is the same file.
`documents.record` is the whole record as JSON, without the text, which stands in its own column.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from waqai.errors import FormatError
from waqai.types import Event, Failure, Party, Record

__all__ = ["TABLES", "encode", "failures", "read", "records", "rows"]

TABLES: dict[str, dict[str, str]] = {
    "documents": {
        "id": "text", "content_hash": "text", "url": "text", "outlet": "text", "outlet_country": "text", "title": "text",
        "author": "text", "published": "text", "published_basis": "text", "source": "text", "events": "int", "text": "text",
        "record": "text",
    },
    "times": {
        "document": "text", "start": "int", "end": "int", "text": "text", "type": "text", "value": "text",
        "date_start": "text", "date_end": "text",
    },
    "entities": {
        "document": "text", "id": "text", "name": "text", "name_en": "text", "kind": "text", "country": "text",
        "sector": "text", "office": "text", "wikidata": "text", "starts": "ints", "ends": "ints",
    },
    "claims": {
        "id": "text", "document": "text", "url": "text", "outlet": "text", "published": "text", "type": "text",
        "modes": "texts", "contexts": "texts", "status": "text", "record": "text", "date": "text", "date_end": "text",
        "date_basis": "text", "actors": "texts", "actor_countries": "texts", "actor_sectors": "texts",
        "recipients": "texts", "recipient_countries": "texts", "recipient_sectors": "texts", "place": "text",
        "place_country": "text", "latitude": "float", "longitude": "float", "dead": "int", "injured": "int",
        "arrested": "int", "sources": "texts", "trigger": "text", "sentence": "text", "start": "int", "end": "int",
        "confidence": "float",
    },
    "failures": {"source": "text", "stage": "text", "error": "text", "message": "text", "hint": "text"},
}  # fmt: skip
"""Columns of each table: text, int, float, or lists of text or int. Every column may be null; offsets as in the record."""
MERGED = {"event": "text", "claims": "texts", "n": "int"}
"""Columns of merged events: the id, the ids of the claims, how many they are."""

Row = tuple[Any, ...]


def rows(record: Record) -> dict[str, list[Row]]:
    """Return the rows of one record, by table."""
    d = record.document
    bare = msgspec.structs.replace(record, document=msgspec.structs.replace(d, text=""))
    return {
        "documents": [(
            d.id, d.content_hash, d.url, d.outlet, d.outlet_country, d.title, d.author, d.published, d.published_basis,
            d.source, len(record.events), d.text, msgspec.json.encode(bare).decode(),
        )],
        "times": [(d.id, t.start, t.end, t.text, t.type, t.value, t.date_start, t.date_end) for t in record.times],
        "entities": [
            (d.id, e.id, e.name, e.name_en, e.kind, e.country, e.sector, e.office, e.wikidata,
             [m.start for m in e.mentions], [m.end for m in e.mentions])
            for e in record.entities
        ],
        "claims": [_claim(record, e) for e in record.events],
    }  # fmt: skip


def _claim(record: Record, e: Event) -> Row:
    from waqai.merge import claim_uid

    d, p = record.document, e.place
    people = {c.what: c.low for c in reversed(e.counts)}
    return (
        claim_uid(d.id, e.id), d.id, d.url, d.outlet, d.published, e.type, e.mode, e.context, e.status, e.record, e.date,
        e.date_end, e.date_basis, *_side(e.actors), *_side(e.recipients), (p.name or p.text) if p else None,
        p.country if p else None, p.latitude if p else None, p.longitude if p else None, people.get("dead"),
        people.get("injured"), people.get("arrested"), [s.text for s in e.sources], e.trigger.text,
        d.text[e.sentence.start : e.sentence.end], e.sentence.start, e.sentence.end, e.confidence,
    )  # fmt: skip


def _side(parties: list[Party]) -> tuple[list[str], list[str | None], list[str | None]]:
    return [p.text for p in parties], [p.country for p in parties], [p.sector for p in parties]


def failures(found: Sequence[Failure]) -> list[Row]:
    """Return the rows of failures."""
    return [(f.source, f.stage, f.error, f.message, f.hint) for f in found]


def encode(table: str, found: Sequence[Row]) -> bytes:
    """Return a Parquet file (zstd) with the rows of `table`."""
    import arro3.io
    from arro3.core import Table

    columns = MERGED if table == "merged" else TABLES[table]
    arrays = [_array([r[n] for r in found], kind) for n, kind in enumerate(columns.values())]
    out = io.BytesIO()
    arro3.io.write_parquet(Table.from_arrays(arrays, names=list(columns)), out, compression="zstd(3)")
    return out.getvalue()


def _array(values: list[Any], kind: str) -> Any:
    from arro3.core import Array, DataType, list_array

    kinds = {"text": DataType.utf8(), "int": DataType.int64(), "float": DataType.float64()}
    if kind in kinds:
        return Array(values, type=kinds[kind])
    ends = [0]
    for v in values:
        ends.append(ends[-1] + len(v))
    return list_array(Array(ends, type=DataType.int32()), _array([x for v in values for x in v], kind[:-1]))


def read(data: bytes, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a Parquet file, `columns` of it. Raises FormatError where it is none, or lacks one."""
    import arro3.io

    if len(data) < 12 or data[:4] != b"PAR1" or data[-4:] != b"PAR1" or int.from_bytes(data[-8:-4], "little") > len(data) - 12:
        raise FormatError("it is no Parquet file, or was cut off; remove it and run again")
    for batch in arro3.io.read_parquet(io.BytesIO(data)):
        missing = [c for c in columns if c not in batch.schema.names]
        if missing:
            raise FormatError(f"the Parquet file has no column {missing[0]!r}: it was not written by `waqai run`")
        yield from zip(*(batch.column(c).to_pylist() for c in columns), strict=True)


def records(data: bytes) -> Iterator[Record]:
    """Yield the records of a file of `documents`. Raises FormatError."""
    for body, text in read(data, ["record", "text"]):
        record = msgspec.json.decode(body, type=Record)
        yield msgspec.structs.replace(record, document=msgspec.structs.replace(record.document, text=text))
