"""Write what documentation says of the program from the program itself: python scripts/make_docs.py

docs/cli.md from the commands' help, and the output that README.md shows from `waqai demo`. tests/test_docs.py fails where a page
and the program differ.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import typer
from typer.testing import CliRunner

from waqai.cli import app

ROOT = Path(__file__).parents[1]
PAGE, README = ROOT / "docs/cli.md", ROOT / "README.md"
SHOWN = "إضراب عام"
"""Begins the title of the sample that the README shows, with its first event."""
EVENTS = 1
HEAD = """# Commands

Written by `python scripts/make_docs.py` from the commands' own help; edit that, not this page. Exit code 0: done; 1: some input
could not be read, or some example does not hold; 2: the command cannot be run as asked. Facts go to standard output, progress
and failures to standard error.
"""


def commands(group: typer.Typer = app, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield (name, function), families as "actors import"; a family that is itself a command comes first."""
    for info in group.registered_commands:
        if info.callback is not None and not info.hidden:
            yield before + (info.name or info.callback.__name__.replace("_", "-")), info.callback
    for family in group.registered_groups:
        inner = family.typer_instance
        assert inner is not None
        name = before + str(family.name or inner.info.name)
        own = inner.registered_callback
        if own is not None and own.callback is not None and own.invoke_without_command is True:
            yield name, own.callback
        yield from commands(inner, name + " ")


def _row(name: str, hint: Any, default: Any) -> str:
    kind, told = next(((m, m.help or "") for m in getattr(hint, "__metadata__", ()) if hasattr(m, "param_decls")), (None, ""))
    if isinstance(default, typer.models.ParameterInfo):
        kind, told, default = default, default.help or "", default.default
    if isinstance(kind, typer.models.ArgumentInfo):
        names = f"`{kind.metavar or name.upper()}`"
    else:
        # In Annotated[…, Option("--format", "-f")] typer keeps the first name where a default would stand.
        given = [*([kind.default] if isinstance(kind.default, str) else []), *(kind.param_decls or ())] if kind else []
        decls = [d for g in given for d in g.split("/") if d.startswith("-")]
        names = ", ".join(f"`{d}`" for d in decls or ["--" + name.replace("_", "-")])
    types = [t for t in (hint, *typing.get_args(hint)) for t in (t, *typing.get_args(t))]
    choices = next((t for t in types if isinstance(t, type) and issubclass(t, Enum)), None)
    if choices is not None:
        told += " One of " + ", ".join(f"`{c.value}`" for c in choices) + "."
    if default not in (None, (), [], False, "", ..., inspect.Parameter.empty):
        told += f" Default: `{getattr(default, 'value', default)}`."
    cells = [cell.strip().replace("\n", " ").replace("|", "\\|") for cell in (names, told)]
    return f"| {cells[0]} | {cells[1]} |"


def render() -> str:
    """Return the page."""
    parts = [HEAD]
    for name, function in commands():
        hints = typing.get_type_hints(function, include_extras=True)
        given = [(n, p) for n, p in inspect.signature(function).parameters.items() if hints[n] is not typer.Context]
        rows = [_row(n, hints[n], p.default) for n, p in given]
        parts.append(f"\n## waqai {name}\n\n{inspect.getdoc(function) or ''}\n")
        if rows:
            parts.append("\n| | |\n|---|---|\n" + "\n".join(rows) + "\n")
    return "".join(parts)


def shown() -> str:
    """Return the part of `waqai demo --lang en` that the README shows."""
    told = CliRunner().invoke(app, ["demo", "--lang", "en", "--quiet"]).stdout
    page = next(p for p in told.split("─" * 40) if p.strip().startswith("\u2067" + SHOWN))
    parts = page.strip().split("\n\n")
    return "\n\n".join([*parts[: EVENTS + 1], "…"])


def readme(text: str) -> str:
    """Return the README with what the program prints now between the fence after «begins» and its end."""
    before, fence, rest = text.partition("begins (evidence in ⟦ ⟧):\n\n```\n")
    if not fence:
        raise SystemExit("README.md has no «begins (evidence in ⟦ ⟧):» before its output")
    return before + fence + shown() + "\n" + rest[rest.index("```") :]


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    README.write_text(readme(README.read_text(encoding="utf-8")), encoding="utf-8")
