"""The productions: patterns of word classes, and the builder that makes a `Spec` of each.

A pattern names classes only (see Note [Classes as letters] in ``grammar.py``). Labels say what a token is for; one
builder reads them all, so that a production is one line. Where two productions end at one place the earlier one counts.
"""

from __future__ import annotations

from collections.abc import Callable

from waqai.when import durations as du
from waqai.when import parts as pt
from waqai.when import periods as pd
from waqai.when import shapes as sh
from waqai.when.grammar import Match, Rule
from waqai.when.spec import Spec

__all__ = ["MACROS", "rules"]

MACROS: dict[str, str] = {
    # a modifier: «الماضي», «قبل الماضي», «بعد القادم», «نفسه»
    "REL": "relpro? ( aft:after | bef:ago )? ( rel_past:past_d | rel_prev:prev_d | rel_fut:fut_d | rel_next:next_d"
    " | rel_now:now_d | rel_last:last_d | rel_same:same )",
    # a month name with its twin in another naming
    "M": "( month_s_i | month_s_d )? m:mname ( ( slash | dash )? m2:mname | lpar m2:mname rpar )?",
    "HM": "( month_s_i | month_s_d )? hm:hmonth",
    "MM": "( @M | @HM )",
    "MN": "month_s_i mn:mon",
    "MO": "month_s_d mn:ord_d",
    # the year of a day or a month
    "Y": "( ( of | li | bi | fi )? ( year_s_i | year_s_d ) fiscal_d? ( y:year | y:yy ) | y:year ) ( greg | h:hijri )?",
    "YH": "( ( of | li | bi | fi )? ( year_s_i | year_s_d ) )? y:hyear h:hijri",
    "YR": "( of | li | bi | fi )? ( year_s_d fiscal_d? ( yaft:after | ybef:ago )? ( y_past:past_d | y_prev:prev_d"
    " | y_fut:fut_d | y_next:next_d | y_now:now_d | y_same:same ) | y_this:this year_s_d | year_s_d y_this:this"
    " | y_same:samew year_s_d | y_same:that year_s_d )",
    "EVERY": "of every_y:setadv",
    "YY": "( comma? ( @YH | @Y ) | @YR | @EVERY )",
    # the month that a day belongs to, told by relation
    "MR": "( mr_this:this month_s_d | month_s_d mr_this:this | mr_same:samew month_s_d | mr_same:that month_s_d"
    " | month_s_d ( maft:after | mbef:ago )? ( mr_past:past_d | mr_prev:prev_d | mr_fut:fut_d | mr_next:next_d"
    " | mr_now:now_d | mr_same:same ) )",
    # «اليوم السبت», «أمس (الأحد)», «يوم الاثنين», «يوم أمس»
    "DW": "( day_s_i | day_s_d )",
    "WD": "( t:today ( lpar w:wday_d rpar | comma? @DW? w:wday_d )? | now:day_s_d ( lpar w:wday_d rpar | w:wday_d )"
    " | day_s_i t:today ( lpar w:wday_d rpar | w:wday_d )? | day_s_i? w:wday_d )",
    "GAP": "( lpar | comma | of | fi )? @DW? ( corresp | of )? li? ( date-word )?",
    "D": "al? d:day",
    "EDGE": "( ed:edge | ed:finally | first_ed:first )",
    "WR": "( wr_this:this week_s_d | week_s_d wr_this:this | week_s_d ( waft:after | wbef:ago )? ( wr_past:past_d"
    " | wr_prev:prev_d | wr_fut:fut_d | wr_next:next_d | wr_now:now_d ) )",
    "U": "( unit_u:week_s_d | unit_u:month_s_d | unit_u:year_s_d | unit_u:decade_s_d | unit_u:century_s_d )",
    "AND": "( and | and? to | dash )",
    "PREF": "( between | from )?",
}


