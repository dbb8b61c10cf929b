"""Documentation that is true: commands, links, figures of files, the README's own output."""

import importlib.util
import re
from pathlib import Path

import pytest

from waqai import words

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), words.FOLDER / "README.md", ROOT / "tests/stories/README.md"])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "scripts/make_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_commands_is_what_the_commands_say(generator):
    told = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    assert told == generator.render(), "run python scripts/make_docs.py"


def test_the_readme_shows_what_the_program_prints(generator):
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    assert told == generator.readme(told), "run python scripts/make_docs.py"


def test_every_command_says_what_it_does(generator):
    assert [name for name, function in generator.commands() if not (function.__doc__ or "").strip()] == []


def test_every_option_says_what_it_is_for(generator):
    assert re.findall(r"^\| .* \|  \|$", generator.render(), re.MULTILINE) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    dead = [t for t in targets if not t.startswith(("http://", "https://", "mailto:")) and not (page.parent / t).exists()]
    assert dead == []


def test_every_page_is_reached_from_the_index():
    linked = {(ROOT / "docs" / t).resolve() for t in LINK.findall((ROOT / "docs/index.md").read_text(encoding="utf-8"))}
    assert {p.name for p in ROOT.glob("docs/*.md") if p.name != "index.md" and p.resolve() not in linked} == set()


def test_commands_in_the_readme_exist(generator):
    named = {name.split()[0] for name, _ in generator.commands()}
    used = re.findall(r"^(?:.*\| )?waqai ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert used
    assert set(used) <= named


def test_the_words_page_names_every_kind_of_file():
    page = (words.FOLDER / "README.md").read_text(encoding="utf-8") + (ROOT / "docs/words.md").read_text(encoding="utf-8")
    files = {p.relative_to(words.FOLDER).parts[0] for p in words.FOLDER.rglob("*.toml")}
    assert {f for f in files if f.removesuffix(".toml") not in page} == set()
