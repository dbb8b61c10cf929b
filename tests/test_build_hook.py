"""What a wheel carries compiled is all that reading asks for, and old compiled files do not pile up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from waqai import words

ROOT = Path(__file__).parent.parent


def run(folder: Path, *command: str) -> None:
    env = {**os.environ, "XDG_CACHE_HOME": str(folder), "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, *command], check=True, env=env, capture_output=True)


def test_reading_builds_nothing_beyond_what_a_wheel_carries(tmp_path: Path) -> None:
    run(tmp_path, str(ROOT / "scripts" / "compile_words.py"), str(tmp_path))
    carried = {p.name for p in (tmp_path / "waqai").iterdir()}
    run(tmp_path, "-m", "waqai", "demo", "--quiet")
    assert {p.name for p in (tmp_path / "waqai").iterdir()} == carried
    assert {n.partition("-")[2] for n in carried} >= {"words.msgpack", "triggers.msgpack", "speech.msgpack"}


def test_artefacts_of_old_states_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for state in range(words._KEPT + 3):
        words._keep(f"{state:020d}-table.msgpack", b"x")
        os.utime(tmp_path / "waqai" / f"{state:020d}-table.msgpack", (state, state))
    words._keep("f-other-table.msgpack", b"x")
    kept = sorted(p.name for p in (tmp_path / "waqai").glob("*0-table.msgpack"))
    assert len(list((tmp_path / "waqai").glob("*-table.msgpack"))) == words._KEPT + 1
    assert f"{0:020d}-table.msgpack" not in kept
