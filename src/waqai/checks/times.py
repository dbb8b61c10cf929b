"""The examples of time/corpus.toml and residue.toml, run by the modules that know their form."""

from __future__ import annotations

from waqai.checks.base import Miss, Report

__all__ = ["check_residue", "check_times"]


def check_times() -> Report:
    """Run the phrases of the time corpus, and its texts without a time."""
    from waqai.when.check import check_corpus, load_corpus

    corpus = load_corpus()
    report = Report()
    report.run["time"] = sum(len(e["phrases"]) for e in corpus["time"])
    report.run["time trap"] = sum(len(e["text"]) for e in corpus["none"])
    report.misses = [Miss(at="time/corpus.toml", kind="time", text=text, why=why) for text, why in map(_parted, check_corpus(corpus))]
    return report


def check_residue() -> Report:
    """Run the examples of residue.toml: lines that are not the article, and lines that are."""
    from waqai.intake import clean

    report = Report()
    report.run["residue"] = sum(len(rule.example) for rule in clean.rules())
    report.misses = [Miss(at="residue.toml", kind="residue", text="", why=line) for line in clean.check()]
    return report


def _parted(line: str) -> tuple[str, str]:
    text, _, why = line.removeprefix("«").partition("»: ")
    return text, why
