"""How merchants respond to what disputes cost them: care, standing, contests, turnover."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.distributions import Amount
from evenhand.sim.scenario.units import Factor, Hours, Limit, Nats, NotNegative, Positive, Share, Spread

Multiple = Annotated[float, Field(strict=True, ge=1, le=10)]


class Answers(Model, units={"response": "times the speed of care", "ceiling": "times the delay"}):
    """How the time to answer follows what disputes cost."""

    response: Factor = 0.0
    """How fast it moves, relative to care; 0 = it stays."""
    floor: Share = 0.4
    """The delay never falls below this share of what it was."""
    ceiling: Multiple = 2.0
    """It never exceeds this multiple of what it was."""


class Honesty(Model):
    """How readiness to forge returns to what it was."""

    response: Hours = 0.0
    """Time in which most of what success or discovery did to it is gone; 0 = never."""


class Care(Model, units={"peers_weight": "orders", "ceiling": "times the rate"}):
    """The problem rate moves to where another unit of care costs a merchant what it saves.

    The cost is its own: a running cost of its disputes for an order, mixed with that of its peers. What
    disputes cost at the declared problem rates is stated with the groups, `merchants.groups.*.rest`.
    """

    enabled: bool = False
    """True: care follows costs, both ways; false: `learning` holds instead."""
    memory: Hours = 2880.0
    """Time over which a merchant averages what disputes cost it, in ordinary days of the market."""
    response: Hours = 2880.0
    """Time in which a merchant goes most of the way to where care pays."""
    peers_weight: NotNegative = 300.0
    """Orders for which the experience of all merchants counts beside its own."""
    floor: Share = 0.3
    """The problem rate never falls below this share of what is declared."""
    ceiling: Annotated[float, Field(strict=True, ge=1, le=5)] = 2.0
    """It never exceeds this multiple; candidates for grievances are drawn at this rate."""
    own_cost: Share = 0.1
    """What a problem costs the merchant whoever pays, as a share of the price: lost customers, repairs."""
    misattributed: Share = 0.25
    """Share of the cost of groundless claims that a merchant takes for a consequence of its own care."""
    reputation_weight: Share = 0.15
    """Share of the sales lost through its standing that a merchant takes for such a consequence."""
    case_time: Hours = 336.0
    """Time from an order to the end of a dispute about it; memories run from this long after the start on."""
    answers: Answers = Answers()
    """How the time to answer follows."""
    honesty: Honesty = Honesty()
    """How readiness to forge returns to what it was."""


class Standing(
    Model,
    units={"peers_weight": "orders", "elasticity": "share of sales a unit", "refused_mark": "marks"}
    | {"settled_mark": "marks"},
):
    """A rating as a rate: marks for an order in a running window, relative to all merchants.

    A filing that is upheld is one mark. A standing of 1 is average, 2 twice as many marks.
    """

    enabled: bool = False
    """True: the rating is such a rate; false: it moves by `sanctions.rating_step` of the policy."""
    memory: Hours = 1440.0
    """Length of the window, in ordinary days of the market; a policy's `rating_half_life` overrides it."""
    peers_weight: NotNegative = 100.0
    """Orders at the average rate that are added to a merchant's own."""
    elasticity: Factor = 0.5
    """How strongly sales fall with the standing: they are 1 / (1 + elasticity x (standing - 1))."""
    margin: Share = 0.15
    """What a merchant earns on a sale, as a share of the price."""
    refused_mark: Share = 0.2
    """Marks for a filing that is refused."""
    settled_mark: Share = 0.5
    """Marks for a filing that is settled."""


class Contest(
    Model,
    units={"accidents": "share", "desk_cases": "filings a year", "resolve": "nats", "notice_sd": "nats"},
):
    """Whether a merchant answers a filing: what an answer is expected to save against what it costs."""

    enabled: bool = False
    """True: contesting is a choice; false: `never_replies` of the group holds after filing too."""
    answer_cost: Amount = Amount(median=2.0, sigma=0.5)
    """What an answer costs in any case."""
    first_cost: Amount = Amount(median=9.0, sigma=1.1)
    """What it costs more where the merchant keeps no desk for disputes."""
    desk_cases: Positive = 2.0
    """Filings a year at which half of the merchants keep such a desk."""
    resolve: Nats = 0.3
    """How much a filing itself tells the merchant about the buyer's case."""
    notice_sd: Spread = 0.3
    """Spread of what else the merchant thinks of it by then."""
    accidents: Share = 0.005
    """Share of filings that are left unanswered by mistake."""


class Turnover(Model, units={"young_sales": "share", "leaves_after": "suspensions"}):
    """Merchants leave at the rate of their group, the worse their standing the sooner; others follow."""

    enabled: bool = False
    """True: merchants enter and leave; false: they leave for good by `exit.merchant_rating`."""
    newcomer_after: Hours = 480.0
    """Mean time until another merchant takes the place of one that left."""
    comes_back: Share = 0.33
    """Chance that a merchant in bad faith whom suspensions drove out comes back under another name."""
    comeback_after: Hours = 168.0
    """Mean time until it does."""
    leaves_after: Limit = 2
    """Suspensions after which a merchant in bad faith gives its name up."""
    young_sales: Share = 0.5
    """Share of its sales that a newcomer lacks at first."""
    young_time: Hours = 1440.0
    """Time in which a newcomer makes up most of that."""
