"""Inflected forms: every demonym of every state in all its forms reaches the state; every ISO code has an Arabic name."""

from __future__ import annotations

import functools

import pytest

from waqai.text import fold, sentences
from waqai.types import Document, Mention
from waqai.who import Lexicon, build, find_actors
from waqai.who.forms import demonym_forms, noun_forms
from waqai.words import State, Words

ISO = [
    "ABW",
    "AFG",
    "AGO",
    "AIA",
    "ALA",
    "ALB",
    "AND",
    "ARE",
    "ARG",
    "ARM",
    "ASM",
    "ATA",
    "ATF",
    "ATG",
    "AUS",
    "AUT",
    "AZE",
    "BDI",
    "BEL",
    "BEN",
    "BES",
    "BFA",
    "BGD",
    "BGR",
    "BHR",
    "BHS",
    "BIH",
    "BLM",
    "BLR",
    "BLZ",
    "BMU",
    "BOL",
    "BRA",
    "BRB",
    "BRN",
    "BTN",
    "BVT",
    "BWA",
    "CAF",
    "CAN",
    "CCK",
    "CHE",
    "CHL",
    "CHN",
    "CIV",
    "CMR",
    "COD",
    "COG",
    "COK",
    "COL",
    "COM",
    "CPV",
    "CRI",
    "CUB",
    "CUW",
    "CXR",
    "CYM",
    "CYP",
    "CZE",
    "DEU",
    "DJI",
    "DMA",
    "DNK",
    "DOM",
    "DZA",
    "ECU",
    "EGY",
    "ERI",
    "ESH",
    "ESP",
    "EST",
    "ETH",
    "FIN",
    "FJI",
    "FLK",
    "FRA",
    "FRO",
    "FSM",
    "GAB",
    "GBR",
    "GEO",
    "GGY",
    "GHA",
    "GIB",
    "GIN",
    "GLP",
    "GMB",
    "GNB",
    "GNQ",
    "GRC",
    "GRD",
    "GRL",
    "GTM",
    "GUF",
    "GUM",
    "GUY",
    "HKG",
    "HMD",
    "HND",
    "HRV",
    "HTI",
    "HUN",
    "IDN",
    "IMN",
    "IND",
    "IOT",
    "IRL",
    "IRN",
    "IRQ",
    "ISL",
    "ISR",
    "ITA",
    "JAM",
    "JEY",
    "JOR",
    "JPN",
    "KAZ",
    "KEN",
    "KGZ",
    "KHM",
    "KIR",
    "KNA",
    "KOR",
    "KWT",
    "LAO",
    "LBN",
    "LBR",
    "LBY",
    "LCA",
    "LIE",
    "LKA",
    "LSO",
    "LTU",
    "LUX",
    "LVA",
    "MAC",
    "MAF",
    "MAR",
    "MCO",
    "MDA",
    "MDG",
    "MDV",
    "MEX",
    "MHL",
    "MKD",
    "MLI",
    "MLT",
    "MMR",
    "MNE",
    "MNG",
    "MNP",
    "MOZ",
    "MRT",
    "MSR",
    "MTQ",
    "MUS",
    "MWI",
    "MYS",
    "MYT",
    "NAM",
    "NCL",
    "NER",
    "NFK",
    "NGA",
    "NIC",
    "NIU",
    "NLD",
    "NOR",
    "NPL",
    "NRU",
    "NZL",
    "OMN",
    "PAK",
    "PAN",
    "PCN",
    "PER",
    "PHL",
    "PLW",
    "PNG",
    "POL",
    "PRI",
    "PRK",
    "PRT",
    "PRY",
    "PSE",
    "PYF",
    "QAT",
    "REU",
    "ROU",
    "RUS",
    "RWA",
    "SAU",
    "SDN",
    "SEN",
    "SGP",
    "SGS",
    "SHN",
    "SJM",
    "SLB",
    "SLE",
    "SLV",
    "SMR",
    "SOM",
    "SPM",
    "SRB",
    "SSD",
    "STP",
    "SUR",
    "SVK",
    "SVN",
    "SWE",
    "SWZ",
    "SXM",
    "SYC",
    "SYR",
    "TCA",
    "TCD",
    "TGO",
    "THA",
    "TJK",
    "TKL",
    "TKM",
    "TLS",
    "TON",
    "TTO",
    "TUN",
    "TUR",
    "TUV",
    "TWN",
    "TZA",
    "UGA",
    "UKR",
    "UMI",
    "URY",
    "USA",
    "UZB",
    "VAT",
    "VCT",
    "VEN",
    "VGB",
    "VIR",
    "VNM",
    "VUT",
    "WLF",
    "WSM",
    "YEM",
    "ZAF",
    "ZMB",
    "ZWE",
    "KOS",
]


@functools.lru_cache(maxsize=1)
def words() -> Words:
    return Words.load()


@functools.lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return build(words())


def read(text: str) -> list[Mention]:
    return find_actors(Document(id="", content_hash="", text=text), sentences(text), lexicon())


@pytest.mark.parametrize("code", ISO)
def test_every_iso_code_is_reached_by_a_name(code: str) -> None:
    names = [n for s in words().states if s.code == code for n in [s.name, *s.also]]
    reached = [n for n in names if any(m.country == code for m in read(f"قالت {n} إن"))]
    assert reached


@pytest.mark.parametrize("state", words().states, ids=lambda s: s.code)
def test_every_form_of_every_demonym_names_its_state(state: State) -> None:
    lex = lexicon()
    missed = []
    for demonym in state.demonym:
        for form in demonym_forms(demonym):
            if form.state == "construct":
                continue
            for text in (form.text, " ".join("ال" + w for w in form.text.split())):
                if text in lex.clear_cut:
                    continue
                hits = lex.names.at(sentences(text)[0].tokens, 0)
                if not any(h.value.country == state.code for h in hits):
                    missed.append(text)
    assert missed == []


@pytest.mark.parametrize("state", words().states, ids=lambda s: s.code)
def test_every_broken_plural_names_its_state(state: State) -> None:
    missed = []
    for plural in state.plural:
        if fold(plural) in lexicon().clear_cut:
            continue
        for text in (plural, "ال" + plural):
            hits = lexicon().names.at(sentences(text)[0].tokens, 0)
            if not any(h.value.country == state.code for h in hits):
                missed.append(text)
    assert missed == []


def test_a_demonym_of_two_words_agrees_in_both() -> None:
    texts = {f.text for f in demonym_forms("كوري شمالي")}
    assert {"كوري شمالي", "كوريه شماليه", "كوريون شماليون", "كوريين شماليين"} <= texts


def test_a_sound_plural_loses_its_nun_before_a_complement() -> None:
    assert ("مسءولو", "construct") in {(f.text, f.state) for f in noun_forms("مسؤول", ["مسؤولون"])}


def test_accusative_and_dual_construct_share_a_form() -> None:
    assert {f.state for f in noun_forms("وزير", ["وزراء"]) if f.text == "وزيرا"} == {"absolute", "construct"}


def test_a_feminine_dual_has_ta() -> None:
    assert "حكومتان" in {f.text for f in noun_forms("حكومة", ["حكومات"])}
