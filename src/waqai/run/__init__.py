"""Many documents on many cores or machines, to Parquet: the same pure `annotate` over shards. See docs/deploy.md.

Note [Redoing]
--------------
A shard is a stretch of the input that one worker reads alone: an archive or a part of its pages, a stretch of lines, a handful of
files. Its rows depend on nothing else. It is written as files named by the hash of their bytes, and then, last, as done: a
marker that names them. Whatever dies in between, the shard is simply done again, by any worker on any machine, and comes to the
same names. So a run may be killed and started again, and the engine and the number of workers change no row.
"""

from __future__ import annotations

from waqai.run.drive import ENGINES, Summary, merged, run
from waqai.run.load import load

__all__ = ["ENGINES", "Summary", "load", "merged", "run"]
