"""Mark what is not the article: lines of the site inside its text.

The knowledge is ``words/residue.toml``; here is only how its entries are laid over a text. Nothing is removed: each
stretch is marked with its kind, and the rest of the program leaves it out. One pass over the lines; a line is looked at
closely only when its first word, or a phrase that the text holds, belongs to an entry.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import Any, Literal

import msgspec

from waqai.errors import WordsError
from waqai.intake.dateline import dateline
from waqai.intake.lines import Line, cut, edges, headline_like, is_terminated, loose_headlines
from waqai.text import Phrases, fold, tokens
from waqai.types import Residue, ResidueKind
from waqai.words import raw

__all__ = ["Example", "Rule", "check", "mark", "rules"]

_SEPARATORS = frozenset(":-–—|/»›>…")
_LIST_LIMIT = 6
_SHORT = 40
_GLUED_LIMIT = 12
_SENTENCE_ENDS = (". ", ".", "؟ ", "! ", "… ", "» ", '" ', "| ", ") ")
_TAGS = re.compile(r"\s*(?:#\s?\w+[\s،,|]*)+|\s*(?:https?://|www\.)\S+\s*|\s*[\w.+-]+@[\w-]+\.[\w.]+\s*")
"""Nothing but hash tags, an address or a mail address."""
_WORD = re.compile(r"\w+")


class Example(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A text and the stretches marked in it, none for a trap."""

    text: str
    marked: list[str]


