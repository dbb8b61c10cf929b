"""`waqai actors`: the analysis of a text, and a table of one's own actors."""

import json

import pytest
from typer.testing import CliRunner

from waqai.cli import app


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return lambda *args: CliRunner().invoke(app, ["actors", *map(str, args)])


def test_a_text_is_shown_phrase_by_phrase_with_the_reason(run):
    lines = run("زار وزير الخارجية الفرنسي تونس.").stdout.splitlines()
    line = next(x for x in lines if "\tوزير الخارجية الفرنسي\t" in x)
    assert "\tFRA\tGOV\t" in line


def test_as_json_lines_a_text_gives_its_entities(run):
    found = [json.loads(x) for x in run("زار وزير الخارجية الفرنسي تونس.", "--format", "jsonl").stdout.splitlines()]
    assert {"FRA", "TUN"} <= {e["country"] for e in found}


def test_a_table_is_added(run, tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("name,country,sector\nزيدون الورغي,TUN,BUS\n", encoding="utf-8")
    result = run("import", table)
    assert (result.exit_code, result.stdout.split()[0]) == (0, "1")
    assert "زيدون الورغي" in (tmp_path / "waqai/actors.toml").read_text(encoding="utf-8")


def test_a_file_after_anything_but_import_is_refused(run, tmp_path):
    result = run("نص", tmp_path / "mine.csv")
    assert result.exit_code == 2
    assert "after the word import" in result.stderr
