"""Reading archives: how fast pages go by, what an Arabic article costs, what memory a worker takes; engines compared.

    python evals/warc_make.py DIR
    python evals/warc.py DIR [--engines local daft ray] [--jobs 2] [--only pages]

First fastwarc alone over the same records (the peer), then the prefilter, in this process; then `waqai run` by each engine, whose
files must have the same names (hashes of their bytes). Memory is the sum of the private and the shared (proportional) pages of a worker.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from importlib.util import find_spec
from pathlib import Path

from waqai.export import parquet
from waqai.intake import warc
from waqai.run import run
from waqai.run.place import Place


def peer(paths: list[Path]) -> tuple[int, float]:
    """All records by fastwarc alone: number, seconds of the processor."""
    from fastwarc.warc import ArchiveIterator

    start, n = time.process_time(), 0
    for path in paths:
        try:
            for record in ArchiveIterator(str(path), parse_http=False):
                n += 1
                if record.content_length <= warc.LIMIT:
                    record.reader.read()
        except OSError as error:
            print(f"  fastwarc alone gives {path.name} up after {n} records: {error}")
    return n, time.process_time() - start


def prefilter(paths: list[Path]) -> tuple[warc.Counts, float]:
    """All pages through the prefilter: counts, seconds of the processor."""
    counts, start = warc.Counts(), time.process_time()
    for path in paths:
        with path.open("rb") as stream:
            for _ in warc.pages(stream, counts):
                pass
    return counts, time.process_time() - start


class Memory:
    """The largest proportional set size (MB) of a child of this process, and of all of them at once, looked at twice a second."""

    def __init__(self) -> None:
        self.worst = self.all = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        me = str(Path("/proc/self").resolve().name)
        while not self._stop.wait(0.5):
            sizes = [_pss(pid) for pid in _below(me)]
            self.worst, self.all = max([self.worst, *sizes]), max(self.all, sum(sizes))


def _below(pid: str) -> list[str]:
    out: list[str] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                out += [child, *_below(child)]
    except OSError:
        pass
    return out


def _pss(pid: str) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def main() -> int:
    """Measure; 1 where two engines differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engines", nargs="*", default=["local", "daft", "ray"])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=["pages"])
    given = parser.parse_args()
    paths = sorted(given.folder.glob("*.warc*"))
    size = sum(p.stat().st_size for p in paths) / 1e6
    records, alone = peer(paths)
    print(f"fastwarc alone: {records} records, {size:.0f} MB packed, {alone:.2f} s, {records / alone:.0f} records/s")
    counts, spent = prefilter(paths)
    pages = counts.arabic + counts.foreign + counts.other + counts.large
    print(f"with prefilter: {pages} pages, {spent:.2f} s, {pages / spent:.0f} pages/s, {spent / alone:.2f} times fastwarc alone")
    print(f"  {counts}")
    if given.only:
        return 0
    seen: dict[str, dict[str, list[str]]] = {}
    for engine in given.engines:
        if engine != "local" and find_spec(engine) is None:
            print(f"{engine}: not installed (pip install 'waqai[scale]'), skipped")
            continue
        out = tempfile.mkdtemp(prefix="waqai-")
        start = time.perf_counter()
        with Memory() as memory:
            done = run([str(p) for p in paths], out, engine=engine, jobs=given.jobs)
        wall = time.perf_counter() - start
        print(f"{engine}: {wall:.1f} s with {given.jobs} workers, {pages / wall:.0f} pages/s, {done.documents} articles "
              f"({done.documents / wall:.1f}/s), {done.failures} failures, {done.archive.breaks} breaks, "
              f"{done.archive.lost_bytes} bytes lost; worst process {memory.worst:.0f} MB, all together {memory.all:.0f} MB")  # fmt: skip
        size = sum(f.stat().st_size for f in Path(out).rglob("*.parquet"))
        print(f"  {size / 1e6:.1f} MB of Parquet, {size / max(1, done.documents):.0f} bytes an article")
        seen[engine] = {t: Place(out).names(t) for t in parquet.TABLES}
        shutil.rmtree(out)
    same = all(v == next(iter(seen.values())) for v in seen.values())
    print(f"rows of {', '.join(seen)}: {'identical' if same else 'DIFFERENT'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
