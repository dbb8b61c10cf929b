"""An HTML page to its article: trafilatura (fast mode) finds the body, `metadata` what the page says of itself."""

from __future__ import annotations

from typing import Any

from waqai.errors import FormatError
from waqai.intake import metadata
from waqai.intake.build import Raw
from waqai.text import fold

__all__ = ["read_page"]

# Elements that begin a line: trafilatura's own and HTML's.
_BLOCKS = frozenset((
    "p", "head", "item", "cell", "quote", "list", "row", "table", "code", "main", "body", "div", "dt", "dd",
    "lb", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "article", "section",
    "header", "figcaption", "figure", "tr", "td", "th", "time", "hr", "pre", "address",
))  # fmt: skip
_AWAY = frozenset((
    "nav", "aside", "footer", "form", "script", "style", "noscript", "iframe", "button", "select", "template",
    "svg", "header",
))  # fmt: skip
_LINK_BLOCKS = ("p", "li", "div", "h2", "h3", "h4", "h5", "strong", "blockquote")
_INLINE = frozenset(("strong", "b", "em", "i", "span", "u", "font"))
_LINK_LENGTH = 12
_DEPTH_LIMIT = 200


def read_page(html: str) -> Raw:
    """Return the article of a page, one line a paragraph. Never fetches anything.

    Raises FormatError where the page has no article body or cannot be parsed.
    """
    from lxml import etree
    from lxml import html as lxml_html

    # The bytes are encoded here, so a wrong declaration in the page is of no effect.
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(html.encode("utf-8", errors="replace").replace(b"\0", b""), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise FormatError("the page is empty or no HTML; nothing to read") from error
    if tree.xpath(f"boolean(//*[ancestor::*[{_DEPTH_LIMIT}]])"):
        raise FormatError(f"tags are nested more than {_DEPTH_LIMIT} deep; save the page again or pass its text")
    raw = metadata.read(tree)
    raw.linked = _linked(tree)
    own = _blocks(tree, raw.title)
    raw.text = "\n".join(_extract(tree, own))
    if not raw.text:
        raise FormatError("no article body was found in the page; pass its text instead")
    return raw


def _extract(tree: Any, own: list[str]) -> list[str]:
    """The body as trafilatura finds it, or `own` where it finds nothing, or a heap without paragraphs."""
    import trafilatura

    found = trafilatura.bare_extraction(
        tree, fast=True, include_comments=False, include_tables=True, include_images=False, with_metadata=False
    )
    body = getattr(found, "body", None)
    lines = _lines(body) if body is not None else []
    if not lines or (len(lines) == 1 and len(own) > 1):
        return own  # short news: the extractor takes it for no article and puts all words of the page in one line
    return lines


def _lines(root: Any, away: frozenset[str] = frozenset()) -> list[str]:
    """The text of `root`, a line a block, white space as HTML has it; elements of `away` are left out."""
    from lxml import etree

    out: list[str] = []
    parts: list[str] = []
    skip: Any = None
    for event, e in etree.iterwalk(root, events=("start", "end")):
        if skip is None and e.tag in _BLOCKS:
            out.append(" ".join("".join(parts).split()))
            parts.clear()
        if event == "start":
            if skip is None and e.tag in away:
                skip = e
            elif skip is None and e.text:
                parts.append(e.text)
            continue
        if skip is e:
            skip = None
        if skip is None and e.tail and e is not root:
            parts.append(e.tail)
    out.append(" ".join("".join(parts).split()))
    return [line for line in out if line]


def _blocks(tree: Any, title: str | None) -> list[str]:
    """The blocks of the article element (else of <main>, else of the body), navigation left out."""
    root = tree
    for tag in ("article", "main", "body"):
        found = next(tree.iter(tag), None)
        if found is not None:
            root = found
            break
    lines = _lines(root, _AWAY)
    return lines[1:] if lines and lines[0] == title else lines


def _linked(tree: Any) -> frozenset[str]:
    """Folded texts of the blocks that are one link as a whole: links to other articles inside this one."""
    out = set()
    for a in tree.iter("a"):
        block = a.getparent()
        while block is not None and block.tag in _INLINE:
            block = block.getparent()
        if block is None or block.tag not in _LINK_BLOCKS:
            continue
        text = " ".join("".join(a.itertext()).split())
        if len(text) >= _LINK_LENGTH and " ".join("".join(block.itertext()).split()) == text:
            out.add(fold(text))
    return frozenset(out)
