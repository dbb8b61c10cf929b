"""What goes wrong, told to people in their language and to programs in one shape. Never a traceback."""

from __future__ import annotations

import logging
import re

import msgspec
from litestar.exceptions import HTTPException, ValidationException

from waqai.errors import InputError, NotFound, QueryError, StoreError
from waqai.types import Failure
from waqai.web import labels
from waqai.web.labels import Lang

__all__ = ["Busy", "Forbidden", "Problem", "Refused", "Slow", "problem_of", "said"]

_LOG = logging.getLogger("waqai.web")
_DATES = ("date_from", "date_to", "at", "published")
_WHAT = re.compile(r"no (event|article)|^(actor|outlet):")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """The one shape of every error of the API. `code` is for programs, `field` names what was asked wrongly."""

    status: int
    code: str
    message: str
    field: str | None = None


class Slow(Exception):
    """An answer took longer than its limit."""


class Busy(Exception):
    """The reader of articles has no free hand."""


class Forbidden(Exception):
    """Writing without the right to."""


class Refused(Exception):
    """A paste that cannot be read: `failure` says why, `status` is 413 or 422."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code

    @classmethod
    def of(cls, failure: Failure) -> Refused:
        """Return what to say of a document that could not be read."""
        code = {"LanguageError": "not_arabic", "SizeError": "too_large"}.get(failure.error, "unreadable")
        hint = f"; {failure.hint}" if failure.hint else ""
        return cls(413 if code == "too_large" else 422, code, failure.message + hint)


def problem_of(error: Exception) -> Problem:
    """Return the problem that an error is. What is no error of ours is a fault of the program, and logged."""
    if isinstance(error, Refused):
        return Problem(status=error.status, code=error.code, message=str(error))
    if isinstance(error, NotFound):
        what = _WHAT.search(str(error))
        name = (what.group(1) or what.group(2)) if what else "event"
        return Problem(status=404, code=f"not_found_{name}", message=str(error), field=name)
    if isinstance(error, QueryError):
        return _query(str(error))
    if isinstance(error, StoreError):
        # The path is the server's own business.
        _LOG.warning("store: %s", error)
        return Problem(status=503, code="no_store", message=labels.label("problem.no_store", "en"))
    if isinstance(error, UnicodeError):
        return Problem(status=400, code="bad_query", message="the request is not valid UTF-8")
    if isinstance(error, InputError):
        return Problem(status=422, code="unreadable", message=str(error))
    fixed = {Slow: (503, "slow"), Busy: (503, "busy"), Forbidden: (403, "forbidden")}.get(type(error))
    if fixed:
        return Problem(status=fixed[0], code=fixed[1], message=labels.label(f"problem.{fixed[1]}", "en"))
    if isinstance(error, HTTPException):
        return _http(error)
    _LOG.error("a page failed", exc_info=error)
    return Problem(status=500, code="internal", message=labels.label("problem.internal", "en"))


def _query(message: str) -> Problem:
    field = message.partition(":")[0] if re.match(r"[a-z_]+:", message) else None
    if field is None and message.startswith("date_from"):
        field = "date_from"
    code = {"country": "bad_country", "pair": "bad_pair", "cursor": "bad_cursor", "limit": "bad_limit", "param": "bad_param",
            "q": "bad_long"}.get(field or "", "bad_date" if field in _DATES else "bad_value" if field else "bad_query")  # fmt: skip
    return Problem(status=400, code=code, message=message, field=field)


def _http(error: HTTPException) -> Problem:
    code = {404: "not_found", 405: "method", 413: "too_large", 403: "forbidden"}.get(error.status_code, "bad_query")
    if error.status_code >= 500:
        code = "internal"
    message, field = str(error.detail or code), None
    if isinstance(error, ValidationException) and isinstance(error.extra, list) and error.extra:
        first = error.extra[0]
        if isinstance(first, dict):
            field, message = first.get("key"), f"{first.get('key')}: {first.get('message')}"
    return Problem(status=error.status_code, code=code, message=message, field=field)


def said(problem: Problem, lang: Lang) -> str:
    """Return a problem as people are told it."""
    return labels.named("problem", problem.code, lang) if problem.code else problem.message