# In order of preference among productions that end at one place.
_TABLE: tuple[tuple[str, str, Callable[[Match], Spec | None]], ...] = (
    # days
    ("day-month", "@WD? @GAP @D of? @MM @REL? @YY?", sh.day),
    ("day-month-number", "@WD? @GAP @D of? @MN ( @REL | @YY )?", sh.day),
    ("day-month-ordinal", "@WD? @GAP @D of @MO @YY?", sh.day),
    ("day-of-month", "@WD? @GAP @D of? @MR", sh.day),
    ("day-of-current", "@WD? @GAP @D of? mr_now:now_d", sh.day_of_current),
    ("feast-day", "( n:ord | n:first ) day_p_i f:feast", sh.feast_day),
    ("feast-day-nth", "day_s_d n:ord_d of f:feast", sh.feast_day),
    ("month-day-nth", "( n:ord | n:first ) n_day:day_p_i", sh.nth),
    ("day-of-it", "@WD? @D pronoun-it", sh.day_of_it),
    ("month-day", "@MM @D ( comma? @Y )?", sh.month_day),
    ("first-of-month", "@WD? @GAP first @MM @REL? @YY?", sh.first_of_month),
    ("weekday-day", "@WD @GAP al? d:ord_d", sh.weekday_day),
    ("numeric", "@WD? @GAP nd:ndate ( greg | h:hijri )?", sh.numeric),
    ("numeric-short", "( @WD @GAP )? dm:dm", sh.numeric_short),
    (
        "days",
        "( days:day_c_i | days:day_p_i )? @PREF ( @WD @GAP )? @D @AND ( day_s_i? w2:wday_d )? d2:day of? @MM @REL? @YY?",
        sh.days,
    ),
    ("days-3", "( days:day_p_i )? @D ( and | comma ) and? d2:day and d3:day of? @MM @REL? @YY?", sh.days),
    ("days-month-ordinal", "@PREF @D @AND d2:day of @MO @YY?", sh.days),
    ("days-of-month", "( days:day_c_i )? @PREF @D @AND d2:day of? @MR", sh.days),
    ("weekday", "@WD", sh.day),
    ("weekday-modified", "day_s_i? w:wday_d @REL", sh.day),
    ("this-weekday", "( w_this:this day_s_i? w:wday_d | w:wday_d w_this:this )", sh.day),
    ("weekday-of-week", "day_s_i? ( w:wday | w:wday_d ) comma? of? @WR", sh.day),
    ("weekdays", "days:day_c_i w:wday_d ( and | dash ) w2:wday_d @REL?", sh.weekdays),
    ("weekday-after", "day_s_i? w:wday_d after u_dw:week_d_i", sh.weekday_after),
    ("this-day", "( w_this:this day_s_d | day_s_d w_this:this )", sh.today_bare),
    ("bare-today", "now:day_s_d", sh.today_bare),
    ("day-modified", "day_s_d @REL", sh.day_modified),
    ("same-day", "( ds:samew | ds:that ) day_s_d ( of @Y )?", sh.same_day),
    ("this-day-of", "w_this:this day_s_d of @Y", sh.same_day),
    ("day-same", "day_s_d ds:same", sh.same_day),
    ("nth-weekday", "( n:ord | n_end:finally ) day_s_i? w:wday ( of | bi | fi )", sh.nth),
    ("weekday-nth", "day_s_i? w:wday_d ( n:ord_d | n_end:last_d ) ( of | fi )", sh.nth),
    ("nth-day", "( n:ord | n_end:finally ) n_day:day_s_i ( of | bi | fi )", sh.nth),
    ("day-nth", "n_day:day_s_d ( n:ord_d | n_end:last_d ) ( of | fi )", sh.nth),
    ("nth-week", "( n:ord | n_end:finally ) n_week:week_s_i ( of | bi | fi )", sh.nth),
    ("week-nth", "n_week:week_s_d ( n:ord_d | n_end:last_d ) ( of | fi )", sh.nth),
    ("day-nth-of-it", "day_s_d d:ord_d of? @MR", sh.day),
    # months
    ("month", "@EDGE? ( @MM @REL? @YY? )", pd.month),
    ("month-number", "@EDGE? @MN ( @REL | @YY )?", pd.month),
    ("month-ordinal", "@EDGE? @MO ( @YY )", pd.month),
    ("month-numeric", "dm:dm", sh.month_numeric),
    ("same-month", "( ms:samew ) month_s_d of ( @Y | @YR )", pd.same_month),
    # years
    (
        "year",
        "@EDGE? ( year_s_i | year_s_d | year_c_d | year_c_i | year_d_d ) fiscal_d? ( y:year | y:yy ) ( greg | h:hijri )?",
        pd.year,
    ),
    ("year-bare", "@EDGE? al? y:year ( greg )?", pd.year_bare),
    ("year-from-to", "from y:year and? to y2:year", pd.year_range),
    ("year-range", "between? y:year dash y2:year", pd.year_range),
    ("years-two-digits", "year_c_i y:yy and y2:yy", pd.year_range),
    ("year-hijri", "@EDGE? ( year_s_i | year_s_d )? y:hyear h:hijri", pd.year),
    ("hijri-month-year", "@EDGE? @HM @YH", pd.month),
    # a unit by its relation
    ("unit-modified", "@EDGE? @U fiscal_d? @REL", pd.unit),
    ("this-unit", "@EDGE? ( u_this:this @U | @U u_this:this )", pd.unit),
    ("same-unit", "@EDGE? ( u_same:samew | u_same:that ) @U", pd.unit),
    ("bare-unit", "@U", pd.bare_unit),
    ("edge-of-unit", "ed:edge ( unit_u:year_s_d | unit_u:month_s_d | unit_u:week_s_d )", pd.edge_of_unit),
    # parts of a year, seasons, decades, centuries
    ("period", "@EDGE? p:period_d ( n:ord_d | n_end:last_d ) ( of | li )? ( @Y | @YR | y_this:year_s_d )", pd.period),
    ("period-bare", "p:period_d n:ord_d", pd.period_bare),
    ("season", "@EDGE? ( s:season_i | s:season_d ) ( of? ( @Y | @YR ) )", pd.season),
    ("season-modified", "@EDGE? ( s:season_d @REL | s_this:this s:season_d )", pd.season),
    (
        "decade",
        "@EDGE? ( decade_s_i | year_p_i )? ( dec:decname_d | dec:decname_i ) ( of? century_s_d ( c_past:past_d | n:ord_d | n:num_d ) )?",
        pd.decade,
    ),
    ("decade-digits", "@EDGE? ( decade_s_i | year_p_i ) al? y:year", pd.decade_digits),
    ("century", "@EDGE? century_s_d ( n:ord_d | n:num_d | al n:dig ) bc?", pd.century),
    # parts of the day and the clock
    ("part-of-day", "p:part of?", pt.part_of),
    ("early-hours", "hour_p_d ord_d of p:part", pt.part_of),
    ("late-hour", "hour_s_i late:late", pt.late_hour),
    ("this-part", "( p_this:this p:part_d | p:part_d p_this:this )", pt.part_alone),
    ("part-alone", "( p:part_d | pa:partalone )", pt.part_alone),
    ("tonight", "tonight", pt.tonight),
    ("last-night", "ln:lastnight ( w:wday_d )?", pt.last_night),
    ("two-nights", "( p:part_i ) w:wday_d ( dash | and )? w2:wday_d", pt.two_nights),
    (
        "clock",
        "( clockword_d | clockword_i ) ( hr:hour | hr:ord_d | zero_h:zero_d | zero_h:zero_i | hm:hm )"
        " ( and ( q:half_i | q:quart_i | q:third_i | q:half_d | q:quart_d | mi:minute ) minute_s_i? )?",
        pt.clock,
    ),
    ("clock-midnight", "( clockword_d | before )? mid:midnight", pt.clock_midnight),
    ("clock-figures", "hm:hm", pt.clock_figures),
    (
        "clock-ordinal",
        "hr:ord_d ( and ( q:half_d | q:quart_d | q:third_d | q:half_i | mi:minute ) minute_s_i? )?",
        pt.clock_ordinal,
    ),
    # spans of time
    ("duration", "( approx | finally | first )? al? ( n:num | n:num_d ) ( u:u_i | u:u_d_i | u:u_s_d )", du.start),
    ("duration-ordinal", "li u:u_s_d n:ord_d", du.consecutive),
    (
        "duration-word",
        "( approx | finally | first | fewno )? ( u:u_d_i | u:u_d_d | u:u_p_i | u:u_s_i | u:u_p_d )",
        du.start,
    ),
    ("duration-fraction", "approx? ( f:half_i | f:quart_i | f:third_i ) ( u:u_s_i | u:u_s_d )", du.start),
    ("duration-range", "approx? ( between | from )? n2:num ( to | dash | and ) al? n:num ( u:u_i )", du.start),
    (
        "duration-definite",
        "( u:u_p_d | u:u_d_d ) al? ( n:num_d | n:num )? ( fewadj_d )? ( dp:past_d | dp:last_d | dp:prev_d | df:fut_d | df:next_d )",
        du.definite,
    ),
    ("duration-counted", "u:u_p_d al? ( n:num_d | n:num ) ( o:ord_d )?", du.counted),
    (
        "duration-indefinite-modified",
        "al? n:num ( u:u_i | u:u_p_i ) ( dp:past_d | dp:last_d | df:fut_d )",
        du.definite,
    ),
    ("ago", "ago", du.ago),
    ("later-by", "( thereafter ) bi", du.later_by),
    # sets
    ("set-word", "sv:setadv", pt.set_word),
    ("set-adjective", "( sv:setadj_i | sv:setadj_d )", pt.set_adjective),
    ("set-weekday", "every day_s_i? w:wday_i", pt.set_weekday),
    ("set-every", "every ( ( n:num )? u:u_d_i | n:num u:u_i | u:u_s_i )", pt.set_every),
    ("this-time-of-year", "thistime", pt.this_time),
    # references
    ("reference", "r:ref", pt.reference),
    ("reference-after-in", "r:refprep", pt.reference_after_in),
    ("reference-after-until", "r:refuntil", pt.reference_after_until),
    ("that-time", "( thattime | samewhile )", pt.that_time),
)


def rules() -> list[Rule]:
    """Return the productions, in order of preference."""
    return [Rule(name, pattern, build) for name, pattern, build in _TABLE]
