"""A lane: one warm process, one job at a time, and those that wait; a job is stopped within seconds.

Stop is an event first; a process that does not hear it gets SIGTERM after 2 seconds, and is killed after 10.
Another takes its place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Condition, Thread
from time import monotonic

from evenhand.locale.current import gettext
from evenhand.parallel.protocol import PULSE
from evenhand.studio.work.child import Child, News, lines_of
from evenhand.studio.work.job import Job

TERMINATE, KILL = 1.5, 10.0
"""Seconds from the wish to stop to SIGTERM, and to the end."""


class Full(Exception):
    """As many jobs wait as may wait."""


class Lane:
    """Jobs one after the other."""

    def __init__(
        self,
        folder: Path,
        room: int,
        *,
        newest: bool = False,
        after: Lane | None = None,
        child: Callable[[Path], Child] = Child,
    ) -> None:
        """At most `room` jobs wait; with `newest` a new job takes the place of all before it.

        Without a job, the process begins when that of the lane `after` is warm: one compiles, not two.
        """
        self._folder, self._room, self._newest, self._make = folder, room, newest, child
        self._after = after
        self._waiting: deque[Job] = deque()
        self._now: Job | None = None
        self._stop_asked: float | None = None
        self._changed = Condition()
        self._closing = False
        self._child: Child | None = None
        self.warm = False
        """Whether the process is ready to begin at once."""
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Have a job done in its turn. Raises Full."""
        with self._changed:
            if self._newest:
                for older in self._waiting:
                    older.end("stopped")
                self._waiting.clear()
                if self._now is not None:
                    self._ask_to_stop(self._now)
            elif len(self._waiting) >= self._room:
                raise Full
            self._waiting.append(job)
            self._changed.notify_all()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is done and nothing waits."""
        with self._changed:
            return self._now is None and not self._waiting

    def stop(self, job: Job) -> None:
        """Stop a job that waits or is being done; one that has ended stays as it is."""
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)
                job.end("stopped")
            elif job is self._now:
                self._ask_to_stop(job)
            self._changed.notify_all()

    def place_of(self, job: Job) -> int:
        """How many jobs are done before a waiting one."""
        with self._changed:
            before = self._waiting.index(job) if job in self._waiting else 0
            return before + (self._now is not None and self._now is not job)

    def close(self) -> None:
        """Stop everything; whole parts are kept. Returns when the process has ended."""
        with self._changed:
            self._closing = True
            while self._waiting:
                self._waiting.popleft().end("stopped")
            if self._now is not None:
                self._ask_to_stop(self._now)
            self._changed.notify_all()
        self._thread.join(KILL + 2)

    def _ask_to_stop(self, job: Job) -> None:
        if self._stop_asked is None and not job.has_ended:
            self._stop_asked = monotonic()
            job.state = "stopping"
            job.version += 1
            if self._child is not None:
                self._child.ask_to_stop()

    def _work(self) -> None:
        try:
            while not self._closing:
                if self._may_wait():
                    continue
                child = self._ready()
                job = self._next(child)
                if job is not None:
                    self._tried(child, job)
        finally:
            if self._child is not None:
                self._child.end()

    def _may_wait(self) -> bool:
        """Wait a moment where there is no reason to begin a process; says whether there was none."""
        with self._changed:
            early = self._child is None and self._after is not None and not self._after.warm
            if early and not self._waiting:
                self._changed.wait(PULSE)
                return True
            return False

    def _ready(self) -> Child:
        """The process that lives; a new one where the last has died."""
        if self._child is None or not self._child.process.is_alive():
            if self._child is not None:
                self._child.end()
            self._child, self.warm = self._make(self._folder), False
        return self._child

    def _next(self, child: Child) -> Job | None:
        """The next job, or nothing for now: the process may say meanwhile that it is warm."""
        with self._changed:
            if not self._waiting:
                self._changed.wait(PULSE)
            if not self._waiting or self._closing:
                job = None
            else:
                job, self._stop_asked = self._waiting.popleft(), None
                self._now = job
                job.begin()
        if job is None:
            self._hear(child, None)
        return job

    def _tried(self, child: Child, job: Job) -> None:
        """Have a job done; what goes wrong here fails the job, and the lane goes on with another process."""
        try:
            self._do(child, job)
        except Exception as error:  # noqa: BLE001 (told to the user)
            child.end()
            job.end("failed", lines=lines_of(error))
            with self._changed:
                self._child, self._now, self._stop_asked = None, None, None

    def _do(self, child: Child, job: Job) -> None:
        """Have a job done, and see it end."""
        with self._changed:  # a wish to stop comes before or after, and is not lost between
            child.give(job.order)
            if self._stop_asked is not None:
                child.ask_to_stop()
        terminated = False
        while not job.has_ended:
            self._hear(child, job, wait=PULSE)
            if job.has_ended or self._stop_asked is None:
                continue
            late = monotonic() - self._stop_asked
            if late > KILL:
                child.end()
                self._child = None
                job.end("stopped")
            elif late > TERMINATE and not terminated:
                terminated = True
                child.terminate()
        with self._changed:
            self._now, self._stop_asked = None, None

    def _hear(self, child: Child, job: Job | None, wait: float = 0.0) -> None:
        """Take in what the process has to say; its end ends the job."""
        try:
            while child.line.poll(wait):
                self._take(child.line.recv(), job)
                if job is not None and job.has_ended:
                    return
                wait = 0.0
        except (EOFError, OSError):
            child.process.join(1)
            if job is not None and not job.has_ended:
                self._end_of(child, job)

    def _take(self, news: News, job: Job | None) -> None:
        if news.what == "warm":
            self.warm = True
        elif job is not None:
            if news.what == "event":
                job.hear(news.said)
            elif news.what == "done":
                job.end("done", found=news.said)
            elif news.what == "stopped":
                job.end("stopped")
            else:
                job.end("failed", lines=news.said)

    def _end_of(self, child: Child, job: Job) -> None:
        """The process has died with its job: because it was told to, or by itself."""
        if self._stop_asked is not None:
            job.end("stopped")
        else:
            status = child.process.exitcode
            job.end(
                "failed",
                lines=[
                    gettext("the process that did the work has died (exit status {status})").format(
                        status=status
                    )
                ],
            )
