"""All jobs of a studio: one lane for what is heavy, and one for previews beside it."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import RLock

from evenhand.studio.work.child import Child
from evenhand.studio.work.job import Job
from evenhand.studio.work.lane import Lane
from evenhand.studio.work.orders import Order

WAITING = 8
"""Heavy jobs that may wait."""
REMEMBERED = 200
"""Jobs whose pages can be opened; the oldest that have ended are forgotten."""


class Board:
    """Who does what."""

    def __init__(self, folder: Path, child: Callable[[Path], Child] = Child) -> None:
        self.previews = Lane(folder, 1, newest=True, child=child)
        self.heavy = Lane(folder, WAITING, after=self.previews, child=child)
        self._lock = RLock()
        self._jobs: OrderedDict[str, tuple[Job, Lane]] = OrderedDict()

    def order(self, title: str, order: Order) -> Job:
        """Have a heavy job done in its turn. Raises Full."""
        return self._submit(Job(secrets.token_hex(6), title, order), self.heavy)

    def preview(self, key: str, order: Order) -> Job:
        """Preview now; what was previewed before is given up. The same key is the same preview."""
        with self._lock:
            known = self.job(key)
            if known is not None and known.state not in ("stopping", "stopped", "failed"):
                return known
            return self._submit(Job(key, key, order), self.previews)

    def refine(self, key: str, order: Order) -> None:
        """Preview something in more worlds, where nobody waits for anything else; once."""
        with self._lock:
            if self.job(key) is None and self.previews.is_idle:
                self._submit(Job(key, key, order), self.previews)

    def job(self, key: str) -> Job | None:
        """A job by its key."""
        with self._lock:
            found = self._jobs.get(key)
        return found[0] if found else None

    def stop(self, key: str) -> None:
        """Stop a job."""
        found = self._jobs.get(key)
        if found is not None:
            found[1].stop(found[0])

    def place_of(self, job: Job) -> int:
        """How many jobs are done before it."""
        return self._jobs[job.key][1].place_of(job)

    @property
    def listed(self) -> list[Job]:
        """Heavy jobs, the latest first."""
        with self._lock:
            return [job for job, lane in reversed(self._jobs.values()) if lane is self.heavy]

    def close(self) -> None:
        """End everything."""
        for lane in (self.previews, self.heavy):
            lane.close()

    def _submit(self, job: Job, lane: Lane) -> Job:
        with self._lock:
            lane.submit(job)
            self._jobs[job.key] = job, lane
            self._jobs.move_to_end(job.key)
            ended = [key for key, (old, _) in self._jobs.items() if old.has_ended]
            for key in ended[: max(0, len(self._jobs) - REMEMBERED)]:
                del self._jobs[key]
        return job
