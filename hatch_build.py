"""Build hook: compiles the word files into the wheel, so that the first start after an install is as fast as every other.

What `waqai.words.cached` would build and keep at the first start is built here and put into ``waqai/compiled``. Nothing depends on
it: where it cannot be built the wheel is made without, and the first start builds it. An editable install keeps it in the user's
cache folder, since its word files may change.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SCRIPT = Path("scripts") / "compile_words.py"


class CompileWords(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the compiled word files to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build them into a temporary folder and name them in `build_data`. `version` is "standard" or "editable"."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        made = subprocess.run(
            [sys.executable, str(Path(self.root) / _SCRIPT), self._folder.name], check=False, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(Path(self.root) / "src")},
        )  # fmt: skip
        if made.returncode:
            self.app.display_warning(f"word files are not compiled, the first start will do it: {made.stderr.strip().splitlines()[-1:]}")
            return
        for path in sorted(Path(self._folder.name).rglob("*.msgpack")):
            # Their names hold a digest of this wheel's own files; they are the same on every machine and for every Python.
            path.chmod(0o644)
            build_data["force_include"][str(path)] = f"waqai/compiled/{path.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        folder = getattr(self, "_folder", None)
        if folder is not None:
            folder.cleanup()
