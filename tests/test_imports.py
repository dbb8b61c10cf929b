"""Imports go one way: a module knows only what stands before it in this list."""

import ast
from pathlib import Path

import waqai

ORDER = """types errors | text days | words shadow | verbs speakers | intake when who | where says wording | what | annotate checks | apart merge
store | query | build | export | run | mcp | clistore_output | clistore | clirun | web | cli | __main__ __init__"""
LAYER = {name: n for n, part in enumerate(ORDER.replace("\n", "|").split("|")) for name in part.split()}
ROOT = Path(waqai.__file__).parent


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "waqai":
            yield from (f"waqai.{a.name}" for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_imports_go_one_way():
    wrong = []
    for path in ROOT.rglob("*.py"):
        own = path.relative_to(ROOT).with_suffix("").parts[0]
        others = {name.split(".")[1] for name in imported(path) if name.startswith("waqai.")} - {own}
        wrong += [f"{path.relative_to(ROOT)} imports {o}" for o in others if LAYER.get(o, 99) >= LAYER.get(own, -1)]
    assert wrong == []


def test_no_file_is_long():
    assert [p.name for p in ROOT.rglob("*.py") if len(p.read_text(encoding="utf-8").splitlines()) > 500] == []


def test_nothing_learned_takes_part_in_the_checks():
    assert not any("what.model" in name or "tagger" in name for p in (ROOT / "checks").glob("*.py") for name in imported(p))
