"""A record for a person: title, dateline, then its events as a dated list, in Arabic or English.

Each fact stands on a line of its own that begins with its label, so a line has one direction and is right in a terminal
with or without bidirectional layout. Where a line must hold both (a date in Arabic, Arabic words in English), the inner
part is put between Unicode isolates (UAX #9), which are invisible. Evidence is marked ⟦so⟧, on a terminal in colour.
"""

from __future__ import annotations

import functools
from typing import Literal

from waqai.types import Event, Party, Record, Status

__all__ = ["render"]

Language = Literal["ar", "en"]

_LABELS = {
    "ar": {
        "untitled": "بلا عنوان", "published": "النشر", "unknown": "غير معروف", "author": "الكاتب", "events": "الأحداث",
        "none": "لا أحداث في هذا المقال", "undated": "بلا تاريخ",
        "actor": "الفاعل", "recipient": "المتلقي",
        "parties": "الأطراف",
        "status": "الحال", "source": "بحسب", "outlet": "الوسيلة نفسها", "place": "المكان", "counts": "الأعداد",
        "evidence": "الدليل", "residue": "أسطر ليست من المقال", "until": "حتى",
        "given": "أعطي", "metadata": "من بيانات الصفحة", "text": "من النص",
    },
    "en": {
        "untitled": "untitled", "published": "published", "unknown": "unknown", "author": "author", "events": "events",
        "none": "no events in this article", "undated": "undated",
        "actor": "who", "recipient": "to whom", "parties": "parties",
        "status": "status", "source": "according to", "outlet": "the outlet itself", "place": "where",
        "counts": "people",
        "evidence": "evidence", "residue": "lines that are not the article", "until": "until",
        "given": "given", "metadata": "from the page's data", "text": "from the text",
    },
}  # fmt: skip
_STATUS: dict[str, dict[Status, str]] = {
    "ar": {"actual": "وقع", "future": "مقرر", "hypothetical": "محتمل", "negated": "منفي"},
    "en": {"actual": "actual", "future": "future", "hypothetical": "hypothetical", "negated": "negated"},
}
_COUNT = {
    "ar": {"dead": "قتلى", "injured": "جرحى", "arrested": "معتقلون", "other": "أشخاص"},
    "en": {"dead": "dead", "injured": "injured", "arrested": "arrested", "other": "people"},
}
_LRI, _RLI, _PDI = "\u2066", "\u2067", "\u2069"
_MUTUAL = frozenset(("AGREE", "CONSULT", "SUPPORT", "COOPERATE"))


def render(record: Record, lang: Language = "ar", *, colour: bool = False) -> str:
    """Return the record as text that ends in a line end. `colour`: ANSI marks for a terminal, else none."""
    return _Page(record, lang, colour).text()


class _Page:
    def __init__(self, record: Record, lang: Language, colour: bool) -> None:
        self.record, self.lang, self.colour = record, lang, colour
        self.labels = _LABELS[lang]

    def text(self) -> str:
        document = self.record.document
        lines = [self._style(self._arabic(document.title or self.labels["untitled"]), "1")]
        if document.outlet:
            lines.append(self._arabic(document.outlet))
        lines.append(self._published())
        if document.author:
            lines.append(self._field("author", self._arabic(document.author)))
        if document.boilerplate:
            lines.append(self._field("residue", str(len(document.boilerplate))))
        lines.append("")
        if not self.record.events:
            lines.append(self.labels["none"])
        for event in sorted(self.record.events, key=lambda e: (e.date is None, e.date or "", e.trigger.start)):
            lines += self._event(event)
        return "\n".join(lines).rstrip() + "\n"

    # --- pieces -------------------------------------------------------------------------------------------------

    def _style(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def _field(self, label: str, value: str, indent: str = "") -> str:
        return f"{indent}{self._style(self.labels[label] + ':', '2')} {value}"

    def _latin(self, text: str) -> str:
        """A date or code inside an Arabic line."""
        return f"{_LRI}{text}{_PDI}" if self.lang == "ar" else text

    def _arabic(self, text: str) -> str:
        """Words of the article inside an English line."""
        return f"{_RLI}{text}{_PDI}" if self.lang == "en" and any("\u0600" <= c <= "\u06ff" for c in text) else text

    def _published(self) -> str:
        document = self.record.document
        if document.published is None:
            return self._field("published", self.labels["unknown"])
        basis = self.labels.get(document.published_basis, "")
        return self._field("published", f"{self._latin(document.published)} ({basis})")

    def _event(self, event: Event) -> list[str]:
        when = self.labels["undated"]
        if event.date:
            when = self._latin(event.date)
            if event.date_end:
                when += f" {self.labels['until']} {self._latin(event.date_end)}"
        modes = self._latin(" / ".join([event.type, *event.mode]))
        name = _type_name(event.type, self.lang)
        name = "" if name.upper() == event.type else self._style(name, "1;36") + " "
        lines = [f"• {when}: {name}{modes}"]
        mutual = event.type in _MUTUAL and not event.recipients and len(event.actors) > 1
        for label, parties in (("parties" if mutual else "actor", event.actors), ("recipient", event.recipients)):
            lines += [self._field(label, self._party(p), "  ") for p in parties]
        if event.place:
            lines.append(self._field("place", self._arabic(event.place.text), "  "))
        for count in event.counts:
            lines.append(self._field("counts", f"{self._arabic(count.text)} ({_COUNT[self.lang][count.what]})", "  "))
        lines.append(self._field("status", _STATUS[self.lang][event.status], "  "))
        for source in event.sources:
            lines.append(self._field("source", self._arabic(source.text), "  "))
        if not event.sources:
            lines.append(self._field("source", self.labels["outlet"], "  "))
        lines += [self._field("evidence", self._evidence(event), "  "), ""]
        return lines

    def _party(self, party: Party) -> str:
        state = _country_name(party.country, self.lang) if party.country else self.labels["unknown"]
        sector = f"، {self._latin(party.sector)}" if party.sector and self.lang == "ar" else ""
        if party.sector and self.lang == "en":
            sector = f", {party.sector}"
        return f"{self._arabic(party.text)} ({state}{sector})"

    def _evidence(self, event: Event) -> str:
        """The event's sentence on one line with its trigger marked."""
        text, sentence, trigger = self.record.document.text, event.sentence, event.trigger
        before, after = text[sentence.start : trigger.start], text[trigger.end : sentence.end]
        marked = self._style(f"⟦{text[trigger.start : trigger.end]}⟧", "1;33")
        return self._arabic(" ".join(f"{before}{marked}{after}".split()))


@functools.lru_cache(maxsize=1)
def _types() -> dict[str, dict[str, str]]:
    from waqai.words import raw

    return {t["name"]: {"ar": t["ar"], "en": t["en"]} for t in raw("ontology.toml")["type"]}


def _type_name(name: str, lang: Language) -> str:
    return _types().get(name, {}).get(lang, name)


@functools.lru_cache(maxsize=1)
def _countries() -> dict[str, tuple[str, str]]:
    from waqai.words import default

    return {s.code: (s.name, s.en) for s in default().states}


def _country_name(code: str, lang: Language) -> str:
    names = _countries().get(code)
    return code if names is None else names[0 if lang == "ar" else 1]
