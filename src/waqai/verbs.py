"""Arabic verb forms: from root and pattern to every inflected form, folded for matching.

The conjugation is `mazini`'s (a port of Arabic Wiktionary's Module:ar-verb, checked by its authors against 16,593 printed
forms). Here its 119 slots are folded and each folded form keeps what it may be: tense, voice, person, number, gender.
"""

from __future__ import annotations

import msgspec

from waqai.errors import WordsError
from waqai.text import fold

__all__ = ["Slot", "table"]

FORM_CODES = {
    "فعّل": "II", "فاعل": "III", "أفعل": "IV", "تفعّل": "V", "تفاعل": "VI", "انفعل": "VII", "افتعل": "VIII",
    "افعلّ": "IX", "استفعل": "X", "فعلل": "Iq", "تفعلل": "IIq",
}  # fmt: skip


class Slot(msgspec.Struct, frozen=True, array_like=True):
    """What a verb form may be. `tense` "past" | "present" | "imperative"; `person` "3ms", "1p", …; `passive`."""

    tense: str
    person: str
    passive: bool


def _slot(name: str) -> Slot | None:
    head, _, person = name.rpartition("_")
    passive = head.endswith("_pass")
    mood = head.removesuffix("_pass")
    if mood == "past":
        return Slot("past", person, passive)
    if mood in ("ind", "sub", "juss"):
        return Slot("present", person, passive)
    if mood == "imp":
        return Slot("imperative", person, False)
    return None


def table(root: str, pattern: str) -> dict[str, list[Slot]]:
    """Return every finite form of the verb, folded, with what it may be.

    Raises `WordsError` where mazini knows no such verb. Third persons come first: news has hardly any others.
    """
    found: dict[str, list[Slot]] = {}
    for name, forms in _conjugate(root, pattern).items():
        slot = _slot(name)
        if slot is None:
            continue
        for form in forms:
            slots = found.setdefault(form, [])
            if slot not in slots:
                slots.append(slot)
    for slots in found.values():
        slots.sort(key=lambda s: (s.person[0] != "3", s.passive))
    return found


def _conjugate(root: str, pattern: str) -> dict[str, list[str]]:
    import mazini

    code = FORM_CODES.get(pattern, pattern)
    try:
        done = mazini.conjugate(root, code, passive=True)
    except mazini.MaziniError as error:
        raise WordsError(f"no verb of root {root!r} and pattern {pattern!r}: {error}") from error
    return {name: [_plain(f.form) for f in forms] for name, forms in done.slots.items()}


def _plain(form: str) -> str:
    return fold(form)
