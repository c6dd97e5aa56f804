"""Advice tried out: worlds lived with and without each piece, with pairs of them, alone and all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from evenhand.analysis.advise.checklist import Piece, Side, chosen
from evenhand.analysis.advise.effects import OUTCOMES, Lived, Means, differences, lived
from evenhand.analysis.advise.treatment import PEOPLE, Treated, advised_world, changed, followed
from evenhand.analysis.compare.multiple import holm
from evenhand.analysis.compare.paired import paired_t
from evenhand.analysis.counterfactual.causal_paths import Attribute, number_of
from evenhand.analysis.counterfactual.resimulation import Lives, Mask, lives
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import contributions
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import EngineName, Experiment
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, draw_world
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import CAUSES

PAIRED = 3
"""Pieces whose pairs are tried, the most useful ones of the first world."""
FEW_SHARE = 0.05
"""Share of the people who follow a piece alone, where rivalry is looked for."""
ATTRIBUTES: Mapping[Side, Attribute] = {"buyer": "buyer.group", "merchant": "merchant.group"}
WHO = ("valid", "groundless")
LEVEL = 0.05


class Whose(NamedTuple):
    """Whom advice is for: all people of the side, or a group; all cases, or those of a cause or an amount."""

    side: Side
    group: str | None = None
    cause: str | None = None
    amount: tuple[float, float] | None = None


class Effect(NamedTuple):
    """What a piece does to one outcome: mean difference, half-width of its interval, adjusted p, cases."""

    mean: float
    half: float
    p: float
    n: int

    @property
    def sure(self) -> bool:
        """Whether it is beyond luck, all effects together."""
        return bool(self.p < LEVEL)


class Advised(NamedTuple):
    """A piece, or two together, and what it does among those whose cases it changed."""

    pieces: tuple[Piece, ...]
    effects: dict[tuple[str, str], Effect]
    """By whose claims ("valid", "groundless") and outcome."""
    touched: float
    """Share of the disputes of those advised of which it changes anything."""
    alone: dict[str, Effect]
    """By outcome: what it does to the few who follow it while nobody else does; empty for pairs."""
    rivalry: dict[str, Effect]
    """What everybody following it as well does to these few, beyond that; below 0 it is worth less."""
    beyond: dict[str, Effect]
    """By outcome, for pairs: what two do beyond the sum of each alone, among valid claims."""


@dataclass(frozen=True, eq=False)
class Advice:
    """All advice to one side under a policy."""

    experiment: Experiment
    whose: Whose
    pieces: tuple[Advised, ...]
    pairs: tuple[Advised, ...]

    @property
    def currency(self) -> str:
        """Of the money in the effects."""
        return self.experiment.scenario.currency

    def ranked(self, outcome: str = "money", who: str = "valid") -> list[Advised]:
        """The pieces, the one that does most for an outcome first; unknown ones last."""
        return sorted(self.pieces, key=lambda one: -np.nan_to_num(one.effects[who, outcome].mean, nan=-1e99))

    def helps_liars(self) -> list[Advised]:
        """Pieces that surely gain money for those whose claims are groundless."""
        return [
            one
            for one in self.pieces
            if one.effects["groundless", "money"].sure and one.effects["groundless", "money"].mean > 0
        ]


class WorldTask(NamedTuple):
    """One world, to be lived with every piece; it can be sent to another process."""

    experiment: Experiment
    replication: int
    whose: Whose
    pieces: tuple[Piece, ...]
    pairs: tuple[tuple[int, int], ...] | None
    """Positions of pieces tried together; None = to be found in this world."""


class Row(NamedTuple):
    """Mean differences of one world for one treatment."""

    valid: Means
    groundless: Means
    touched: float
    alone: Means
    crowd: Means
    """Of the few, when everybody follows."""


class OfWorld(NamedTuple):
    """What one world says of all pieces, and of pairs."""

    replication: int
    rows: tuple[Row, ...]
    pairs: dict[tuple[int, int], tuple[Means, Means, float, Means]]
    """Valid, groundless, touched, and beyond the sum."""
    useful: tuple[float, ...]
    """What each piece is worth in all, as money, which says the pairs to try."""


Tick = Callable[[], None]
Do = Callable[[WorldTask, Tick], OfWorld]
Pool = Callable[[Do, Sequence[WorldTask]], Iterable[tuple[WorldTask, OfWorld]]]


def alone(do: Do, some: Sequence[WorldTask]) -> Iterator[tuple[WorldTask, OfWorld]]:
    """Do one world after the other, here."""
    for task in some:
        yield task, do(task, lambda: None)


def advise(
    scenario: Scenario,
    policy: Policy,
    side: Side,
    *,
    group: str | None = None,
    cause: str | None = None,
    amount: tuple[float, float] | None = None,
    pieces: Sequence[str] = (),
    seed: int = 1,
    replications: int = 6,
    days: int | None = None,
    engine: EngineName = "auto",
    pool: Pool = alone,
) -> Advice:
    """What each piece of the checklist does to those of a side who follow it, under a policy.

    Every world is drawn once and lived as it is; then with the columns of one side moved as the piece says,
    under the same luck, for everybody whom it is for; then for one in twenty of them alone, and for pairs of
    the most useful pieces. Behaviour is frozen, so that the same disputes arise. `group` is a group of the
    side, `cause` what the buyer says, `amount` from and below which money. Effects are among those whose
    cases the piece changes. Raises ValueError for what is unknown, and DoesNotFit.
    """
    every = chosen(side, tuple(pieces))
    stage = lives(scenario, policy, seed, replications, days, engine, True, 2 * len(every) + 4)
    whose = Whose(side, group, cause, amount)
    check(scenario, whose)
    tasks = [WorldTask(stage.experiment, number, whose, every, None) for number in range(replications)]
    first = next(iter(pool(of_world, tasks[:1])))[1] if tasks else None
    assert first is not None
    pairs = tuple(first.pairs)
    rest = pool(of_world, [task._replace(pairs=pairs) for task in tasks[1:]])
    worlds = sorted([first, *(one for _, one in rest)], key=lambda one: one.replication)
    return _together(stage.experiment, whose, every, worlds)


def check(scenario: Scenario, whose: Whose) -> None:
    """Refuse a group or a cause that there is not. Raises ValueError."""
    if whose.group is not None:
        number_of(scenario, ATTRIBUTES[whose.side], whose.group)
    if whose.cause is not None and whose.cause not in CAUSES:
        raise ValueError(f"cause: must be one of {', '.join(CAUSES)}, found {whose.cause!r}")


def of_world(task: WorldTask, tick: Tick) -> OfWorld:
    """Live one world with every piece of advice."""
    about = task.experiment
    luck = about.luck(task.replication)
    world = draw_world(about.scenario, Extent.of(about.policy), luck, about.days, about.open_loop)
    return _World(task, world, luck, tick).all()


class _World:
    """One world, lived as it is and with advice."""

    def __init__(self, task: WorldTask, world: World, luck: Luck, tick: Tick) -> None:
        self.task, self.world, self.luck, self.tick = task, world, luck, tick
        self.stage, self.side = Lives(task.experiment, None, []), task.whose.side
        self.who = treated(task.experiment.scenario, world, task.whose)
        self.few = self.some()
        self.before = self.lives(world)

    def all(self) -> OfWorld:
        rows, moved = [], []
        for piece in self.task.pieces:
            row, advised = self.row(piece)
            rows.append(row)
            moved.append(advised)
        useful = tuple(_worth(row) for row in rows)
        pairs = self.task.pairs
        if pairs is None:
            best = sorted(range(len(rows)), key=lambda at: -useful[at])[:PAIRED]
            pairs = tuple(combinations(sorted(best), 2))
        found = {pair: self.pair(pair, rows, moved) for pair in pairs}
        return OfWorld(self.task.replication, tuple(rows), found, useful)

    def row(self, piece: Piece) -> tuple[Row, World | None]:
        """One piece for everybody, and for one in twenty alone."""
        advised = advised_world(self.task.experiment.scenario, self.world, self.luck, [piece])
        whole = followed(self.world, advised, [piece], self.who)
        among = changed(self.world, whole, [piece], self.side) & self.who.cases
        after = self.lives(whole)
        few = followed(self.world, advised, [piece], self.few)
        mine = among & self.few.cases
        apart = self.lives(few)
        valid, groundless = self.split(after, among)
        disputes = self.who.cases & (self.before.exists | after.exists)
        touched = float(among[disputes].mean()) if disputes.any() else float("nan")
        both = (differences(self.before, apart, mine), differences(self.before, after, mine))
        return Row(valid, groundless, touched, *both), advised

    def pair(
        self, pair: tuple[int, int], rows: Sequence[Row], moved: Sequence[World | None]
    ) -> tuple[Means, Means, float, Means]:
        """Two pieces together, and what they do beyond the sum of each alone."""
        pieces = [self.task.pieces[at] for at in pair]
        taking = [at for at in pair if self.task.pieces[at].columns]
        advised = moved[taking[0]] if len(taking) == 1 else None
        if len(taking) > 1:
            advised = advised_world(self.task.experiment.scenario, self.world, self.luck, pieces)
        whole = followed(self.world, advised, pieces, self.who)
        among = changed(self.world, whole, pieces, self.side) & self.who.cases
        after = self.lives(whole)
        valid, groundless = self.split(after, among)
        disputes = self.who.cases & (self.before.exists | after.exists)
        touched = float(among[disputes].mean()) if disputes.any() else float("nan")
        with np.errstate(invalid="ignore", divide="ignore"):
            # Totals add up over cases, means over different cases do not.
            parts = sum(np.nan_to_num(rows[at].valid.value) * rows[at].valid.n for at in pair)
            beyond = valid.value - parts / valid.n
        return valid, groundless, touched, Means(beyond, valid.n)

    def split(self, after: Lived, among: Mask) -> tuple[Means, Means]:
        """Valid and groundless claims apart; a case keeps its truth in every life."""
        cases: Any = self.world.cases
        valid = np.asarray(cases["valid"], np.bool_)
        return (
            differences(self.before, after, among & valid),
            differences(self.before, after, among & ~valid),
        )

    def lives(self, world: World) -> Lived:
        part = self.stage.live(world, self.luck)
        self.tick()
        return lived(self.task.experiment, part, self.side, len(self.world.cases))

    def some(self) -> Treated:
        """One in twenty of those advised, drawn by the world and nothing else."""
        seed = [self.task.experiment.seed, self.task.replication, 0xAD715E]
        drawn = np.random.default_rng(seed).random(len(self.who.people)) < FEW_SHARE
        cases: Any = self.world.cases
        return Treated(self.who.people & drawn, self.who.cases & drawn[cases[self.side]])


def treated(scenario: Scenario, world: World, whose: Whose) -> Treated:
    """Whom advice is for. Raises ValueError for an unknown group."""
    cases: Any = world.cases
    people: Any = getattr(world, PEOPLE[whose.side])
    who = np.ones(len(people), np.bool_)
    if whose.group is not None:
        who = np.asarray(people["group"] == number_of(scenario, ATTRIBUTES[whose.side], whose.group))
    mine = who[cases[whose.side]]
    if whose.cause is not None:
        mine = mine & (cases["claimed"] == CAUSES.index(whose.cause))
    if whose.amount is not None:
        mine = mine & (cases["amount"] >= whose.amount[0]) & (cases["amount"] < whose.amount[1])
    return Treated(who, np.asarray(mine, np.bool_))


def _worth(row: Row) -> float:
    """What a piece gains for valid claims in one world, in all."""
    place = OUTCOMES.index("money")
    return float(np.nan_to_num(row.valid.value[place]) * row.valid.n[place])


def _together(
    experiment: Experiment, whose: Whose, pieces: Sequence[Piece], worlds: Sequence[OfWorld]
) -> Advice:
    """Means over worlds with their intervals; p adjusted over all pieces, claims and outcomes (Holm)."""
    valid = [[one.rows[at].valid for one in worlds] for at in range(len(pieces))]
    groundless = [[one.rows[at].groundless for one in worlds] for at in range(len(pieces))]
    table = [_effects(one) for pair in zip(valid, groundless, strict=True) for one in pair]
    told = _adjusted(table)
    made = []
    for at, piece in enumerate(pieces):
        few = [one.rows[at].alone for one in worlds]
        crowd = [one.rows[at].crowd for one in worlds]
        more = [Means(b.value - a.value, a.n) for a, b in zip(few, crowd, strict=True)]
        effects = _by_who(told[2 * at], told[2 * at + 1])
        touched = _mean([one.rows[at].touched for one in worlds])
        made.append(Advised((piece,), effects, touched, _named(_effects(few)), _named(_effects(more)), {}))
    return Advice(experiment, whose, tuple(made), _pairs(pieces, worlds))


def _pairs(pieces: Sequence[Piece], worlds: Sequence[OfWorld]) -> tuple[Advised, ...]:
    found = []
    keys = list(worlds[0].pairs)
    table = [
        _effects([side for one in worlds for side in one.pairs[key][at : at + 1] if isinstance(side, Means)])
        for key in keys
        for at in (0, 1)
    ]
    told = _adjusted(table)
    beyond = _adjusted([_effects([one.pairs[key][3] for one in worlds]) for key in keys])
    for number, key in enumerate(keys):
        touched = _mean([one.pairs[key][2] for one in worlds])
        effects = _by_who(told[2 * number], told[2 * number + 1])
        two = tuple(pieces[at] for at in key)
        found.append(Advised(two, effects, touched, {}, {}, _named(beyond[number])))
    return tuple(found)


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if isfinite(value)]
    return sum(known) / len(known) if known else float("nan")


def _effects(worlds: Sequence[Means]) -> list[Effect]:
    """An effect for each outcome: the pooled mean over all cases, t over worlds."""
    value = np.stack([one.value for one in worlds])
    n = np.stack([one.n for one in worlds])
    added: Floats = contributions(value, n)
    found = paired_t(added, np.zeros_like(added))
    return [
        Effect(float(found.mean[at]), float(found.half[at]), float(found.p[at]), int(n[:, at].sum()))
        for at in range(len(OUTCOMES))
    ]


def _adjusted(table: Sequence[Sequence[Effect]]) -> list[list[Effect]]:
    """The same effects with p adjusted over all of them."""
    p = holm(np.array([one.p for row in table for one in row]))
    flat = iter(p)
    return [[one._replace(p=float(next(flat))) for one in row] for row in table]


def _by_who(valid: Sequence[Effect], groundless: Sequence[Effect]) -> dict[tuple[str, str], Effect]:
    return {
        (who, outcome): one
        for who, row in zip(WHO, (valid, groundless), strict=True)
        for outcome, one in zip(OUTCOMES, row, strict=True)
    }


def _named(row: Sequence[Effect]) -> dict[str, Effect]:
    return dict(zip(OUTCOMES, row, strict=True))
