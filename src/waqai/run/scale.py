"""Shards dealt out by Daft, on this machine or on a Ray cluster; see also Note [Redoing] in waqai.run.

Note [Child]
------------
Daft's worker processes have been seen to crash the interpreter at its exit, after all work was done. So the job runs in a child
process that writes a file when it has finished and then leaves by ``os._exit``; what the parent goes by is that file and the
markers of the shards, never the exit code. Where a worker dies Daft gives the whole job up: the parent then starts another child
for the shards that are left. A shard that is left over when nothing else is, three times, becomes a failure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from waqai.errors import QueryError, StoreError
from waqai.run.place import Place
from waqai.run.remote import daft
from waqai.run.shards import Done, Shard, do, fail

__all__ = ["distribute", "merge"]

_TRIES = 3
_LOOK = 1.0  # seconds between two looks at what is done


class Job(msgspec.Struct, kw_only=True):
    """What the child is to do: read shards, or (none given) merge."""

    out: str
    engine: str
    address: str | None = None
    jobs: int | None = None
    annotate: str = ""
    shards: list[Shard] = []
    finished: str = ""


def distribute(
    shards: list[Shard], place: Place, annotate: str, engine: str, address: str | None, jobs: int | None, summary: Any,
    tell: Callable[[Any], None] | None,
) -> None:  # fmt: skip
    """Read `shards` by Daft and count them in `summary` as they are done. Raises QueryError and StoreError."""
    _installed(engine)
    left = {s.key(): s for s in shards}
    for tries in range(_TRIES):
        # What is left over after two jobs is dealt out one at a time: one of it kills its worker.
        parts = [list(left.values())] if tries < _TRIES - 1 else [[s] for s in left.values()]
        for part in parts:
            job = Job(out=place.where, engine=engine, address=address, jobs=jobs, annotate=annotate, shards=part)
            why = _child(job, lambda: _collect(place, left, summary, tell))
            if why.startswith("waqai: "):
                raise StoreError(why.removeprefix("waqai: "))
        if not left:
            return
    for shard in left.values():
        summary.add(fail(shard, place, f"its worker died {_TRIES} times; the last words of the job: {why or 'none'}"))


def merge(place: Place, engine: str, address: str | None) -> int:
    """Merge the run in `place` (see `waqai.run.group`) and return the number of events."""
    _installed(engine)
    why = _child(Job(out=place.where, engine=engine, address=address), lambda: None)
    if "merged.json" not in place.names(""):
        raise StoreError(f"the merge did not finish ({why or 'no message'}); run it again")
    return int(json.loads(place.read("merged.json"))["events"])


def _installed(engine: str) -> None:
    daft()
    if engine == "ray":
        try:
            import ray  # noqa: F401
        except ModuleNotFoundError as error:
            raise QueryError("the engine ray needs more packages: pip install 'waqai[scale]'") from error


def _collect(place: Place, left: dict[str, Shard], summary: Any, tell: Callable[[Any], None] | None) -> None:
    """Count the shards whose markers have come."""
    names = set(place.names("done"))
    for key in [k for k in left if f"{k}.json" in names]:
        summary.add(msgspec.json.decode(place.read(f"done/{key}.json"), type=Done))
        del left[key]
        if tell is not None:
            tell(summary)


def _child(job: Job, look: Callable[[], None]) -> str:
    """Run `job` in a child process; return its last line of standard error ("" where it finished)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        job.finished = str(path / "finished")
        (path / "job.json").write_bytes(msgspec.json.encode(job))
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "DAFT_PROGRESS_BAR": "0",
               "RAY_DEDUP_LOGS": "0", "DAFT_ANALYTICS_ENABLED": "0", "DO_NOT_TRACK": "1"}  # fmt: skip
        with (path / "stderr").open("wb") as stderr:
            command = [sys.executable, "-m", "waqai.run.scale", str(path / "job.json")]
            child = subprocess.Popen(command, stdout=stderr, stderr=stderr, env=env)
            try:
                while child.poll() is None:
                    time.sleep(_LOOK)
                    look()
            finally:
                child.kill()
                child.wait()
        look()
        if (path / "finished").exists():
            return ""
        lines = (path / "stderr").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return next((x for x in reversed(lines) if x.startswith("waqai: ")), lines[-1] if lines else "")


# --- in the child -------------------------------------------------------------------------------------------------------


def _main(path: str) -> None:
    job = msgspec.json.decode(Path(path).read_bytes(), type=Job)
    module = daft()
    if job.engine == "ray":
        module.set_runner_ray(job.address)
    else:
        module.set_runner_native()
    if job.shards:
        _read(module, job)
    else:
        from waqai.run.group import merge_run

        merge_run(module, Place(job.out))
    Path(job.finished).write_text("done", encoding="utf-8")


def _read(module: Any, job: Job) -> None:
    reader = _reader(module, job.jobs or _cores(job.engine))(job.out, job.annotate)
    frame = module.from_pydict({"shard": [msgspec.json.encode(s).decode() for s in job.shards]})
    if job.engine == "ray":
        frame = frame.into_partitions(len(job.shards))
    frame.select(reader.read(frame["shard"]).alias("key")).collect()


def _cores(engine: str) -> int:
    if engine == "ray":
        import ray

        if not ray.is_initialized():
            ray.init(log_to_driver=False)
        return max(1, int(ray.cluster_resources().get("CPU", 1)))
    return os.cpu_count() or 1


def _reader(module: Any, jobs: int) -> Any:
    """A class whose instances are Daft's workers: each loads the words once."""

    class Reader:
        def __init__(self, out: str, annotate: str) -> None:
            self.place, self.annotate = Place(out), annotate

        # One shard at a time: with larger batches Daft gave all of them to one worker.
        @module.method.batch(return_dtype=module.DataType.string(), batch_size=1)  # type: ignore[untyped-decorator]
        def read(self, shards: Any) -> list[str]:
            done = [do(msgspec.json.decode(s, type=Shard), self.place, self.annotate) for s in shards.to_pylist()]
            return [d.shard.key() for d in done]

    return module.cls(max_concurrency=jobs, use_process=True)(Reader)


if __name__ == "__main__":
    from waqai.errors import WaqaiError

    status = 0
    try:
        _main(sys.argv[1])
    except WaqaiError as error:
        print(f"waqai: {error}", file=sys.stderr)
        status = 1
    except BaseException as error:
        # Whatever Daft or Ray raise: said in the last line, for the parent to show; markers tell what was done.
        print(f"{type(error).__name__}: {str(error).strip()[:500]}".replace("\n", " "), file=sys.stderr)
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # see Note [Child]
