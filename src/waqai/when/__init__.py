"""When: every time expression of an Arabic text, with its TIMEX3 value and the days it covers."""

from waqai.when.check import check_corpus
from waqai.when.events import cli_times, event_date, explain, main_times, origin_date
from waqai.when.find import Tagger, build, default_tagger, find_times

__all__ = [
    "Tagger",
    "build",
    "check_corpus",
    "cli_times",
    "default_tagger",
    "event_date",
    "explain",
    "find_times",
    "main_times",
    "origin_date",
]
