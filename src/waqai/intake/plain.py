"""Plain text and JSON lines. `text` is kept exactly as given."""

from __future__ import annotations

from typing import Any

import msgspec

from waqai.errors import FormatError
from waqai.intake import dateline
from waqai.intake.build import Raw
from waqai.intake.html import read_page

__all__ = ["read_object", "read_text", "title_of"]

_FIELDS = ("url", "outlet", "title", "author", "published")


def read_text(text: str) -> Raw:
    """Return the whole text as one article."""
    return Raw(text=text, title=title_of(text))


def title_of(text: str) -> str | None:
    """Return the first line where it reads as a headline: short, no full stop, a longer text behind it."""
    head, _, rest = text.lstrip().partition("\n")
    head = head.strip()
    words = len(head.split())
    if 3 <= words <= 20 and not head.endswith((".", ":", "،", "؛")) and len(rest.split()) > 2 * words:
        from waqai.intake.clean import mark

        return None if mark(text[: len(text) - len(text.lstrip()) + len(head)]) else head
    return None


def read_object(line: bytes | str) -> Raw:
    """Return the article of one JSON object with `text` or `html`, and url, outlet, title, author, published.

    Raises FormatError where it is no such object.
    """
    try:
        data = msgspec.json.decode(line)
    except msgspec.DecodeError as error:
        raise FormatError(f"not valid JSON ({error})") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"not UTF-8 at byte {error.start}; JSON lines are UTF-8") from error
    return from_mapping(data)


def from_mapping(data: Any) -> Raw:
    """Return the article of a decoded JSON object. Raises FormatError."""
    if not isinstance(data, dict):
        raise FormatError("not a JSON object; each line is one object with `text` or `html`")
    text, html = data.get("text"), data.get("html")
    for key in _FIELDS:
        if data.get(key) is not None and not isinstance(data[key], str):
            raise FormatError(f"`{key}` is not a string")
    if isinstance(text, str) and text.strip():
        raw = Raw(text=text)
    elif isinstance(html, str) and html.strip():
        raw = read_page(html)
    else:
        raise FormatError("no `text` and no `html` in the object, or they are empty")
    raw.url = data.get("url") or raw.url
    raw.outlet = data.get("outlet") or raw.outlet
    raw.title = data.get("title") or raw.title
    raw.author = data.get("author") or raw.author
    if data.get("published"):
        raw.published = dateline.parse_date(data["published"])
        raw.published_basis = "given"
        if raw.published is None:
            raise FormatError(f"`published` {data['published'][:40]!r} is no date; write YYYY-MM-DD or leave it out")
    return raw
