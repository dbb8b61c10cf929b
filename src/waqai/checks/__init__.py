"""`waqai check`: run every example of every word file and look for what no example could show.

Nothing learned takes part: an example tests the words and the rules that compose them. Modules: `triggers`, `people`, `speech`
and `times` run the examples of their files, `lint` reads the files as they are; `base` is what they share.
"""

from __future__ import annotations

from pathlib import Path

from waqai.checks.base import Miss, Report, Stage
from waqai.words import FOLDER, Words

__all__ = ["Miss", "Report", "check", "run"]


def run(folder: Path | None = None) -> Report:
    """Run all examples of the word files under `folder` (the package's own by default). Raises `WordsError`."""
    from waqai.checks.lint import check_lint
    from waqai.checks.people import check_people
    from waqai.checks.speech import check_speech
    from waqai.checks.times import check_residue, check_times
    from waqai.checks.triggers import check_triggers

    folder = folder or FOLDER
    source = Words.load(folder)
    stage = Stage(source, folder)
    report = Report()
    for part in (check_triggers, check_people, check_speech):
        report.merge(part(source, stage))
    if folder == FOLDER:
        report.merge(check_times())
        report.merge(check_residue())
    report.lint = check_lint(source, folder)
    return report


def check(folder: Path | None = None) -> list[str]:
    """Return a line, with file and line number, for each example that does not hold and each finding of the lint."""
    report = run(folder)
    return [str(m) for m in [*report.lint, *report.misses]]
