"""Causal paths: through which of a party's traits its group reaches the outcome, and how to switch one.

A group is not one thing. A small merchant keeps fewer records, answers later, settles less readily and
starts with another rating; "the same merchant, but large" means nothing until it is said which of
these go with it (Pearl 2001). The table `MOVED` says it. Left alone on every path, so that the same
disputes about the same things remain, are who meets whom, cause, truth, amount, time of order, how many
problems, sales and chances of a groundless claim a party has, and how it changes with experience.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from evenhand.analysis.counterfactual.resimulation import Mask
from evenhand.locale.current import gettext
from evenhand.sim.sampling.arrivals import Arrivals
from evenhand.sim.sampling.compile_scenario import of_people, parameters_of
from evenhand.sim.sampling.eager import draw_rows
from evenhand.sim.sampling.population import draw_people
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario

Attribute = Literal["merchant.group", "buyer.group"]
Path = Literal["arbiter", "evidence", "delay", "filing"]
PATHS: tuple[Path, ...] = get_args(Path)


class Moved(NamedTuple):
    """The columns of a world that one path carries, by table; `people` are the party's own traits."""

    cases: tuple[str, ...] = ()
    artefacts: tuple[str, ...] = ()
    talks: tuple[str, ...] = ()
    meetings: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def names(self) -> str:
        """All of them, for a reader."""
        each = dict.fromkeys(name.replace("_", " ") for table in self for name in table)
        return ", ".join(each).replace("merchant ", "").replace("buyer ", "") or "nothing"


MOVED: dict[Attribute, dict[Path, Moved]] = {
    "merchant.group": {
        # All that a case file tells about the merchant itself; it has no field for the group.
        "arbiter": Moved(people=("rating",)),
        "evidence": Moved(
            cases=(
                "merchant_strength",
                "merchant_weight",
                "merchant_kinds",
                "merchant_withholds",
                "merchant_shows",
                "merchant_brings",
            ),
            artefacts=("weight", "seen_luck"),
            people=("forges",),
        ),
        "delay": Moved(
            cases=("evidence_delay", "rebuttal_delay"),
            talks=("reply",),
            meetings=("reply",),
            people=("never_replies",),
        ),
        # The merchant's part in whether it comes to a filing: how readily it settles.
        "filing": Moved(people=("service",)),
    },
    "buyer.group": {
        # A case file shows the buyer's record with the platform, which is empty at the start for all.
        "arbiter": Moved(),
        # Strength comes with what late inspection and a hostile tone have done to it.
        "evidence": Moved(
            cases=(
                "buyer_strength",
                "buyer_weight",
                "buyer_kinds",
                "buyer_withholds",
                "buyer_shows",
                "buyer_brings",
                "buyer_later",
                "unclear",
                "packaging",
                "merchant_brings",
            ),
            artefacts=("weight", "seen_luck"),
        ),
        "delay": Moved(cases=("inspection", "platform_patience"), talks=("patience",)),
        # With his trust goes the trust that good orders bring back.
        "filing": Moved(
            cases=("effort", "filing_delay", "skips", "hostile"), people=("knowledge", "trust", "good_trust")
        ),
    },
}
"""What each path moves; a test checks that every column that a group changes stands here or is left alone."""
LEFT_ALONE: dict[Attribute, set[str]] = {
    "merchant.group": {"amount", "learning", "price", "own_cost", "care_cost"},
    "buyer.group": {"activity"},
}
"""Columns that a group changes and no path moves."""


def side_of(attribute: Attribute) -> Literal["merchants", "buyers"]:
    """Whose group it is."""
    return "merchants" if attribute == "merchant.group" else "buyers"


def number_of(scenario: Scenario, attribute: Attribute, group: str) -> int:
    """The number of a group in a world. Raises ValueError for an attribute or group unknown."""
    if attribute not in MOVED:
        raise ValueError(
            gettext("attribute: must be one of {moved}, found {attribute!r}").format(
                moved=", ".join(MOVED), attribute=attribute
            )
        )
    names = scenario.merchant_groups if attribute == "merchant.group" else scenario.buyer_groups
    if group not in names:
        raise ValueError(
            gettext("{attribute}: must be one of {names}, found {group!r}").format(
                attribute=attribute, names=", ".join(names), group=group
            )
        )
    return names.index(group)


def members(scenario: Scenario, world: World, attribute: Attribute, group: str) -> Mask:
    """Which persons of a world belong to a group. Raises ValueError as `number_of`."""
    people: Any = getattr(world, side_of(attribute))
    return np.asarray(people["group"] == number_of(scenario, attribute, group))


def as_if(scenario: Scenario, world: World, luck: Luck, attribute: Attribute, from_: str, to: str) -> World:
    """The same world, drawn by the same luck, in which one group has all the traits of another.

    Who meets whom, when, and over what cause stays; the members keep the number of their group.
    """
    side = side_of(attribute)
    everybody = getattr(scenario, side)
    traits = everybody.groups[to].model_copy(update={"share": everybody.groups[from_].share})
    groups = {**everybody.groups, from_: traits}
    other = scenario.model_copy(update={side: everybody.model_copy(update={"groups": groups})})
    return redrawn(scenario, other, world, luck)


def redrawn(scenario: Scenario, other: Scenario, world: World, luck: Luck) -> World:
    """The same world drawn by the same luck with other traits; who meets whom, when and over what stays."""
    real = draw_people(scenario, luck)
    people = draw_people(other, luck)._replace(
        crowd=real.crowd, merchant_share=real.merchant_share, cause_rate=real.cause_rate
    )
    drawn: Any = world.cases
    rows: dict[str, Any] = {"buyers": people.buyers, "merchants": people.merchants}
    frame = world._replace(**rows, parameters=of_people(parameters_of(other), people))
    moved = draw_rows(frame, luck, Arrivals(drawn["order_at"], drawn["position"]))
    return moved._replace(accords=world.accords, levels=world.levels, votes=world.votes)


def switched(world: World, other: World, attribute: Attribute, paths: Collection[Path], who: Mask) -> World:
    """The world, with the columns of some paths as they are in another, for some persons only."""
    side = side_of(attribute)
    cases: Any = world.cases
    party = cases[side[:-1]]
    concerned = {
        "cases": who[party],
        "artefacts": np.repeat(who[party], world.artefacts_each),
        "talks": np.repeat(who[party], world.rounds),
        "meetings": np.repeat(who[party], world.meetings_each),
        "people": who,
    }
    tables: dict[str, Any] = {}
    for table, rows in concerned.items():
        name = side if table == "people" else table
        columns = [one for path in paths for one in getattr(MOVED[attribute][path], table)]
        mine: Any = getattr(world, name).copy()
        for column in columns:
            mine[column][rows] = getattr(other, name)[column][rows]
        tables[name] = mine
    return world._replace(**tables)
