"""One time tagger as a process: JSON lines of {"text", "published"} in, JSON lines of found times out.

    python evals/time_peers.py waqai|dateparser|mahad|duckling < in.jsonl > out.jsonl

Run by evals/times.py with the interpreter that has the peer. The first line out is {"ready": version} or {"skip": why};
the last is {"peak_mb": …, "seconds": …} (of processor time). Each time found is {"start", "end"} with "value" (TIMEX3), or with "date"
(YYYY-MM-DD) where the peer gives a day only.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

Found = list[dict[str, Any]]
_LETTER = {"year": "Y", "month": "M", "week": "W", "day": "D", "hour": "H", "minute": "M", "second": "S"}


def waqai() -> Callable[[str, str], Found]:
    """The tagger of this project."""
    from waqai.when import find_times

    def run(text: str, published: str) -> Found:
        times = find_times(text, published)
        return [{"start": t.start, "end": t.end, "value": t.value, "days": f"{t.date_start}/{t.date_end}"} for t in times]

    run("اليوم", "2020-01-01")
    return run


def dateparser() -> Callable[[str, str], Found]:
    """https://pypi.org/project/dateparser: search_dates, told that the text is Arabic."""
    from dateparser.search import search_dates

    def run(text: str, published: str) -> Found:
        base = {"RELATIVE_BASE": datetime.fromisoformat(published)}
        out: Found = []
        at = 0
        for found, when in search_dates(text, languages=["ar"], settings=base) or []:
            start = text.find(found, at)
            start = 0 if start < 0 else start
            at = start + len(found)
            out.append({"start": start, "end": at, "date": when.date().isoformat()})
        return out

    return run


def mahad() -> Callable[[str, str], Found]:
    """https://pypi.org/project/mahad: its time and duration dimensions, counted from the date of publication."""
    from maha.parsers.functions import parse_dimension

    def run(text: str, published: str) -> Found:
        now = datetime.fromisoformat(published)
        out: Found = []
        for d in parse_dimension(text, time=True):
            if hasattr(d.value, "is_hours_set") or "Interval" not in type(d.value).__name__:
                try:
                    out.append({"start": d.start, "end": d.end, "date": (now + d.value).date().isoformat()})
                except (TypeError, ValueError, OverflowError, AttributeError):
                    continue
        for d in parse_dimension(text, duration=True):
            parts = [(int(v.value), v.unit.name.lower().rstrip("s")) for v in d.value.values]
            out.append({"start": d.start, "end": d.end, "value": _duration(parts)})
        return out

    return run


def _duration(parts: list[tuple[int, str]]) -> str:
    days = "".join(f"{n}{_LETTER[u]}" for n, u in parts if u in ("year", "month", "week", "day"))
    clock = "".join(f"{n}{_LETTER[u]}" for n, u in parts if u in ("hour", "minute", "second"))
    return "P" + days + ("T" + clock if clock else "")


def duckling() -> Callable[[str, str], Found]:
    """https://pypi.org/project/pyduckling-native-phihos: Duckling's time and duration dimensions in locale AR."""
    import duckling as d

    zones = d.load_time_zones("/usr/share/zoneinfo")
    locale = d.parse_locale("AR", d.default_locale_lang(d.parse_lang("AR")))
    dimensions = d.parse_dimensions(["time", "duration"])

    def run(text: str, published: str) -> Found:
        stamp = int(datetime.fromisoformat(published + "T04:30:00+00:00").timestamp())
        context = d.Context(d.parse_ref_time(zones, "UTC", stamp), locale)
        out: Found = []
        for got in d.parse(text, context, dimensions, False):
            value = got["value"]
            entry = {"start": got["start"], "end": got["end"]}
            if got["dim"] == "duration":
                entry["value"] = _duration([(int(value["value"]), value["unit"])])
            elif value.get("type") == "interval":
                ends = [value[k]["value"][:10] for k in ("from", "to") if k in value]
                entry["value"] = "/".join(ends)
            else:
                entry["date"] = value["value"][:10]
            out.append(entry)
        return out

    return run


def _peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count the parent that was forked
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Serve one tagger until the input ends."""
    makers = {"waqai": waqai, "dateparser": dateparser, "mahad": mahad, "duckling": duckling}
    name = sys.argv[1]
    try:
        run = makers[name]()
    except ImportError as error:
        print(json.dumps({"skip": f"{name} is not installed here ({error})"}), flush=True)
        return
    print(json.dumps({"ready": name}), flush=True)
    seconds = 0.0
    for line in sys.stdin:
        asked = json.loads(line)
        start = time.process_time()
        found = run(asked["text"], asked["published"])
        seconds += time.process_time() - start
        print(json.dumps(found), flush=True)
    print(json.dumps({"peak_mb": round(_peak_mb(), 1), "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
