"""The flip audit: every dispute again with a party's group switched, path by path, under the same luck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from evenhand.analysis.counterfactual.causal_paths import (
    MOVED,
    PATHS,
    Attribute,
    Path,
    as_if,
    members,
    number_of,
    side_of,
    switched,
)
from evenhand.analysis.counterfactual.findings import Findings, Measure, Tally
from evenhand.analysis.counterfactual.resimulation import Ends, Lives, Mask, Tell, lives
from evenhand.analysis.counterfactual.units import DIFFERENCE
from evenhand.analysis.metrics.written import money, percent, points
from evenhand.locale.current import gettext, gettext_noop
from evenhand.locale.formats import numerals
from evenhand.locale.words import Message, Named, Text, Words
from evenhand.renamed import renamed_arguments
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Decide, EngineName
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario

TOTAL, INTERACTION = "all paths", "interaction"
REFUND = gettext_noop("refund per dispute, change")
OUTCOME = ("ending", "upheld", "share")

CHANGED = Measure("rulings_changed", gettext_noop("rulings that come out otherwise"), "share")
UNRULED = Measure("rulings_gone", gettext_noop("rulings that are no longer made"), "share")
SIGNED = Measure("buyer_wins", gettext_noop("rulings won by the buyer, change"), DIFFERENCE)
OTHERS = Measure("others_changed", gettext_noop("disputes of nobody flipped: other outcome"), "share")
DELAYED = Measure("others_moved", gettext_noop("disputes of nobody flipped: closed at another time"), "share")
ONE = Measure(
    "spill_over", gettext_noop("one person flipped: others' disputes with another outcome"), "share"
)


class FlipWords(Words):
    """What a flip audit says, in the language in force; measures and parts have English titles as data."""

    TITLES = Named(
        merchant="merchants of group {group} as if they were {other}",
        buyer="buyers of group {group} as if they were {other}",
    )
    SENTENCES = Named(
        merchant="As if {group} merchants were {other} ones ({paths}), under the same luck, {share} of their "
        "{rulings} rulings are decided for the other side: the share won by the buyer moves by {won}, and "
        "the refund of a dispute by {refund}.",
        buyer="As if {group} buyers were {other} ones ({paths}), under the same luck, {share} of their "
        "{rulings} rulings are decided for the other side: the share won by the buyer moves by {won}, and "
        "the refund of a dispute by {refund}.",
    )
    MOST = Text("Most of the money moves by the path of {path} ({amount}).")

    @classmethod
    def messages(cls) -> Iterator[Message]:
        """Everything that a catalogue must have, titles of measures and parts too."""
        yield from super().messages()
        yield from (*PATHS, TOTAL, INTERACTION, REFUND, DIFFERENCE, "share")
        yield from (one.title for one in (CHANGED, UNRULED, SIGNED, OTHERS, DELAYED, ONE))


@renamed_arguments
def flip(
    scenario: Scenario,
    policy: Policy,
    attribute: Attribute,
    from_: str,
    to: str,
    paths: Sequence[Path] = PATHS,
    *,
    seed: int = 1,
    replications: int = 10,
    days: int | None = None,
    engine: EngineName = "auto",
    open_loop: bool | None = True,
    one_by_one: int = 5,
    tell: Tell | None = None,
    decide: Decide | None = None,
) -> Findings:
    """Give everybody of one group the traits of another, on chosen causal paths, and see what changes.

    Each world lives as it was drawn, then with each path switched alone, then with all of them at once;
    the luck is the same throughout, so nothing but the switch can differ. What a path moves stands in
    `analysis.counterfactual.causal_paths.MOVED`.

    Estimated, for the disputes of the group `from_`, all of its members switched together:
    `rulings_changed`, the share of its rulings and defaults that are decided for the other side (the
    counterfactual flip rate, Kusner et al. 2017); `rulings_gone`, the share that come to no ruling by the
    horizon; `buyer_wins`, (flips to the buyer - flips to the merchant) / rulings; `refund`, the mean
    change of the refund of a dispute, ruled on or not. The last two are split by path, and what the paths
    do together beyond the sum of each alone is the interaction (Zhang & Bareinboim 2018).

    Spill-over: `others_changed` and `others_moved` are shares of the disputes in which nobody was
    switched; `spill_over` switches one person at a time, who stands in one of `one_by_one` disputes
    evenly spaced over each world, and counts the disputes of everybody else. Through queues, the
    experience of arbiters and the records of parties these can be above 0; without, they are exactly 0.

    `open_loop=True` freezes behaviour, so that the same disputes arise; None leaves it to the scenario.
    `decide` is a decision rule in Python for the cases that reach a desk; it sees what a decider sees.
    Raises ValueError for an unknown attribute, group or path, and DoesNotFit.
    """
    chosen = _paths(paths)
    number_of(scenario, attribute, from_), number_of(scenario, attribute, to)
    stage = lives(
        scenario,
        policy,
        seed,
        replications,
        days,
        engine,
        open_loop,
        len(chosen) + 2 + one_by_one,
        tell,
        decide,
    )
    if from_ == to:
        raise ValueError(gettext("from and to must be two groups, found {from_!r} twice").format(from_=from_))
    if one_by_one < 0:
        raise ValueError(
            gettext("one_by_one must be 0 or more, found {one_by_one}").format(one_by_one=one_by_one)
        )
    tally, refund = Tally(), Measure("refund", REFUND, scenario.currency)
    for world, luck in stage.worlds():
        who = members(scenario, world, attribute, from_)
        other = as_if(scenario, world, luck, attribute, from_, to)
        flips = _Flips(stage, world, luck, attribute, who, other)
        flips.count(tally, refund, chosen)
        flips.one_by_one(tally, chosen, one_by_one)
    audit = _audit(tally, attribute, from_, to, chosen, refund, scenario.currency)
    return replace(audit, overloads=stage.overloads())


def _paths(paths: Sequence[Path]) -> tuple[Path, ...]:
    unknown = [path for path in paths if path not in PATHS]
    if unknown or not paths:
        found = ", ".join(map(repr, unknown)) or "none"
        raise ValueError(
            gettext("paths: must be some of {paths}, found {found}").format(
                paths=", ".join(PATHS), found=found
            )
        )
    return tuple(dict.fromkeys(paths))


class _Flips:
    """One world, lived as it is and with switches."""

    def __init__(
        self, stage: Lives, world: World, luck: Luck, attribute: Attribute, who: Mask, other: World
    ) -> None:
        cases: Any = world.cases
        self.stage, self.world, self.luck, self.attribute = stage, world, luck, attribute
        self.who, self.other = who, other
        self.party = cases[side_of(attribute)[:-1]]
        self.before = self.lived(world)

    def lived(self, world: World) -> Ends:
        return Ends(self.stage.live(world, self.luck), world)

    def after(self, paths: Sequence[Path], who: Mask) -> Ends:
        return self.lived(switched(self.world, self.other, self.attribute, paths, who))

    def count(self, tally: Tally, refund: Measure, paths: tuple[Path, ...]) -> None:
        """Each path alone, then all of them, then what is left over."""
        mine = self.who[self.party] & self.before.exists
        ruled = mine & self.before.decided
        apart: dict[Measure, float] = {SIGNED: 0.0, refund: 0.0}
        for part in (*paths, TOTAL):
            after = self.after([path for path in paths if part in {path, TOTAL}], self.who)
            both = self.before.decided & after.decided
            turned = np.where(both, after.upheld.astype(float) - self.before.upheld, 0.0)
            moved = after.refund - self.before.refund
            tally.mean(CHANGED, part, turned != 0, ruled)
            tally.mean(UNRULED, part, ~after.decided, ruled)
            for measure, values, among in ((SIGNED, turned, ruled), (refund, moved, mine)):
                n = int(among.sum())
                mean = float(values[among].mean()) if n else float("nan")
                tally.add(measure, part, mean, n)
                if part == TOTAL:
                    tally.add(measure, INTERACTION, mean - apart[measure], n)
                else:
                    apart[measure] += mean
        others = self.before.exists & ~self.who[self.party]
        tally.mean(OTHERS, "", self.before.unlike(after, *OUTCOME), others)
        tally.mean(DELAYED, "", self.before.unlike(after, "closed_at"), others)

    def one_by_one(self, tally: Tally, paths: tuple[Path, ...], sample: int) -> None:
        """Switch single persons, found in disputes evenly spaced over the run."""
        mine = np.flatnonzero(self.who[self.party] & self.before.exists)
        places = (np.arange(sample) + 0.5) / max(sample, 1) * len(mine)
        persons = np.unique(self.party[mine[places.astype(int)]]) if len(mine) else mine
        changed = total = 0
        for person in persons:
            alone = np.arange(len(self.who)) == person
            others = self.before.exists & (self.party != person)
            unlike = self.before.unlike(self.after(paths, alone), *OUTCOME)
            changed, total = changed + int(unlike[others].sum()), total + int(others.sum())
        if sample:
            tally.add(ONE, "", changed / total if total else float("nan"), total)


def _audit(
    tally: Tally,
    attribute: Attribute,
    from_: str,
    to: str,
    paths: tuple[Path, ...],
    refund: Measure,
    currency: str,
) -> Findings:
    whose = attribute.partition(".")[0]
    title = FlipWords().TITLES[whose].format(group=from_, other=to)
    found = Findings("flip", title, tally.findings(), "")
    sentence = _sentence(found, whose, from_, to, paths, currency)
    notes = [
        gettext("{path}: moves {names} of the {whose}.").format(
            path=path, names=MOVED[attribute][path].names(), whose=whose
        )
        for path in paths
    ]
    return Findings(found.name, found.title, _in_order(found, paths, refund), sentence, tuple(notes))


def _sentence(
    found: Findings, whose: str, from_: str, to: str, paths: tuple[Path, ...], currency: str
) -> str:
    """What the switch changes, and by which path most of the money moves."""
    words = FlipWords()
    largest = max(paths, key=lambda path: np.nan_to_num(abs(found.of("refund", path).value)))
    total = found.of("rulings_changed", TOTAL)
    sentence = words.SENTENCES[whose].format(
        group=from_,
        other=to,
        paths=gettext(", ").join(map(gettext, paths)),
        share=percent(total.value),
        rulings=numerals(f"{total.n:,}"),
        won=points(found.of("buyer_wins", TOTAL).value),
        refund=money(found.of("refund", TOTAL).value, currency),
    )
    moved = found.of("refund", largest).value
    if len(paths) == 1 or not moved:
        return sentence
    most = words.MOST.format(path=gettext(largest), amount=money(moved, currency))
    return gettext("{one} {other}").format(one=sentence, other=most)


def _in_order(found: Findings, paths: tuple[Path, ...], refund: Measure) -> Any:
    """The findings measure by measure, each path by path, interaction before the total."""
    parts: tuple[str, ...] = (*paths, INTERACTION, TOTAL, "")
    measures = [CHANGED, UNRULED, SIGNED, refund, OTHERS, DELAYED, ONE]
    place = {measure.name: number for number, measure in enumerate(measures)}
    return tuple(sorted(found.findings, key=lambda one: (place[one.measure.name], parts.index(one.part))))
