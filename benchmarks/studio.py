"""`python -m benchmarks.studio`: how long a preview takes after an edit, and how long Stop takes.

Edits are saved texts of a file of rules, read, checked and previewed as the page does; the clock runs from
the text to the result. Stop is asked for at chosen steps of real jobs in their own processes; the clock runs
until the job has ended. Seconds of an idle machine mean something; those of a busy one say how busy it is,
so that the load stands beside them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import Annotated, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from evenhand.storage.plan import Order as RunAsked
from evenhand.studio.drafts import side
from evenhand.studio.folder import Folder
from evenhand.studio.guard import Session
from evenhand.studio.studio import Studio
from evenhand.studio.work.board import Board
from evenhand.studio.work.job import Job
from evenhand.studio.work.orders import RunOrder

MARKETS = ("tmall", "tmall_unresponsive")
RULES = "title: Edited\nbase: policies/tmall\nwindows:\n  merchant_evidence: {hours} h\n"
ENDED = ("done", "stopped", "failed")
PULSE = 0.005
LONG = 300.0
"""Seconds after which something is wrong."""


class Latency(NamedTuple):
    """What was waited for, and how long, in seconds."""

    name: str
    seconds: list[float]
    asked: float
    """What it should take at most, on an idle machine."""


def previews(folder: Path, market: str, edits: int) -> Iterator[Latency]:
    """The first edit of a session, once its process is warm, and the ones after it."""
    studio = Studio(Folder(folder), Session(0))
    try:
        studio.choices.choose("market", market)
        _until(lambda: studio.board.previews.warm)
        took = [_preview(studio, RULES.format(hours=24 + step)) for step in range(edits)]
    finally:
        studio.close()
    yield Latency(f"preview in {market}: first edit", took[:1], 1.0)
    yield Latency(f"preview in {market}: later edits", took[1:], 1.0)


def stops(folder: Path, cold: Path) -> Iterator[Latency]:
    """Stop while worlds are simulated, while the report is drawn, and while the engine compiles."""
    asked = RunAsked("tmall", "tmall", 4000, None, 1, "numba", open_loop=False)
    few = asked._replace(replications=2)
    for place, (order, step) in enumerate(((asked, "simulate"), (few, "draw"))):
        took = _stopped(folder, RunOrder(order, folder / "runs" / str(place), "en"), step)
        yield Latency(f"Stop at the step '{step}'", [took], 2.0)
    kept = os.environ.get("EVENHAND_CACHE")
    os.environ["EVENHAND_CACHE"] = str(cold)
    try:
        took = _stopped(folder, RunOrder(asked, folder / "runs" / "cold", "en"), "")
    finally:
        del os.environ["EVENHAND_CACHE"]
        os.environ.update({"EVENHAND_CACHE": kept} if kept is not None else {})
    yield Latency("Stop while the engine compiles", [took], 2.0)


def _preview(studio: Studio, text: str) -> float:
    since = monotonic()
    shown = side(studio, "edited.yaml", text).preview
    assert shown is not None
    _until(lambda: studio.previews.look(shown.key).found is not None)
    return monotonic() - since


def _stopped(folder: Path, order: RunOrder, step: str) -> float:
    """Seconds until a job ends that is stopped when it has told of a step; of any where there is none."""
    board = Board(folder)
    try:
        job: Job = board.order("a run", order)
        if step:
            _until(lambda: step in job.stages or job.state in ENDED)
        else:
            _until(lambda: job.state == "running")
            sleep(1.0)  # the process has begun to compile
        if job.state in ENDED:
            raise RuntimeError(f"the job ended before '{step}': {job.lines}")
        since = monotonic()
        board.stop(job.key)
        _until(lambda: job.state in ENDED)
        return monotonic() - since
    finally:
        board.close()


def _until(holds: Callable[[], bool]) -> None:
    since = monotonic()
    while not holds():
        if monotonic() - since > LONG:
            raise RuntimeError("nothing came")
        sleep(PULSE)


def main(edits: Annotated[int, typer.Option(help="Edits a market.", min=2)] = 12) -> None:
    """Measure how long previews and Stop take.

    \b
    Example:
      python -m benchmarks.studio --edits 20
    """
    found: list[Latency] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "rules"
        folder.mkdir()
        (folder / "edited.yaml").write_text(RULES.format(hours=23), encoding="utf-8")
        for market in MARKETS:
            found += previews(folder, market, edits)
        found += stops(folder, Path(name) / "cold")
    table = Table(caption=f"Load of the machine (one minute): {os.getloadavg()[0]:.1f}")
    for heading in ("What", "n", "Median s", "Largest s", "Asked s"):
        table.add_column(heading, justify="left" if heading == "What" else "right")
    for one in found:
        table.add_row(
            one.name,
            str(len(one.seconds)),
            f"{median(one.seconds):.2f}",
            f"{max(one.seconds):.2f}",
            f"{one.asked:.0f}",
        )
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
