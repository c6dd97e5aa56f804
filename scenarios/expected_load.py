"""The load that a scenario's declared rates bring to each desk at most, before anything is simulated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.deciders import Desk
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import CAUSES, GROUNDLESS_CAUSES, REMORSE


class DeskLoad(NamedTuple):
    """What a desk can do, and what comes to it if every claim that arises comes to it."""

    desk: str
    claims: float
    """Claims that arise in an ordinary day."""
    hours: float
    """Mean working hours of a case."""
    possible: float
    """Cases a day that its staff have hours for, days on which it is closed counted."""
    talks: bool
    """Whether talks, or other ways out, stand between a claim and the desk."""

    @property
    def load(self) -> float:
        """The share of the staff's time in use if every claim comes to the desk; above 1 = too much."""
        return self.claims / self.possible

    def __str__(self) -> str:
        per = gettext("{desk} desk: {claims:.3g} claims a day arise, {hours:.2g} h of work each; ").format(
            desk=gettext(self.desk), claims=self.claims, hours=self.hours
        )
        per += gettext("its staff have time for {possible:.3g} a day: ").format(possible=self.possible)
        if self.load <= 1:
            return gettext("{per}load {load:.2f} at most").format(per=per, load=self.load)
        most = gettext("it keeps up while at most {load:.0f} % do").format(load=100 / self.load)
        return gettext("{per}load {load:.2f} if all come to it; {most}").format(
            per=per, load=self.load, most=most
        )

    @property
    def too_much(self) -> bool:
        """Whether the desk cannot keep up where every claim comes to it, and nothing stands between."""
        return self.load > 1 and not self.talks


def expected_load(scenario: Scenario, policy: Policy) -> Iterator[DeskLoad]:
    """The load of the screening and the decision desk, in closed form.

    Claims a day are orders x declared rates of all causes, made-up claims times the share of dishonest
    buyers; the load is claims x mean working time / (staff x open hours), shifts, holidays and festivals
    left aside (offered load; Erlang 1917). How many claims reach a desk depends on what people do where
    there are talks or answers, and is not known before a run: the load is that of all claims. Desks that
    the rules do not use are left out.
    """
    claims = claims_a_day(scenario)
    talks = policy.negotiation.rounds > 0
    if policy.screening.mode == "desk":
        yield _load("screening", scenario.desks.screening, claims, 0.0, talks)
    if policy.decision.decider == "desk":
        checks = policy.decision.checks
        gives_in = scenario.behaviour.concede_share > 0 or scenario.behaviour.grants.share > 0
        ways_out = talks or policy.decision.automatic.enabled or gives_in
        yield _load("decision", scenario.desks.decision, claims, checks.share * checks.hours, ways_out)


def claims_a_day(scenario: Scenario) -> float:
    """Claims that arise in an ordinary day by the declared rates."""
    groups = scenario.buyers.groups.values()
    orders = sum(group.share * group.activity for group in groups)
    dishonest = sum(group.share * group.activity * (1.0 - group.honesty) for group in groups) / orders
    rates = {cause: scenario.causes.per_thousand(cause) for cause in CAUSES}
    made_up = [cause for cause in GROUNDLESS_CAUSES if cause != CAUSES[REMORSE]]
    rate = sum(rate * (dishonest if cause in made_up else 1.0) for cause, rate in rates.items())
    return scenario.market.orders_per_day * rate / 1000


def _load(name: str, desk: Desk, claims: float, more: float, talks: bool) -> DeskLoad:
    hours = desk.service.mean() + more
    opened = (desk.closes - desk.opens) % 24.0 or 24.0
    return DeskLoad(name, claims, hours, desk.staff * opened * len(set(desk.days)) / 7.0 / hours, talks)
