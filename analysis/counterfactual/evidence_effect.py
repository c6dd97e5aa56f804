"""The arms audit: what one more unit of evidence is worth to either side, and one day less of delay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np

from evenhand.analysis.counterfactual.findings import Findings, Measure, Tally
from evenhand.analysis.counterfactual.resimulation import Ends, Mask, Tell, lives, replaced
from evenhand.analysis.counterfactual.units import DIFFERENCE
from evenhand.analysis.metrics.written import percent, points
from evenhand.locale.current import gettext, gettext_noop
from evenhand.renamed import renamed_arguments
from evenhand.sim.lifecycle.codes import WITHDRAWN
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Decide, EngineName
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario

BUYER, MERCHANT, EARLIER = "buyer", "merchant", "merchant, a day earlier"
DAY = 24.0
SHOWN_AT_LEAST = 1
"""The bit mask of one kind of evidence, for a party that held none."""

UNIT = Measure("unit", gettext_noop("one unit of evidence"), "nats")
WINS = Measure("wins", gettext_noop("own chance to win, with it: change"), DIFFERENCE)
RATIO = Measure("leverage_ratio", gettext_noop("leverage of the merchant to that of the buyer"), "ratio")
BACKFIRES = Measure("backfires", gettext_noop("wins that it turns into losses"), "share")
BY = {
    "decider": gettext_noop("of all wins, through another decider"),
    "review": gettext_noop("of all wins, through a review more or less"),
    "forgery": gettext_noop("of all wins, because the merchant forges or no longer does"),
    "withdrawal": gettext_noop("of all wins, because the buyer no longer gives up"),
    "others": gettext_noop("of all wins, through queues, experience or records"),
    "rule": gettext_noop("of all wins, by the rule itself"),
}
"""Why more may be less; the first that fits, from the top."""


class Twin(NamedTuple):
    """A world in which one side is better armed, and the disputes that it is judged by."""

    part: str
    world: World
    unit: float
    """What was added, in nats; NaN for a day."""


@renamed_arguments
def arms(
    scenario: Scenario,
    policy: Policy,
    *,
    delta: float | Literal["sd"] = "sd",
    seed: int = 1,
    replications: int = 10,
    days: int | None = None,
    engine: EngineName = "auto",
    open_loop: bool | None = True,
    tell: Tell | None = None,
    decide: Decide | None = None,
) -> Findings:
    """Arm one side of every dispute a little better under the same luck, and count what it wins by it.

    Each world lives four times: as drawn; with `delta` nats more weight in every buyer's favour; with as
    much in every merchant's; and with every merchant's evidence ready a day earlier. `delta="sd"` is one
    standard deviation of the weights that a side holds in that world, its own for each side; who holds
    nothing gets one kind of evidence. Parties bargain, forge and ask for reviews as they then would.

    Found: `wins`, the rise of the side's own chance to win, over cases decided with and without (for the
    day: to pay nothing, over filings closed in both); `leverage_ratio`, merchant's to buyer's, 1 = equal
    arms (finite difference; cf. ECtHR, Dombo Beheer v NL 1993, 33), NaN where the buyer's is 0;
    `refund`, mean change of the refund over all disputes; and `backfires`, the share of wins that turn
    into losses, in all and by reason (`backfires_by_...`). More evidence must never lose a case by the rule
    itself: `backfires_by_rule` above 0 for evidence is a fault of the rules (monotone fairness).
    `decide` is a decision rule in Python for the cases that reach a desk.
    Raises ValueError for a delta that is not above 0, DoesNotFit.
    """
    if delta != "sd" and not 0 < delta < 20:
        raise ValueError(
            gettext("delta: must be 'sd' or above 0 and below 20 nats, found {delta}").format(delta=delta)
        )
    stage = lives(scenario, policy, seed, replications, days, engine, open_loop, 4, tell, decide)
    tally, refund = (
        Tally(),
        Measure("refund", gettext("refund per dispute, with it: change"), scenario.currency),
    )
    for world, luck in stage.worlds():
        before = Ends(stage.live(world, luck), world)
        gained: dict[str, float] = {}
        for twin in twins(world, delta):
            after = Ends(stage.live(twin.world, luck), world)
            if twin.part != EARLIER:
                tally.add(UNIT, twin.part, twin.unit, int(before.exists.sum()))
            won, wins, among = _wins(twin.part, before, after)
            gain = wins.astype(float) - won
            tally.mean(WINS, twin.part, gain, among)
            tally.mean(refund, twin.part, after.refund - before.refund, before.exists)
            gained[twin.part] = float(gain[among].mean()) if among.any() else float("nan")
            _backfires(tally, twin.part, before, after, among & won, among & won & ~wins)
        ratio = gained[MERCHANT] / gained[BUYER] if gained[BUYER] else float("nan")
        tally.add(RATIO, "", ratio, int(before.decided.sum()))
    return replace(_audit(tally), overloads=stage.overloads())


def twins(world: World, delta: float | Literal["sd"]) -> Iterator[Twin]:
    """The three better armed worlds."""
    cases: Any = world.cases
    for side, sign in ((BUYER, 1.0), (MERCHANT, -1.0)):
        weight, kinds = cases[f"{side}_weight"], cases[f"{side}_kinds"]
        unit = _spread(weight[kinds > 0]) if delta == "sd" else delta
        more = {f"{side}_weight": weight + sign * unit, f"{side}_kinds": np.maximum(kinds, SHOWN_AT_LEAST)}
        if world.artefacts_each > 0:  # what is shown counts, and that is no longer all that is held
            more[f"{side}_brings"] = cases[f"{side}_brings"] + sign * unit
            more[f"{side}_shows"] = np.maximum(cases[f"{side}_shows"], SHOWN_AT_LEAST)
        yield Twin(side, world._replace(cases=replaced(cases, more)), unit)
    sooner = {"evidence_delay": np.maximum(cases["evidence_delay"] - DAY, 0.0)}
    yield Twin(EARLIER, world._replace(cases=replaced(cases, sooner)), float("nan"))


def _spread(weights: Any) -> float:
    """The standard deviation of weights; 0 where nobody holds any."""
    return float(weights.std()) if len(weights) else 0.0


def _wins(part: str, before: Ends, after: Ends) -> tuple[Mask, Mask, Mask]:
    """Who won before and after, on the side that was armed, and among which disputes."""
    if part == EARLIER:
        filed = ~np.isnan(before.column("filed_at", np.nan)) & ~np.isnan(after.column("filed_at", np.nan))
        closed = ~np.isnan(before.column("closed_at", np.nan)) & ~np.isnan(after.column("closed_at", np.nan))
        return before.refund <= 0, after.refund <= 0, filed & closed
    both = before.decided & after.decided
    if part == BUYER:
        return before.upheld, after.upheld, both
    return ~before.upheld, ~after.upheld, both


def _backfires(tally: Tally, part: str, before: Ends, after: Ends, wins: Mask, lost: Mask) -> None:
    """Count the wins lost, and split them by the first reason that fits."""
    reasons = {
        "decider": before.unlike(after, "decider"),
        "review": before.unlike(after, "reviews"),
        "forgery": before.unlike(after, "merchant_forged", "merchant_found_out"),
        "withdrawal": before.column("ending", 0) == WITHDRAWN,
        "others": before.unlike(after, "term_noise", "term_history"),
        "rule": np.ones(len(lost), np.bool_),
    }
    if part == EARLIER:  # nobody decides a case that the buyer has given up
        reasons = {"withdrawal": reasons.pop("withdrawal"), **reasons}
    tally.mean(BACKFIRES, part, lost, wins)
    left = lost.copy()
    for reason, why in reasons.items():
        tally.mean(Measure(f"backfires_by_{reason}", BY[reason], "share"), part, left & why, wins)
        left &= ~why


def _audit(tally: Tally) -> Findings:
    findings = tally.findings()
    reasons = [f"backfires_by_{reason}" for reason in BY]
    order = ["unit", "wins", "refund", "leverage_ratio", "backfires", *reasons]
    findings = tuple(sorted(findings, key=lambda one: order.index(one.measure.name)))
    found = Findings(
        "arms", gettext("one more unit of evidence for either side, or a day less"), findings, ""
    )
    sentence = gettext(
        "One more unit of evidence brings a buyer {buyer} and a merchant {merchant}; it turns "
        "{buyer_turns} of the buyers' wins and {merchant_turns} of the merchants' into losses "
        "({buyer_rule} and {merchant_rule} by the rule itself). A day earlier, a merchant goes free "
        "{earlier} more often."
    ).format(
        buyer=points(found.of("wins", BUYER).value),
        merchant=points(found.of("wins", MERCHANT).value),
        buyer_turns=percent(found.of("backfires", BUYER).value),
        merchant_turns=percent(found.of("backfires", MERCHANT).value),
        buyer_rule=percent(found.of("backfires_by_rule", BUYER).value),
        merchant_rule=percent(found.of("backfires_by_rule", MERCHANT).value),
        earlier=points(found.of("wins", EARLIER).value),
    )
    notes = (
        gettext(
            "A unit is one standard deviation of what the side's evidence weighs, or the nats asked for."
        ),
        gettext(
            "Reasons of a loss are tried in the order shown; 'by the rule itself' is what none of them "
            "explains."
        ),
    )
    return Findings(found.name, found.title, found.findings, sentence, notes)
