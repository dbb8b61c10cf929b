"""One running site: its settings, stores and reader, and the making of an answer from a view."""

from __future__ import annotations

import collections
import functools
import hashlib
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import msgspec
from litestar import Request, Response

from waqai import query
from waqai.store import Store
from waqai.types import Record
from waqai.web import tables
from waqai.web.ask import Question, question
from waqai.web.pool import Pool
from waqai.web.problems import Slow
from waqai.web.reader import START, Reader
from waqai.web.render import render, static_version
from waqai.web.settings import Settings
from waqai.web.views import View

__all__ = ["TYPES", "Answer", "Site"]

TYPES = {"html": "text/html", "json": "application/json", "csv": "text/csv"}
T = TypeVar("T")
Make = Callable[[Store, Question], bytes]
"""Makes the body of an answer from an open store and a checked question."""
_CACHED = 400  # answers kept
_LARGEST = 400_000  # bytes of one that is kept


class Answer(msgspec.Struct, frozen=True):
    """A body with its kind and its tag; `body` is None where the reader has it already."""

    body: bytes | None
    kind: str
    etag: str


class Site:
    """What the handlers share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.pool = Pool(settings.db)
        self.reader = Reader(settings.read_timeout)
        self._kept: collections.OrderedDict[str, Answer] = collections.OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        """End what the site runs."""
        self.reader.close()
        self.pool.close()

    async def in_thread(self, work: Callable[[], T], limit: float | None = None) -> T:
        """Run blocking work aside. Raises Slow where it takes longer than `limit` or the settings allow, in seconds."""
        try:
            with anyio.fail_after(limit or self.settings.timeout):
                return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
        except TimeoutError as error:
            raise Slow from error

    async def read(self, data: bytes, **given: str | None) -> Record:
        """Return the record of one article. Raises Refused, Slow or Busy."""
        # The reader keeps its own limit; starting it the first time is not the article's fault.
        work = functools.partial(self.reader.read, data, **given)
        return await self.in_thread(work, limit=self.settings.read_timeout * 2 + START)

    async def answer(self, request: Request[Any, Any, Any], key: str, make: Make, kind: str) -> Response[Any]:
        """Return an answer of the store, from what is kept where the store has not changed since."""
        known = request.headers.get("if-none-match", "")
        pairs = list(request.query_params.multi_items())
        ask = question(pairs)
        found = await self.in_thread(functools.partial(self._made, ask, f"{key}?{sorted(pairs)}", make, kind, known))
        return response(found)

    def _made(self, ask: Question, key: str, make: Make, kind: str, known: str) -> Answer:
        with self.pool.reading() as store:
            mark = f"{query.version(store)}|{static_version()}|{self.settings.url}|{self.settings.edit}|{kind}|{key}"
            etag = '"' + hashlib.sha256(mark.encode(errors="replace")).hexdigest()[:24] + '"'
            with self._lock:
                kept = self._kept.get(etag)
                if kept is not None:
                    self._kept.move_to_end(etag)
            if etag in known and kept is not None:
                return Answer(None, kind, etag)
            if kept is None:
                kept = Answer(make(store, ask), kind, etag)
                self._keep(kept)
        return Answer(None, kind, etag) if etag in known else kept

    def _keep(self, made: Answer) -> None:
        if made.body is None or len(made.body) > _LARGEST:
            return
        with self._lock:
            self._kept[made.etag] = made
            while len(self._kept) > _CACHED:
                self._kept.popitem(last=False)

    def write(self, view: View, names: Sequence[str], path: str, form: str, store: Store, ask: Question) -> bytes:
        """Return a view as a page, as JSON or as CSV."""
        data = view.ask(store, ask, names)
        if form == "json":
            return msgspec.json.encode(data)
        if form == "csv":
            return tables.write(view.rows(data))
        extra = view.extra(store, data) if view.extra else {}
        return render(f"{view.name}.html", self.settings, ask, path, data=data, **extra)


def response(found: Answer) -> Response[Any]:
    """Return an answer with its headers."""
    headers = {"ETag": found.etag, "Cache-Control": "no-cache"}
    if found.body is None:
        return Response(b"", status_code=304, headers=headers, media_type=TYPES[found.kind])
    return Response(found.body, headers=headers, media_type=TYPES[found.kind])


