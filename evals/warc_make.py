"""Make archives for benchmarks: the sample pages that ship, varied, among pages in other languages and what crawls hold besides.

    python evals/warc_make.py DIR [--pages 40000] [--share 0.05] [--files 8] [--weight 4]

Writes DIR/crawl-NNN.warc.gz; one of them cut off in its last record, one with hostile records. `--weight` times 15 kB of
furniture a page: 4 gives pages of the size that news sites have.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import warc_samples as make


def hostile(seed: int) -> Iterator[bytes]:
    """Records that lie about their length, unpack to too much, nest too deep, or are no text at all."""
    mix = random.Random(seed)
    page = make.arabic(mix, 1).encode()
    for length in (99_999_999_999, 2_000, 0, -5):
        yield make.record(f"https://hostile.example/{length}", page, length=length)
    yield make.record("https://hostile.example/bomb", gzip.compress(b"a" * 100_000_000), more="Content-Encoding: gzip\r\n")
    yield make.record("https://hostile.example/deep", b"<div>" * 200_000 + page)
    yield make.record("https://hostile.example/line", ("<p>" + "قال وزير " * 200_000 + "</p>").encode())
    yield make.record("https://hostile.example/noise", bytes(mix.choices(b"\xd8\xd9\xa7\x84", k=200_000)))
    yield make.record("https://hostile.example/", b"")
    yield b"WARC/1.0\r\nWARC-Type: response\r\n\r\n\r\n\r\n"


def main() -> None:
    """Write the archives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=40_000)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--weight", type=int, default=4)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    total = 0
    for n in range(given.files):
        path = given.folder / f"crawl-{n:03}.warc.gz"
        with path.open("wb") as out:
            for record in make.crawl(given.pages // given.files, share=given.share, seed=n + 1, weight=given.weight):
                out.write(gzip.compress(record, 1, mtime=0))
            if n == given.files - 1:
                for record in hostile(n):
                    out.write(gzip.compress(record, 1, mtime=0))
                out.write(gzip.compress(make.record("https://last.example/", make.arabic(random.Random(1), 1).encode()), mtime=0))
        if n == 0:
            with path.open("r+b") as out:
                out.truncate(path.stat().st_size - 900)
        total += path.stat().st_size
    print(f"{given.pages} pages in {given.files} files, {total / 1e6:.0f} MB packed")


if __name__ == "__main__":
    main()
