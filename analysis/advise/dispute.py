"""One dispute: what would have turned it, piece by piece, under the very luck that it had."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from evenhand.analysis.advise.checklist import Piece, Side, chosen
from evenhand.analysis.advise.effects import Lived, lived
from evenhand.analysis.advise.treatment import Treated, advised_world, changed, followed
from evenhand.analysis.counterfactual.resimulation import Lives
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.sampling.world import Extent, draw_world
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import ENDINGS

CENT = 0.005
"""Money below this is no difference."""


class Outcome(NamedTuple):
    """How the dispute came out for the side."""

    ending: str
    """Empty where it did not become a dispute."""
    refund: float
    """Share of the amount."""
    money: float
    """What the side keeps of it, below 0 what it loses."""
    days: float
    adequate: bool | None
    """Whether the remedy fits the harm; None while it is open."""


class Tried(NamedTuple):
    """One or two pieces of advice, and what came of the dispute with them."""

    pieces: tuple[Piece, ...]
    outcome: Outcome
    gain: float
    """Money more than without."""

    @property
    def turns(self) -> bool:
        """Whether it comes out better for the side by more than a cent."""
        return self.gain > CENT


@dataclass(frozen=True, eq=False)
class Turned:
    """What advice would have made of one dispute."""

    side: Side
    dispute: int
    replication: int
    before: Outcome
    tried: tuple[Tried, ...]
    """Single pieces that change anything about the case, the most useful first."""
    smallest: Tried | None
    """The fewest pieces that turn it, of these the one that gains most; None where none does."""
    untouched: tuple[Piece, ...]
    """Pieces that change nothing about it: it was done that way already, or never mattered."""
    missing: float
    """Nats of evidence that the side lacked in the last ruling; NaN where it lost none."""


Tell = Callable[[int, int], None]
"""Told how many lives of how many are over."""


def advise_dispute(
    experiment: Experiment, side: Side, replication: int, dispute: int, tell: Tell | None = None
) -> Turned:
    """Live the world of a dispute again with each piece of advice followed in that case alone.

    The person's own traits (a merchant who answers everything, a buyer who knows the rules) hold in all of
    the person's cases. If no piece turns it, pairs of those that touch it are tried. Raises ValueError for a
    dispute that there is not.
    """
    return _Case(experiment, side, replication, dispute, tell).turned()


class _Case:
    def __init__(
        self, experiment: Experiment, side: Side, replication: int, dispute: int, tell: Tell | None
    ) -> None:
        self.experiment, self.side, self.replication, self.dispute = experiment, side, replication, dispute
        self.luck = experiment.luck(replication)
        self.world = draw_world(
            experiment.scenario,
            Extent.of(experiment.policy),
            self.luck,
            experiment.days,
            experiment.open_loop,
        )
        self.stage = Lives(experiment, None, [])
        self.tell, self.done = tell, 0
        if not 0 <= dispute < len(self.world.cases):
            raise ValueError(f"there is no dispute {dispute} in replication {replication}")
        self.who = self.one()
        self.total = 1 + len(chosen(side))
        self.before, self.record = self.live(self.world)
        if not self.before.exists[dispute]:
            raise ValueError(f"there is no dispute {dispute} in replication {replication} that counts")

    def one(self) -> Treated:
        """The case and its person."""
        cases: Any = self.world.cases
        people = len(self.world.buyers) if self.side == "buyer" else len(self.world.merchants)
        mine = np.arange(len(cases)) == self.dispute
        return Treated(np.arange(people) == cases[self.side][self.dispute], mine)

    def turned(self) -> Turned:
        singles, untouched = [], []
        for piece in chosen(self.side):
            found = self.tried([piece])
            if found is None:
                untouched.append(piece)
            else:
                singles.append(found)
        singles.sort(key=lambda one: -one.gain)
        best = next((one for one in singles if one.turns), None)
        if best is None:
            best = self.pairs([one.pieces[0] for one in singles])
        return Turned(
            self.side,
            self.dispute,
            self.replication,
            self.outcome(self.before),
            tuple(singles),
            best,
            tuple(untouched),
            self.missing(),
        )

    def pairs(self, pieces: Sequence[Piece]) -> Tried | None:
        """The pair of pieces that turns the case and gains most."""
        every = list(combinations(pieces, 2))
        self.total = self.done + len(every)
        found = [one for pair in every if (one := self.tried(pair)) is not None and one.turns]
        return max(found, key=lambda one: one.gain, default=None)

    def tried(self, pieces: Sequence[Piece]) -> Tried | None:
        """What came of the case with these pieces; None where they change nothing about it."""
        advised = advised_world(self.experiment.scenario, self.world, self.luck, pieces)
        whole = followed(self.world, advised, pieces, self.who)
        if not changed(self.world, whole, pieces, self.side)[self.dispute]:
            self.tick()
            return None
        after, _ = self.live(whole)
        outcome = self.outcome(after)
        return Tried(tuple(pieces), outcome, outcome.money - float(self.before.money[self.dispute]))

    def live(self, world: World) -> tuple[Lived, dict[str, Any]]:
        part = self.stage.live(world, self.luck)
        self.tick()
        return lived(self.experiment, part, self.side, len(world.cases)), dict(part.disputes)

    def tick(self) -> None:
        self.done += 1
        if self.tell is not None:
            self.tell(min(self.done, self.total), self.total)

    def outcome(self, of: Lived) -> Outcome:
        at = self.dispute
        ending = int(of.ending[at])
        fits = float(of.adequate[at])
        return Outcome(
            ENDINGS[ending] if ending >= 0 else "",
            float(of.won[at]),
            float(of.money[at]),
            float(of.days[at]),
            None if np.isnan(fits) else bool(fits),
        )

    def missing(self) -> float:
        """How far the belief of the last ruling was from the standard of proof, where the side lost."""
        row = int(np.flatnonzero(self.record["dispute"] == self.dispute)[0])
        belief, upheld = float(self.record["belief"][row]), bool(self.record["upheld"][row])
        if np.isnan(belief) or np.isnan(float(self.record["ruled_at"][row])):
            return float("nan")
        version = int(self.record["version"][row])
        rules = self.experiment.policy.versions()[version][1].form(
            int(self.record["exceptions"][row]), int(self.record["reviews"][row])
        )
        standard = rules.decision.standard
        lacks = float(np.log(standard / (1 - standard))) - belief
        if self.side == "merchant":
            return -lacks if upheld and lacks < 0 else float("nan")
        return lacks if not upheld and lacks > 0 else float("nan")
