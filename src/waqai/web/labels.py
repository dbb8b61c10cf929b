"""The dictionary of the site, and the names of countries and codes in either language."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Literal

from waqai.errors import WordsError

__all__ = ["LANGUAGES", "Lang", "all_labels", "country", "label", "section"]

Lang = Literal["ar", "en"]
LANGUAGES: tuple[Lang, ...] = ("ar", "en")
_FILE = Path(__file__).with_name("labels.toml")


@functools.lru_cache(maxsize=1)
def all_labels() -> dict[str, dict[str, str]]:
    """Return every label as "section.key" to its two languages. Raises WordsError where one lacks a language."""
    out: dict[str, dict[str, str]] = {}
    for part, keys in tomllib.loads(_FILE.read_text(encoding="utf-8")).items():
        for key, said in keys.items():
            if set(said) != set(LANGUAGES) or not all(said.values()):
                raise WordsError(f"{_FILE.name}: {part}.{key} needs both ar and en")
            out[f"{part}.{key}"] = said
    return out


def label(key: str, lang: Lang) -> str:
    """Return a word of the site. Raises KeyError for a key that the dictionary lacks."""
    return all_labels()[key][lang]


def counted(number: int, key: str, lang: Lang) -> str:
    """Return a number of things in words: "3 outlets", «مصدران». Arabic counts by the last two digits from 11 on."""
    forms = all_labels()[f"n.{key}"][lang].split("|")
    if lang == "en":
        return forms[number != 1].replace("#", f"{number:,}")
    last = number % 100
    form = forms[number - 1] if number in (1, 2) else forms[2] if 3 <= last <= 10 else forms[3]
    return form.replace("#", f"{number:,}")


def named(part: str, code: str, lang: Lang) -> str:
    """Return what a code of `part` is called, the code itself where it has no name."""
    found = all_labels().get(f"{part}.{code}")
    return found[lang] if found else code


def section(part: str, lang: Lang) -> dict[str, str]:
    """Return the codes of a part with their names, in the order of the file."""
    start = part + "."
    return {k[len(start) :]: v[lang] for k, v in all_labels().items() if k.startswith(start)}


@functools.lru_cache(maxsize=1)
def _states() -> dict[str, tuple[str, str]]:
    from waqai.words import default

    return {s.code: (s.name, s.en) for s in default().states}


def country(code: str | None, lang: Lang) -> str:
    """Return the name of a country or body of states; its code where we have no name for it."""
    if not code:
        return label("site.unknown", lang)
    found = _states().get(code)
    return found[0 if lang == "ar" else 1] if found else named("body", code, lang)


@functools.lru_cache(maxsize=2)
def countries(lang: Lang) -> list[tuple[str, str]]:
    """Return (code, name) of every country we have a name for, by name."""
    return sorted(((c, n[0 if lang == "ar" else 1]) for c, n in _states().items()), key=lambda x: x[1])
