"""Reading archives: how fast pages go by, what an Arabic article costs, what memory a worker takes; engines compared.

    python evals/warc_make.py DIR
    python evals/warc.py DIR [--engines local daft ray] [--jobs 2] [--only pages] [--kill]

First fastwarc alone over the same records (the peer), then the prefilter, in this process; then `waqai run` by each engine, whose
files must have the same names (hashes of their bytes). Memory is the sum of the private and the shared (proportional) pages of a worker.
`--kill`: each engine twice, the second time the busiest worker is killed (SIGKILL) when the first shard is done.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
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


class Watch:
    """What the processes below this one take, looked at twice a second: the largest proportional set size (MB) of one and of all
    at once, seconds of the processor. `kill`: a folder; when a file comes to lie in it, the busiest of them is killed, once.
    """

    def __init__(self, kill: Path | None = None) -> None:
        self.worst = self.all = 0.0
        self.killed = ""
        self._kill = kill
        self._spent: dict[str, float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    @property
    def processor(self) -> float:
        """Seconds of the processor of all of them."""
        return sum(self._spent.values())

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        me = str(Path("/proc/self").resolve().name)
        while not self._stop.wait(0.5):
            pids = _below(me)
            sizes = [_pss(pid) for pid in pids]
            self.worst, self.all = max([self.worst, *sizes]), max(self.all, sum(sizes))
            before = dict(self._spent)
            self._spent.update((pid, spent) for pid in pids if (spent := _spent(pid)))
            if self._kill is not None and not self.killed and self._kill.is_dir() and any(self._kill.iterdir()):
                # Not the child that runs the job: only what it, or this process, has started.
                workers = [pid for pid in pids if "waqai.run.scale" not in _command(pid)]
                busiest = max(workers, key=lambda pid: self._spent.get(pid, 0.0) - before.get(pid, 0.0))
                self.killed = f"{busiest} ({_command(busiest)[:60].strip()})"
                os.kill(int(busiest), signal.SIGKILL)


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


def _spent(pid: str) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _command(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def measured(engine: str, paths: list[Path], jobs: int, pages: int, kill: bool) -> dict[str, list[str]]:
    """Run an engine, print what it took, and return the names of its files by table."""
    out = tempfile.mkdtemp(prefix="waqai-")
    start = time.perf_counter()
    with Watch(Path(out) / "done" if kill else None) as watch:
        done = run([str(p) for p in paths], out, engine=engine, jobs=jobs)
    wall = time.perf_counter() - start
    if kill:
        print(f"{engine}, killed {watch.killed or 'NOTHING'}:", end=" ")
    print(f"{engine}: {wall:.1f} s with {jobs} workers, {pages / wall:.0f} pages/s, {done.documents} articles "
          f"({done.documents / wall:.1f}/s), {done.failures} failures, {done.archive.breaks} breaks, "
          f"{done.archive.lost_bytes} bytes lost; worst process {watch.worst:.0f} MB, all together {watch.all:.0f} MB; "
          f"processor {watch.processor:.0f} s, {pages / watch.processor:.0f} pages and {done.documents / watch.processor:.1f} articles "
          f"each second of it", flush=True)  # fmt: skip
    size = sum(f.stat().st_size for f in Path(out).rglob("*.parquet"))
    print(f"  {size / 1e6:.1f} MB of Parquet, {size / max(1, done.documents):.0f} bytes an article")
    names = {t: Place(out).names(t) for t in parquet.TABLES}
    shutil.rmtree(out)
    return names


def main() -> int:
    """Measure; 1 where two engines differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engines", nargs="*", default=["local", "daft", "ray"])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=["pages"])
    parser.add_argument("--kill", action="store_true")
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
        seen[engine] = measured(engine, paths, given.jobs, pages, False)
        if given.kill:
            seen[f"{engine} killed"] = measured(engine, paths, given.jobs, pages, True)
    same = all(v == next(iter(seen.values())) for v in seen.values())
    print(f"rows of {', '.join(seen)}: {'identical' if same else 'DIFFERENT'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
