"""Compile the word files into a folder, as the first start would: ``compile_words.py FOLDER``.

The build hook (hatch_build.py) runs this. It imports what derives tables from words and nothing else, so that a build needs no more
than msgspec and mazini.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

RAW = ("empty.toml", "fixed.toml", "ontology.toml", "phrases.toml", "registers.toml", "residue.toml", "topics.toml", "time/words.toml")
"""The word files that modules read as they are (`words.raw`)."""


def main(folder: str) -> None:
    """Build every artefact that `waqai.words.cached` keeps, under `folder`/waqai."""
    os.environ["XDG_CACHE_HOME"] = folder
    import waqai

    # The package of the intake imports every reader of pages; its table of outlets needs none.
    intake = ModuleType("waqai.intake")
    intake.__path__ = [str(Path(waqai.__file__).parent / "intake")]
    sys.modules["waqai.intake"] = intake
    from waqai import says, words
    from waqai.intake import outlets
    from waqai.what import triggers

    words.default()
    says.default()
    triggers.default()
    outlets.table()
    for name in RAW:
        words.raw(name)


if __name__ == "__main__":
    main(sys.argv[1])