class Rule(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One entry of residue.toml; its keys are explained at the top of that file."""

    kind: ResidueKind
    place: Literal["opens", "ends", "whole", "holds"]
    phrase: list[str]
    then: Literal["headline", "date", "short", "any"] = "any"
    words: int = 40
    sep: bool = False
    comma: bool = False
    reach: int = 0
    many: bool = msgspec.field(default=False, name="list")
    glued: bool = False
    start: bool = False
    with_: list[str] = msgspec.field(default_factory=list, name="with")
    with_start: list[str] = []
    not_with: list[str] = []
    example: list[Example] = []


@functools.lru_cache(maxsize=1)
def rules() -> list[Rule]:
    """Return the entries of residue.toml, checked. Raises WordsError."""
    try:
        found = msgspec.convert(raw("residue.toml")["residue"], list[Rule])
    except msgspec.ValidationError as error:
        raise WordsError(f"residue.toml: {error}") from error
    for rule in found:
        if not rule.example:
            raise WordsError(f"residue.toml: the entry {rule.phrase[0]!r} has no example")
    return found


def check() -> list[str]:
    """Run every example of residue.toml; return one line for each that does not hold."""
    out = []
    for rule in rules():
        for example in rule.example:
            got = [example.text[r.start : r.end] for r in mark(example.text)]
            if got != example.marked:
                out.append(f"residue.toml: {example.text!r} marks {got}, not {example.marked}")
    return out


class _Table:
    """The entries of residue.toml laid out for lookup. All strings are folded, words joined by one space."""

    def __init__(self) -> None:
        self.opens: Phrases[Rule] = Phrases()
        self.whole: Phrases[Rule] = Phrases()
        self.first: set[str] = set()
        self.ends: dict[str, Rule] = {}
        self.keys: set[str] = set()
        anywhere: set[str] = set()
        self.holds: list[tuple[Rule, list[str], list[str], list[str], list[str]]] = []
        share: set[str] = set()
        for rule in rules():
            plain = [_plain(p) for p in rule.phrase]
            if rule.place == "ends":
                self.ends.update(dict.fromkeys(plain, rule))
            elif rule.place == "holds":
                against = [c + p for p in map(_plain, rule.not_with) for c in ("", "و", "ف")]
                parts = _spaced(rule.phrase), _spaced(rule.with_), _spaced(against), _spaced(rule.with_start)
                self.holds.append((rule, *parts))
            else:
                for p in rule.phrase:
                    (self.opens if rule.place == "opens" else self.whole).add(p, rule)
                self.first.update(p.split(" ")[0] for p in plain)
            if rule.place == "holds" or rule.glued:
                self.keys.update(plain)
            if rule.place == "holds":
                anywhere.update(plain)
            if rule.place == "whole" and rule.kind == "share":
                share.update(p for p in plain if " " not in p and len(p) > 2)
        self.keys |= share
        self.shares = tuple(share)
        # Buttons that lost the space between them: «شاركغردأرسل».
        names = "|".join(sorted(map(re.escape, share), key=len, reverse=True))
        self.buttons = re.compile(rf"(?:{names}){{2,}}")
        # A phrase is searched only in a text that has its longest word.
        self.keyed: dict[str, list[str]] = {}
        for p in self.keys:
            # Those that only open a line or follow a sentence: no other place of them matters.
            found = [p] if p in anywhere else [end + p for end in _SENTENCE_ENDS]
            self.keyed.setdefault(max(p.split(" "), key=len), []).extend(found)
        self._names()

    def _names(self) -> None:
        """The words of dates, and those that no bare headline begins with."""
        data = raw("residue.toml")
        self.not_first = {_plain(w) for w in data["headline"]["not_first"]}
        dates: list[Any] = [n for t in ("month", "hijri") for m in data[t] for n in m["names"]]
        dates += data["dateline"]["words"]
        self.dates = {w for d in dates for w in _plain(d).split(" ")}


def _plain(phrase: str) -> str:
    return " ".join(t.norm for t in tokens(phrase))


def _spaced(phrases: list[str]) -> list[str]:
    return [f" {_plain(p)} " for p in phrases]


@functools.lru_cache(maxsize=1)
def _table() -> _Table:
    return _Table()


def mark(text: str, flat: str | None = None, linked: frozenset[str] = frozenset(), title: str | None = None) -> list[Residue]:
    """Return the stretches of `text` that are not the article, in order, none overlapping.

    `flat` is ``fold(text)`` where the caller has it already; `linked` are folded lines that were, in a page, links as a
    whole; `title` is the article's, which stays wherever it stands. Linear in the length of the text.
    """
    table = _table()
    flat = (fold(text) if flat is None else flat).replace("\xa0", " ")
    words = table.keyed.keys() & set(_WORD.findall(flat))
    hot = [p for w in words for p in table.keyed[w] if p in flat]
    lines = cut(text, flat)
    _Marker(table, lines, hot).run()
    if linked:
        for line in lines[1:]:
            if not line.marks and " ".join(line.flat.split()) in linked:
                line.mark_all("related")
    loose_headlines(lines, flat, table.not_first)
    edges(lines, fold(title).strip() if title else "")
    return [
        Residue(start=line.start + a, end=line.start + b, kind=kind)
        for line in lines
        for a, b, kind in (line.original(span) for span in sorted(line.marks))
        if a < b
    ]


class _Marker:
    """One text. `expect` counts the headlines that may still follow a «read also» line."""

    def __init__(self, table: _Table, lines: list[Line], hot: list[str]) -> None:
        self.table, self.lines, self.hot = table, lines, hot
        ended = sum(is_terminated(line.flat) for line in lines)
        self.punctuated = ended >= 3 and 2 * ended >= len(lines)
        self.expect = 0
        self.first_expected = False

    def run(self) -> None:
        for line in (*self.lines[:4], *self.lines[-1:]):
            if line.first and not line.marks and dateline(line.flat.strip(), strict=True):
                line.mark_all("other")  # the page's own dateline
        for line in self.lines:
            if line.marks:
                continue
            if self.expect and self._headline(line):
                continue
            self.expect = 0
            if not line.first:
                if len(line.flat.strip()) > 2:
                    line.mark_all("other")
            elif _TAGS.fullmatch(line.flat):
                line.mark_all("other")
            elif (
                len(line.flat) < _SHORT
                or line.first in self.table.first
                or line.flat.rstrip().endswith(self.table.shares)
                or any(k in line.flat for k in self.hot)
            ):
                self._look(line)

    def _headline(self, line: Line) -> bool:
        """Take `line` as a headline that an earlier line announced."""
        if line.first in self.table.first:
            return False  # another line of the site: it has its own entry
        limit = 25 if self.first_expected else 18 if self.punctuated else 14
        if not headline_like(line, limit, loose=self.first_expected):
            return False
        line.mark_all("related")
        self.first_expected = False
        self.expect -= 1
        return True

    def _look(self, line: Line) -> None:
        if self._whole(line) or self._ends(line):
            return
        starts = line.sentence_starts()
        # What is glued to a line is glued to its end; the bound keeps a line of a million sentences linear.
        for at in (starts[0], *starts[1:][-_GLUED_LIMIT:]):
            if self._opens(line, at, glued=at != starts[0]):
                break
        else:
            self._holds(line, starts)
            self._buttons(line, starts)

    # --- the line is nothing but buttons --------------------------------------------------------------------------

    def _cover(self, line: Line, at: int) -> tuple[list[Rule], bool]:
        """Read tokens from `at` on as phrases of place "whole"; the rules met, and whether all was read."""
        toks, found, i = line.toks, [], at
        while i < len(toks):
            t = toks[i]
            hits = [h for h in self.table.whole.at(toks, i) if not h.clitic] if t.kind == "w" else []
            if hits:
                found.append(hits[0].value)
                i = hits[0].last
            elif t.kind == "w" and self.table.buttons.fullmatch(t.norm):
                found += [self._share()] * 2
                i += 1
            elif t.kind != "w" or len(t.norm) == 1 or t.norm in _FILLERS:
                i += 1
            else:
                return found, False
        return found, True

    def _share(self) -> Rule:
        return next(r for r in rules() if r.place == "whole" and r.kind == "share")

    def _whole(self, line: Line) -> bool:
        if line.first not in self.table.first and not self.table.buttons.fullmatch(line.first):
            return False
        found, complete = self._cover(line, 0)
        # A full stop or a question mark at the end belongs to prose, but for a notice of several words.
        stop = line.flat.rstrip().endswith((".", "؟", "?"))
        if not complete or not found or (stop and (found[0].kind != "comments" or line.flat.count(" ") == 0)):
            return False
        line.mark_all(found[0].kind)
        return True

    def _ends(self, line: Line) -> bool:
        """A short line that ends with a separator and a phrase: «… - خاص»."""
        toks = line.toks
        at = max((i for i, t in enumerate(toks) if t.norm in "-–—|/"), default=0)
        rule = self.table.ends.get(" ".join(t.norm for t in toks[at + 1 :])) if at else None
        if rule is None or sum(t.kind != "p" for t in toks) > rule.words:
            return False
        line.mark_all(rule.kind)
        return True

    def _buttons(self, line: Line, starts: list[int]) -> None:
        """Buttons glued to the end of a line, behind its last sentence."""
        for at in starts[1:][-_GLUED_LIMIT:]:
            found, complete = self._cover(line, at)
            if complete and sum(r.kind == "share" for r in found) >= 2:
                line.mark(at, len(line.toks), "share")
                return

    # --- the line, or one of its sentences, begins with a phrase ------------------------------------------------------

    def _opens(self, line: Line, at: int, *, glued: bool) -> bool:
        toks = line.toks
        for hit in self.table.opens.at(toks, at):
            rule = hit.value
            if hit.clitic not in ("", "و") or (glued and not rule.glued):
                continue
            end = self._end(line, hit.last, rule)
            if end is not None:
                line.mark(at, end, rule.kind)
                if rule.then == "headline" and sum(t.kind != "p" for t in toks[hit.last : end]) <= (1 if rule.many else 0):
                    self.expect = _LIST_LIMIT if rule.many or self.punctuated else 1
                    self.first_expected = True
                return True
        return False

    def _end(self, line: Line, after: int, rule: Rule) -> int | None:
        """Return the token behind the residue that begins with the phrase before `after`; None where it is prose."""
        toks = line.toks
        rest = toks[after:]
        words = sum(t.kind != "p" for t in rest)
        separated = any(_separated(rest[i:], comma=rule.comma) for i in range(rule.reach + 1))
        if words and rule.sep and not separated and not (rule.many and words == 1):
            return None
        if not words:
            # The bare phrase: a label stands alone on its line, a sentence may end with the same words.
            return None if rest and rest[-1].norm in ".؟?!" and len(rest) == 1 and not rule.sep else len(toks)
        if rule.many and words == 1 and not is_terminated(line.flat):
            return len(toks)  # «الأكثر قراءة اليوم»: still a label
        if rule.then == "date":
            known = sum(t.kind == "n" or t.norm in self.table.dates for t in rest if t.kind != "p")
            dated = any(t.kind == "n" for t in rest)
            return len(toks) if dated and words <= 20 and words - known <= min(2, known // 2) else None
        if rule.then == "short":
            return len(toks) if words <= rule.words and not is_terminated(line.flat) else None
        if rule.then == "headline" and not separated:
            return len(toks) if words <= 20 and not is_terminated(line.flat, quotes=False) else None
        limit = 40 if rule.then == "headline" else rule.words
        if words <= limit:
            return line.first_sentence_end(after, tail=8) if rule.then == "headline" else len(toks)
        end = line.first_sentence_end(after, tail=1)
        return end if sum(t.kind != "p" for t in toks[after:end]) <= limit else None

    # --- a sentence holds a phrase --------------------------------------------------------------------------------

    def _holds(self, line: Line, starts: list[int]) -> None:
        toks = line.toks
        # Two dots part a headline, not sentences.
        whole = [s for s in starts if s < 2 or not toks[s - 1].norm == toks[s - 2].norm == "."]
        bounds = [*whole, len(toks)]
        for a, b in itertools.pairwise(bounds):
            words = [t.norm for t in line.toks[a:b] if t.kind != "p"]
            sentence = " " + " ".join(words) + " "
            for rule, phrases, with_, not_with, with_start in self.table.holds:
                if len(words) > rule.words or not any(p in sentence for p in phrases):
                    continue
                if any(p in sentence for p in not_with) or not any(p in sentence for p in with_):
                    continue
                openers = with_start or with_
                if rule.start and not any(sentence.startswith(p) for p in (*openers, *with_)):
                    continue
                short = b < len(line.toks) and sum(t.kind == "w" for t in line.toks[b:]) <= 3
                line.mark(a, len(line.toks) if short or (a == starts[0] and rule.kind == "cookie") else b, rule.kind)
                return


_FILLERS = frozenset(map(fold, ("على", "عبر", "في", "أو", "إلى", "مع", "من", "الخبر", "المقال", "هذا", "الآن", "إن")))


def _separated(rest: list[Any], *, comma: bool) -> bool:
    if not rest or rest[0].kind != "p":
        return False
    if rest[0].norm in _SEPARATORS or (comma and rest[0].norm in "،,"):
        return True
    return len(rest) > 1 and rest[0].norm == "." and rest[1].norm == "."
