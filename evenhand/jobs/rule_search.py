"""Searching rules: candidates that are done stand in a file, and are not lived through again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple, Protocol, overload

from evenhand.analysis.experiments import Measured, Task, Tick
from evenhand.analysis.report import search as report
from evenhand.analysis.runs.scratch import remove_abandoned
from evenhand.analysis.runs.steps import Step
from evenhand.analysis.search import Aims, Found, Lever
from evenhand.analysis.search import search as search_rules
from evenhand.analysis.search.found import FRESH_WORLDS, limits_words
from evenhand.analysis.search.sampler import MANY_GOALS
from evenhand.analysis.search.study import LEAST
from evenhand.analysis.search.worlds import Build, Worlds
from evenhand.errors import UsageError
from evenhand.jobs import search_document
from evenhand.jobs.compilation import ready
from evenhand.jobs.event import Cancelled, OnEvent, Stopped, Watch
from evenhand.jobs.parameter_sweep import look_at_place
from evenhand.jobs.rule_patches import Bases, Patch, patch
from evenhand.locale.current import gettext
from evenhand.parallel.pool import Asked, executor, perform
from evenhand.scenarios.levers import placer
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Experiment, expected_disputes
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage.search_file import SearchFile
from evenhand.storage.version import version

FILE, PAGE = "search.parquet", "search.html"
WORLDS = 600
"""Budget unless asked for otherwise."""
TIMED = 4
"""Worlds by which minutes are turned into worlds."""


class Budget(NamedTuple):
    """How much a search may spend: worlds, or minutes that are turned into worlds at its beginning."""

    worlds: int | None = WORLDS
    minutes: float | None = None


USUAL = Budget()


class Futures(Protocol):
    """Stored futures: choices of all beliefs about the assumed numbers of a scenario and its policies."""

    @property
    def key(self) -> str:
        """What tells them from others."""

    def __len__(self) -> int:
        """How many there are."""

    def scenario(self, place: int) -> Scenario:
        """The scenario in a future."""

    def policy(self, policy: Policy, place: int) -> Policy:
        """A policy in a future."""


class InFutures(Sequence[Build]):
    """Builders of candidates, one for each future: the levers are turned in what the future has made."""

    def __init__(self, under: Futures, experiment: Experiment, business: tuple[str, ...]) -> None:
        """Remember what is asked for; a future is worked out when a candidate meets it first."""
        self._under, self._policy, self._business = under, experiment.policy, business
        self._start_up = experiment.scenario.start_up
        self._made: dict[int, Build] = {}

    def __len__(self) -> int:
        return len(self._under)

    @overload
    def __getitem__(self, place: int) -> Build: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Build]: ...
    def __getitem__(self, place: int | slice) -> Build | Sequence[Build]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if place not in self._made:
            world = self._under.scenario(place).model_copy(update={"start_up": self._start_up})
            rules = self._under.policy(self._policy, place)
            self._made[place] = placer(world, rules, self._business)
        return self._made[place]


class Searched(NamedTuple):
    """A search, its front as files, and where all of it stands."""

    found: Found
    patches: tuple[Patch, ...]
    """In the order of `found.front`."""
    folder: Path


def search(
    experiment: Experiment,
    levers: Sequence[Lever],
    aims: Aims,
    *,
    bases: Bases,
    budget: Budget = USUAL,
    fresh: int = FRESH_WORLDS,
    business: Sequence[str] = (),
    under: Futures | None = None,
    out: Path | None = None,
    force: bool = False,
    workers: Asked | int | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Searched:
    """Look for values of levers that nothing beats, keep all that was seen, and write the front as patches.

    `bases` are the names of the files over which the patches are laid; `under` are stored futures in which
    candidates are seen, world by world. `out` defaults to a folder below `runs`; what is done there is not
    done again, unless `force` begins anew. Raises Stopped, ValueError, DoesNotFit, UsageError, OSError.
    """
    if experiment.decide is not None:
        raise UsageError(
            gettext("decide: a search goes on in another process, to which no Python rule can follow")
        )
    watch = Watch(on_event, cancelled)
    usual = f"search-{experiment.policy.name}-{experiment.scenario.name}-seed{experiment.seed}"
    folder = out or Path("runs") / usual
    look_at_place(folder, FILE, gettext("search"))
    folder.mkdir(parents=True, exist_ok=True)
    remove_abandoned()
    names = [one.name for one in aims.metrics]
    asked = plan_of(experiment, levers, aims, budget, fresh, under)
    build = placer(experiment.scenario, experiment.policy, tuple(business))
    try:
        store = SearchFile(folder / FILE, asked, levers, names, anew=force)
        try:
            with kept(store, watch):
                ready(experiment, watch)
                worlds = _worlds(store, budget, experiment, build, aims, workers, watch)
                crew = Crew(experiment, workers, watch, worlds + 13 * fresh)
                found = search_rules(
                    build,
                    experiment,
                    levers,
                    aims,
                    worlds=worlds,
                    fresh=fresh,
                    futures=() if under is None else InFutures(under, experiment, tuple(business)),
                    store=store,
                    pool=crew.pool,
                    tell=crew.told,
                )
        finally:
            store.close()
    finally:
        with suppress(OSError):
            folder.rmdir()  # where nothing came of it
    patches = _patches(found, bases, folder)
    drawing = watch.steps("draw", Step("drawing"))
    report.write(
        found,
        folder / PAGE,
        [one.changes for one in patches],
        [one.name for one in patches],
        tell=drawing,
    )
    done = Searched(found, patches, folder)
    search_document.write(done, bases, business)
    return done


def plan_of(
    experiment: Experiment,
    levers: Sequence[Lever],
    aims: Aims,
    budget: Budget,
    fresh: int,
    under: Futures | None = None,
) -> dict[str, Any]:
    """Everything that the numbers of a search depend on, as it stands in its file."""
    return {
        "evenhand": version(),
        "seed": experiment.seed,
        "days": experiment.days,
        "open_loop": bool(experiment.open_loop),
        **({} if experiment.cohort is None else {"cohort": str(experiment.cohort)}),
        "minutes": budget.minutes,
        "worlds": None if budget.minutes is not None else budget.worlds,
        "fresh": fresh,
        "goals": [f"{one.metric.name}:{one.way}" for one in aims.goals],
        "limits": limits_words(aims.limits),
        "optimiser": "NSGA-II" if len(aims.goals) >= MANY_GOALS else "TPE",
        "levers": {str(one.pop("name")): one for one in (lever.plain() for lever in levers)},
        "under": None if under is None else under.key,
        "policy": experiment.policy.model_dump(mode="json", by_alias=True),
        "scenario": experiment.scenario.model_dump(mode="json", by_alias=True),
    }


def _worlds(
    store: SearchFile,
    budget: Budget,
    experiment: Experiment,
    build: Any,
    aims: Aims,
    workers: Asked | int | None,
    watch: Watch,
) -> int:
    """The budget in worlds; minutes are turned into worlds once, and the file keeps how many they are."""
    if budget.minutes is None:
        return budget.worlds or WORLDS
    if store.worlds is None:
        from evenhand.analysis.search.study import Candidate

        crew = Crew(experiment, workers, watch, TIMED)
        lab = Worlds(build, experiment, aims.metrics, pool=crew.pool)
        lab.see([(Candidate(0, {}, "base"), 1)])  # what is made once does not count
        size = crew.size(TIMED)
        since = monotonic()
        lab.see([(Candidate(1 + k, {}, "base"), 1) for k in range(TIMED * size)])
        pace = (monotonic() - since) / (TIMED * size)
        store.worlds = max(int(60 * budget.minutes / max(pace, 1e-3)), LEAST)
        store.plan["worlds"] = store.worlds
    return int(store.worlds)


class Crew:
    """Who lives through candidates, and tells how far it is and how long it will take."""

    def __init__(self, experiment: Experiment, workers: Asked | int | None, watch: Watch, total: int) -> None:
        self.experiment, self.workers, self.watch, self.total = experiment, workers, watch, total
        self.done, self.kept, self.candidates, self.since = 0, 0, 0, monotonic()

    def size(self, items: int) -> int:
        """How many work at once."""
        return int(self._who(items).size)

    def _who(self, items: int) -> Any:
        disputes = expected_disputes(self.experiment.scenario, self.experiment.days) * items
        return executor(
            self.workers, self.experiment.engine, disputes, max(items, 1), leave=self.watch.may_leave
        )

    def told(self, spent: int, candidates: int) -> None:
        """Note how far the search is; worlds that were kept before count as done, and took no time."""
        self.kept = max(self.kept, spent - self.done)
        self.candidates = candidates
        self.say()

    def say(self) -> None:
        """Tell how many worlds are done."""
        done = min(self.done + self.kept, self.total)
        step = Step("search", done=done, total=self.total, candidates=self.candidates, left=self.left(done))
        self.watch.say("search", done, self.total, step)

    def left(self, done: int) -> str:
        """How long the rest will take at the pace of what was done here; empty while that is not known."""
        passed = monotonic() - self.since
        if self.done < 8 or passed < 2:
            return ""
        seconds = passed / self.done * (self.total - done)
        minutes = round(seconds / 60)
        return (
            gettext(", about {minutes} min left").format(minutes=minutes)
            if minutes >= 2
            else gettext(", about {seconds} s left").format(seconds=max(round(seconds), 1))
        )

    def pool(
        self, do: Callable[[Task, Tick], Measured], tasks: Sequence[Task]
    ) -> Iterator[tuple[Task, Measured]]:
        """Do tasks, each with its result as soon as it is done."""

        def tick() -> None:
            self.done += 1
            self.say()

        if tasks:
            yield from perform(do, tasks, self._who(len(tasks)), tick, self.watch.check)


@contextmanager
def kept(store: SearchFile, watch: Watch) -> Iterator[None]:
    """Tell what is kept when the work is stopped."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, Stopped):
        done = len(store.done)
        if done:
            watch.note("keep", done, done, Step("kept_candidates", done=done, file=str(store.path)))
        raise


def _patches(found: Found, bases: Bases, folder: Path) -> tuple[Patch, ...]:
    """Each candidate of the front as files in the folder; those of an earlier front are taken away."""
    for old in folder.glob("candidate-*.yaml"):
        old.unlink()
    base = found.experiment.scenario, found.experiment.policy
    made = []
    for place, one in enumerate(found.front, 1):
        title = f"{found.experiment.policy.title}, candidate {place} of a search"
        made.append(patch(f"candidate-{place:02d}", title, base, found.models(one), bases, folder))
    return tuple(made)
