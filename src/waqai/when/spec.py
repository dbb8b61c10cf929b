"""What a production builds: an expression that is read but not yet put on the calendar."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Amount", "Spec"]

Amount = dict[str, float]


@dataclass(slots=True)
class Spec:
    """An unresolved expression over tokens ``first:last``.

    `kind`: day, sameday, month, year, unit, period (quarter, half), season, decade, century, nth (the nth weekday, day
    or week of a month), clock, part, dur, ago, later, set, ref, focus (an anaphor). `rel`: past, prev, fut, next, now,
    last, same; `hop` is how many steps a relation goes (2: «قبل الماضي»). `day`, `month` … numbers as read; `hmonth`
    Hijri. `off`: days from the speaker's today. `value`: a TIMEX3 value that needs no calendar. `part`: MO MI AF EV NI.
    `also`: further days or years of one expression. `alone`: there is no clause around it. `fixed_year`: that of the
    first of a pair or range, where neither tells one.
    """

    kind: str
    first: int
    last: int
    rule: str
    day: int | None = None
    month: int | None = None
    hmonth: int | None = None
    year: int | None = None
    wday: int | None = None
    off: int | None = None
    unit: str | None = None
    rel: str | None = None
    hop: int = 1
    year_rel: str | None = None
    year_hop: int = 1
    month_rel: str | None = None
    month_hop: int = 1
    week_rel: str | None = None
    week_hop: int = 1
    nth: int | None = None
    part: str | None = None
    hour: int | None = None
    minute: int | None = None
    second_wday: int | None = None
    value: str | None = None
    amount: Amount = field(default_factory=dict)
    hijri: bool = False
    edge: str | None = None
    conflict: str | None = None
    every: bool = False
    also: list[Spec] = field(default_factory=list)
    twin: Spec | None = None
    why: list[str] = field(default_factory=list)
    explicit_today: bool = False
    alone: bool = False
    fixed_year: int | None = None

    @property
    def end(self) -> int:
        """The token after the whole expression, its further days included."""
        return self.also[-1].last if self.also else self.last
