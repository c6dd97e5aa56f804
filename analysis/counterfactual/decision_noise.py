"""The noise audit: the same disputes before other arbiters and on other occasions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtri

from evenhand.analysis.counterfactual.findings import Findings, Measure, Tally
from evenhand.analysis.counterfactual.resimulation import Ends, Lives, Mask, Tell, lives, replaced
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.written import percent
from evenhand.locale.current import gettext, gettext_noop
from evenhand.renamed import renamed_arguments
from evenhand.sim.lifecycle.codes import BY_DESK, BY_PANEL
from evenhand.sim.policy.policy import Policy, Reform
from evenhand.sim.runs.experiment import Decide, EngineName
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.arrivals import Arrivals
from evenhand.sim.sampling.eager import draw_rows
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario

AWARD, BELIEF = "award", "belief"
SPARE = 1_000_000
"""Luck for another arbiter or occasion is that of replications which no study will reach."""


class Judgements(NamedTuple):
    """What every arbiter said on every occasion about every case; shape (cases, arbiters, occasions)."""

    error: Floats
    """Refund share awarded less the share deserved."""
    upheld: Floats
    """1 where the buyer won, else 0."""
    noise: Floats
    """Noise in the belief, in nats; NaN for panels."""


class Components(NamedTuple):
    """The parts of a mean squared error, in its unit; NaN with fewer than two cases."""

    mse: float
    bias: float
    level: float
    pattern: float
    occasion: float


def components(error: Floats) -> Components:
    """Split a mean squared error: MSE = bias^2 + level^2 + pattern^2 + occasion^2, all four as squares.

    `error` has shape (cases, arbiters, occasions), at least two of each. Level is between arbiters,
    pattern between arbiters on the same case beyond their level, occasion within the same arbiter and
    case. Unbiased estimates from the mean squares of a two-way layout, so a part that is 0 may come out
    a little below 0; bias is the mean product of the errors of two different arbiters in the same case.
    The identity holds exactly. Source: Kahneman, Sibony & Sunstein (2021), Noise, chapter 6 and appendix C;
    Searle, Casella & McCulloch (1992), Variance Components, section 4.3.
    """
    n, k, times = error.shape
    if n < 2:
        return Components(*(float("nan"),) * 5)
    cell, case, arbiter = error.mean(axis=2), error.mean(axis=(1, 2)), error.mean(axis=(0, 2))
    within = ((error - cell[:, :, None]) ** 2).sum() / (n * k * (times - 1))
    apart = cell - case[:, None] - arbiter[None, :] + error.mean()
    interaction = times * (apart**2).sum() / ((n - 1) * (k - 1))
    between = n * times * ((arbiter - error.mean()) ** 2).sum() / (k - 1)
    products = (cell.sum(axis=1) ** 2 - (cell**2).sum(axis=1)) / (k * (k - 1))
    return Components(
        mse=float((error**2).mean()),
        bias=float(products.mean()),
        level=float((between - interaction) / (n * times)),
        pattern=float((interaction - within) / times),
        occasion=float(within),
    )


def disagreement(upheld: Floats) -> tuple[float, float]:
    """Chance that two judgements of the same case differ: of two arbiters, and of one on two occasions.

    The estimate of 2 D (1 - D), D the share of judgements for the buyer, without the judgement's
    agreement with itself. `upheld` has shape (cases, arbiters, occasions).
    """
    n, k, times = upheld.shape
    if not n:
        return float("nan"), float("nan")
    p, total = upheld.mean(axis=2), upheld.sum(axis=2)
    agree = (p.sum(axis=1) ** 2 - (p**2).sum(axis=1)) / (k * (k - 1))
    between = 2 * (p.mean(axis=1) - agree)
    within = 2 * total * (times - total) / (times * (times - 1))
    return float(between.mean()), float(within.mean())


@renamed_arguments
def noise(
    scenario: Scenario,
    policy: Policy,
    *,
    judges: int | None = None,
    occasions: int = 2,
    seed: int = 1,
    replications: int = 10,
    days: int | None = None,
    engine: EngineName = "auto",
    tell: Tell | None = None,
    decide: Decide | None = None,
) -> Findings:
    """Bring the same disputes before several arbiters, each on several occasions, and compare.

    Each world lives judges x occasions times, behaviour frozen and reviews left out, so that the first
    decision is what stands; only the draws of the arbiter (or the jurors of a panel) and of the occasion
    are made anew. In every life the cases are spread over all judges, and over the lives each case comes
    before each. `judges` defaults to six, or all where the scenario has fewer; for panels a judge is
    another jury, so that the level of single jurors is part of the pattern.

    Found for decisions by a desk or a panel: `mse` of the refund share against the deserved one and its
    parts `bias`, `level`, `pattern` and `occasion` (see `components`; squares, in shares of the amount);
    `lean`, the mean error; `disagreement` and `second_thoughts` (see `disagreement`); and for desks the
    same parts of the noise in the belief, in squared nats.
    A decision rule in Python (`decide`) knows neither its judge nor the occasion, so that the noise of its
    awards is 0 and its error all bias; decisions by a panel are as they were.
    Raises ValueError for fewer than two judges or occasions, or more judges than arbiters; DoesNotFit.
    """
    most = scenario.arbiters.count
    bench = min(6, most) if judges is None else judges
    if not 2 <= bench <= most:
        raise ValueError(
            gettext("judges: must be from 2 to the scenario's {most} arbiters, found {bench}").format(
                most=most, bench=bench
            )
        )
    if occasions < 2:
        raise ValueError(
            gettext("occasions: must be 2 or more, found {occasions}").format(occasions=occasions)
        )
    stage = lives(
        scenario,
        without_reviews(policy),
        seed,
        replications,
        days,
        engine,
        True,
        bench * occasions,
        tell,
        decide,
    )
    tally = Tally()
    for world, luck in stage.worlds():
        _count(tally, _judgements(stage, world, luck, bench, occasions))
    return replace(_audit(tally, bench, occasions), overloads=stage.overloads())


def without_reviews(policy: Policy) -> Policy:
    """The policy in which the first ruling stands."""

    def kept(reform: Reform) -> Reform:
        changes = {name: value for name, value in reform.changes.items() if name != "review"}
        return reform.model_copy(update={"changes": changes})

    first = policy.review.model_copy(update={"limit": 0})
    return policy.model_copy(update={"review": first, "reforms": tuple(map(kept, policy.reforms))})


def benches(scenario: Scenario, world: World, luck: Luck, judges: int, occasions: int) -> Iterator[World]:
    """The world before each judge on each occasion, occasion by occasion.

    In life k of an occasion, case i is before judge (start_i + k) modulo judges.
    """
    some, n = scenario.arbiters, len(world.cases)
    bench = np.argsort(_other(luck, 0).uniforms(streams.ARBITER, 0, some.count))[:judges]
    juries = [_jury(world, _other(luck, judge)) for judge in range(judges)]
    for life in range(judges * occasions):
        judge = (starts(luck, n, judges) + life) % judges
        moment = _other(luck, life)
        columns = {
            "arbiter": bench[judge],
            "occasion": some.occasion_sd * ndtri(moment.uniforms(streams.OCCASION, 0, n)),
            "shared": scenario.jurors.shared_sd * ndtri(moment.uniforms(streams.SHARED_IMPRESSION, 0, n)),
        }
        yield world._replace(levels=replaced(world.levels, columns), votes=_seated(juries, judge))


def starts(luck: Luck, n: int, judges: int) -> Any:
    """Which judge each case is before in the first life."""
    return np.floor(_other(luck, 1).uniforms(streams.ARBITER, 0, n) * judges).astype(np.int64)


def _other(luck: Luck, number: int) -> Luck:
    """Luck that no replication of a study uses, one for each number."""
    return Luck(luck.seed, (number + 1) * SPARE + luck.replication)


def _jury(world: World, luck: Luck) -> Any:
    """Votes of other jurors; shape (cases, seats)."""
    cases: Any = world.cases
    votes: Any = draw_rows(world, luck, Arrivals(cases["order_at"], cases["position"])).votes
    return votes.reshape(len(cases), world.seats)


def _seated(juries: list[Any], judge: Any) -> Any:
    """Votes of the jury that each case is before, as the world has them: one seat after the other."""
    votes = juries[0].copy()
    for number, jury in enumerate(juries):
        votes[judge == number] = jury[judge == number]
    return votes.reshape(-1)


def _judgements(stage: Lives, world: World, luck: Luck, judges: int, occasions: int) -> Judgements:
    """All judgements of the cases that came to a desk or a panel in every life."""
    n = len(world.cases)
    shape = (n, judges, occasions)
    share, noise_, upheld, ruled = np.empty(shape), np.empty(shape), np.empty(shape), np.empty(shape, bool)
    case, start = np.arange(n), starts(luck, n, judges)
    for life, changed in enumerate(benches(stage.experiment.scenario, world, luck, judges, occasions)):
        occasion, k = divmod(life, judges)
        at = (case, (start + k) % judges, occasion)
        ends = Ends(stage.live(changed, luck), world)
        decider = ends.column("decider", 0)
        ruled[at] = (decider == BY_DESK) | (decider == BY_PANEL)
        share[at] = ends.column("first_share", 0.0)
        upheld[at] = ends.column("first_upheld", False)
        noise_[at] = np.where(decider == BY_DESK, ends.column("term_noise", 0.0), np.nan)
    always: Mask = np.asarray(ruled.all(axis=(1, 2)))
    cases: Any = world.cases
    error = share - cases["deserved"][:, None, None]
    return Judgements(error[always], upheld[always], noise_[always])


PARTS = {
    "bias": "bias, squared",
    "level": "level noise, squared",
    "pattern": "pattern noise, squared",
    "occasion": "occasion noise, squared",
    "mse": "mean squared error",
}
SQUARED = {AWARD: "share of amount, squared", BELIEF: "nats squared"}
LEAN = Measure("lean", gettext_noop("mean error, towards the buyer"), "share of amount")
TWO = Measure("disagreement", gettext_noop("two arbiters disagree who wins"), "share")
AGAIN = Measure(
    "second_thoughts", gettext_noop("one arbiter disagrees with itself on another occasion"), "share"
)


def _count(tally: Tally, found: Judgements) -> None:
    """Note everything about one world."""
    n = len(found.error)
    for part, values in ((AWARD, found.error), (BELIEF, found.noise)):
        known = values[~np.isnan(values).any(axis=(1, 2))]  # a panel's belief has no arbiter's noise
        split = components(known)
        for name, title in PARTS.items():
            tally.add(Measure(name, title, SQUARED[part]), part, getattr(split, name), len(known))
    tally.add(LEAN, AWARD, float(found.error.mean()) if n else float("nan"), n)
    two, again = disagreement(found.upheld)
    tally.add(TWO, AWARD, two, n)
    tally.add(AGAIN, AWARD, again, n)


def _audit(tally: Tally, judges: int, occasions: int) -> Findings:
    found = Findings(
        "noise",
        gettext("{judges} arbiters, {occasions} occasions").format(judges=judges, occasions=occasions),
        tally.findings(),
        "",
    )
    parts = {name: found.of(name, AWARD).value for name in ("bias", "level", "pattern", "occasion")}
    mse, two = found.of("mse", AWARD), found.of("disagreement", AWARD)
    system = parts["level"] + parts["pattern"] + parts["occasion"]
    sentence = gettext(
        "Of {n:,} disputes, two arbiters would decide {between} for different sides, and one arbiter "
        "would decide {within} otherwise on another occasion; noise makes {share} of the squared error of "
        "the awards, and what all arbiters share the rest."
    ).format(
        n=two.n,
        between=percent(two.value),
        within=percent(found.of("second_thoughts", AWARD).value),
        share=percent(system / mse.value if mse.value else float("nan")),
    )
    notes = (
        gettext("award: refund share against the deserved one; belief: noise in nats (desks only)."),
        gettext(
            "mean squared error = bias + level + pattern + occasion, each squared; small parts may fall "
            "below 0."
        ),
    )
    return Findings(found.name, found.title, found.findings, sentence, notes)
