"""Reading what people paste, in a process of its own: a page that takes too long is ended with its process."""

from __future__ import annotations

import logging
import multiprocessing
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import msgspec

from waqai.types import Document, Failure, Record
from waqai.web.problems import Busy, Refused, Slow

__all__ = ["MOST_CHARACTERS", "MOST_WAITING", "START", "Reader"]

MOST_CHARACTERS = 200_000
"""Longest article, in characters."""
MOST_WAITING = 8
"""Pastes that may wait for the reader at once."""
START = 60.0
"""Seconds that a fresh process may take to load its words."""


def _work(pipe: Connection) -> None:
    """Read what comes through the pipe until it closes."""
    from waqai.annotate import Tools, annotate
    from waqai.errors import InputError, WaqaiError
    from waqai.intake import documents

    try:
        Tools.default()
    except WaqaiError as error:  # the words or a model of this installation are wrong: said once, in one line
        logging.getLogger("waqai.web").error("the reader cannot start: %s", error)
        return
    pipe.send_bytes(b"ready")
    while True:
        try:
            data, given = msgspec.msgpack.decode(pipe.recv_bytes(), type=tuple[bytes, dict[str, str]])
        except EOFError:
            return
        answer: Record | Failure | None = None
        try:
            for found in documents(data, kind=given.pop("kind", None), **given):
                answer = _read(found, annotate)
                break
        except (ValueError, InputError) as error:
            answer = Failure(source="paste", stage="intake", error="FormatError", message=str(error))
        tag = "failure" if isinstance(answer, Failure) else "record"
        pipe.send_bytes(msgspec.msgpack.encode((tag, msgspec.to_builtins(answer))))


def _read(found: Document | Failure, annotate: Any) -> Record | Failure:
    if isinstance(found, Failure):
        return found
    if len(found.text) > MOST_CHARACTERS:
        message = f"{len(found.text)} characters; at most {MOST_CHARACTERS}"
        return Failure(source="paste", stage="intake", error="SizeError", message=message)
    record: Record = annotate(found)
    return record


class Reader:
    """One reading process, started at the first paste and again after one that had to be ended."""

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self._turn = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def read(self, data: bytes, **given: str | None) -> Record:
        """Return the record of one article. Raises Refused, Slow or Busy."""
        if not self._waiting.acquire(blocking=False):
            raise Busy
        try:
            if not self._turn.acquire(timeout=self.timeout):
                raise Busy
            try:
                tag, answer = self._ask(data, {k: v for k, v in given.items() if v})
            finally:
                self._turn.release()
        finally:
            self._waiting.release()
        if answer is None:
            raise Refused(422, "nothing_sent", "there is no article in what was sent")
        if tag == "failure":
            raise Refused.of(msgspec.convert(answer, Failure))
        return msgspec.convert(answer, Record)

    def warm(self) -> None:
        """Start the process, so that the first paste need not wait for it."""
        with self._turn:
            try:
                self._started()
            except Busy:
                logging.getLogger("waqai.web").warning("the reader of pasted articles did not start")

    def _ask(self, data: bytes, given: dict[str, str]) -> tuple[str, Any]:
        pipe = self._started()
        try:
            pipe.send_bytes(msgspec.msgpack.encode((data, given)))
            if not pipe.poll(self.timeout):
                self.close()
                raise Slow
            tag, answer = msgspec.msgpack.decode(pipe.recv_bytes(), type=tuple[str, Any])
        except (EOFError, OSError) as error:
            self.close()
            raise Refused(422, "unreadable", "the article could not be read: the reader ended") from error
        return tag, answer

    def _started(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self.close()
        context = multiprocessing.get_context("spawn")  # no fork of a process that has threads
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), daemon=True, name="waqai-reader")
        self._process.start()
        theirs.close()
        try:
            if not self._pipe.poll(START):
                raise Slow
            self._pipe.recv_bytes()
        except (EOFError, OSError, Slow) as error:
            self.close()
            raise Busy from error
        return self._pipe

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process, self._pipe = None, None
