"""Inflected forms of demonyms and agent nouns, as folded strings.

Arabic news writes no case endings but three: the accusative ا of an indefinite singular, ون/ين and ان/ين of sound plurals and
duals, whose ن falls before a complement or a pronoun. Everything here is over-generation by rule; a form that is no word
does no harm, since nobody writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from waqai.text import fold

__all__ = ["SUFFIXES", "NounForm", "adjective_forms", "demonym_forms", "noun_forms", "phrase_forms"]

SUFFIXES = ("ه", "ها", "هم", "هما", "هن", "نا", "كم")
"""Attached pronouns of nouns, folded, the likely ones first."""


class NounForm(NamedTuple):
    """One written form of a noun. `state`: "any", "absolute" (takes no complement), "construct" (needs one or a pronoun)."""

    text: str
    number: str
    gender: str
    state: str


def _sound(stem: str, gender: str) -> Iterator[NounForm]:
    """Dual and sound plural of a folded singular."""
    base = stem[:-1] + "ت" if stem.endswith("ه") else stem
    yield NounForm(base + "ان", "d", gender, "absolute")
    yield NounForm(base + "ين", "d", gender, "absolute")
    yield NounForm(base + "ا", "d", gender, "construct")
    yield NounForm(base + "ي", "d", gender, "construct")


def adjective_forms(word: str) -> list[NounForm]:
    """Every form of a regular adjective or nisba from its masculine singular without ال."""
    m = fold(word)
    out = [NounForm(m, "s", "m", "any"), NounForm(m + "ه", "s", "f", "any")]
    out += [NounForm(m + "ون", "p", "m", "absolute"), NounForm(m + "ين", "p", "m", "absolute")]
    out += [NounForm(m + "ات", "p", "f", "any"), NounForm(m + "ان", "d", "m", "absolute")]
    out += [NounForm(m + "تان", "d", "f", "absolute"), NounForm(m + "تين", "d", "f", "absolute")]
    out += [NounForm(m + "ا", "s", "m", "absolute"), NounForm(m + "و", "p", "m", "construct")]
    return out


def demonym_forms(demonym: str) -> list[NounForm]:
    """Every form of a demonym of one or several words («كوري شمالي»), without ال. Each word agrees."""
    columns = [adjective_forms(w) for w in demonym.split()]
    return [NounForm(" ".join(c.text for c in row), row[0].number, row[0].gender, row[0].state) for row in zip(*columns, strict=True)]


def noun_forms(noun: str, forms: list[str]) -> list[NounForm]:
    """Every form of an agent noun of one word: the listed ones, and by rule dual, accusative and construct."""
    base = fold(noun)
    listed = [fold(f) for f in forms if " " not in f.strip()]
    if not base.startswith("ال"):
        listed = [f[2:] if f.startswith("ال") and len(f) > 4 else f for f in listed]
    if base.endswith("ون") and len(base) > 5:  # entered in the plural («إرهابيون»): its singular is in the listed forms or not
        listed = [base, *listed]
        base = base[:-2]
    gender = "f" if base.endswith("ه") else "m"
    sound = any(f.endswith("ون") and len(f) > 4 for f in listed)
    defective = any(base + x in listed for x in ("يان", "يين", "يات", "يه"))
    out: dict[tuple[str, str], NounForm] = {}
    singular = {base}

    def add(form: NounForm) -> None:
        out.setdefault((form.text, form.state), form)

    number = _own_number(base)
    add(NounForm(base, number, gender, "any"))
    if number == "s" and gender == "m" and not base.endswith(("ا", "ء")):
        add(NounForm(base + "ا", "s", "m", "absolute"))
    for f in listed:
        for form in _listed(f, base, gender, sound, not defective):
            add(form)
            if form.number == "s" and form.text.endswith("ه"):
                singular.add(form.text)
    if number == "s":
        for stem in sorted(singular):
            for form in _sound(stem, gender if stem == base else "f"):
                add(form)
    return list(out.values())


def _own_number(base: str) -> str:
    return "p" if base.endswith(("ون", "ين", "ات")) and len(base) > 5 else "s"


def _listed(f: str, base: str, gender: str, sound: bool, regular: bool) -> Iterator[NounForm]:
    """Number, gender and state of a listed form, told from its ending."""
    stem = base[:-1] if base.endswith("ه") else base
    if f == base + "ه":
        yield NounForm(f, "s", "f", "any")
    elif f.endswith("ون") and len(f) > 4:
        yield NounForm(f, "p", "m", "absolute")
        yield NounForm(f[:-2] + "ين", "p", "m", "absolute")
        yield NounForm(f[:-1], "p", "m", "construct")
        yield NounForm(f[:-2] + "ي", "p", "m", "construct")
    elif f.endswith("ين") and not sound and f[:-2] in (stem, base, stem + "ت"):
        yield NounForm(f, "d", gender, "absolute")
        yield NounForm(f[:-1], "d", gender, "construct")
    elif f.endswith("ين") and len(f) > 4:
        yield NounForm(f, "p", "m", "absolute")
        yield NounForm(f[:-1], "p", "m", "construct")
    elif f == base + "ي" and len(f) > 3 and not regular:
        yield NounForm(f, "s", gender, "any")  # «قاضي» of «قاض»
    elif f == base + "ي" and len(f) > 3:
        yield NounForm(f, "p" if sound else "d", gender, "construct")
    elif f.endswith("ات"):
        yield NounForm(f, "p", "f", "any")
    elif f.endswith("ان") and f[:-2] in (stem, base, stem + "ت"):
        yield NounForm(f, "d", gender, "absolute")
        yield NounForm(f[:-1], "d", gender, "construct")
    elif f == base + "ا":
        yield NounForm(f, "s", "m", "absolute")
    else:
        yield NounForm(f, "p", gender, "any")
        if not f.endswith(("ه", "ا", "ء", "ي", "و", "ن", "ت")):
            yield NounForm(f + "ا", "p", gender, "absolute")


def phrase_forms(noun: str, forms: list[str]) -> list[tuple[NounForm, bool]]:
    """Forms of an agent noun of several words, with whether they are definite: «أمين عام»، «الأمين العام»."""
    out: dict[str, tuple[NounForm, bool]] = {}
    for k, phrase in enumerate([noun, *forms]):
        words = fold(phrase).split()
        if len(words) < 2:
            continue
        number = "s" if k == 0 else "p"
        gender = "f" if words[0].endswith("ه") else "m"
        bare = [w[2:] if w.startswith("ال") and len(w) > 4 else w for w in words]
        full = ["ال" + w for w in bare]
        mixed = [bare[0], *full[1:]]
        for text, definite in (
            (" ".join(words), words[0].startswith("ال") or words[-1].startswith("ال")),
            (" ".join(full), True),
            (" ".join(mixed), True),
        ):
            out.setdefault(text, (NounForm(text, number, gender, "any"), definite))
    return list(out.values())
