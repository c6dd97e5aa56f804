"""How people bargain, and what outcomes do to them: learning, trust, habits, exit, ranking."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.scenario.after_filing import AfterFiling
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.claims import Claims
from evenhand.sim.scenario.representatives import Representatives
from evenhand.sim.scenario.response import Care, Contest, Standing, Turnover
from evenhand.sim.scenario.talks import Talks
from evenhand.sim.scenario.units import Factor, NotNegative, Positive, Share, Spread


class Bargaining(
    Model,
    units={
        "opinion_sd": "nats",
        "optimism": "nats",
        "merchant_cost": "money",
        "point_value": "money a point",
    },
):
    """Settlement in the shadow of the policy (Landes 1971; Gould 1973; Shavell 1982)."""

    concession: Annotated[tuple[Share, ...], Field(min_length=1, max_length=20)] = (0.6, 0.85, 1.0)
    """Share of its limit that a merchant offers in round 1, 2, ...; the last one holds from then on."""
    opinion_sd: Spread = 0.5
    """Spread of each side's private guess at the outcome, in nats."""
    optimism: Spread = 0.0
    """How far each side overrates its own chances, in nats."""
    merchant_cost: NotNegative = 0.0
    """What an intervention costs a merchant in handling, as money."""
    point_value: NotNegative = 0.0
    """What one penalty point is worth to a merchant, as money."""
    hostile_penalty: Share = 0.0
    """Share of its limit that a merchant takes off for a hostile buyer, and a hostile buyer adds."""


class Trust(
    Model,
    units={"slow_after": "hours"},
):
    """How trust in the platform moves when a dispute ends; both weights are axes to vary."""

    rate: Share = 0.0
    """How far one experience moves trust."""
    outcome_weight: Share = 0.5
    """Weight of what was got against what was hoped for."""
    process_weight: Share = 0.5
    """Weight of the procedure: to be heard, and soon."""
    slow_after: Positive = 168.0
    """Hours after which a procedure counts as half as good."""

    @model_validator(mode="after")
    def _sum_to_one(self) -> Trust:
        total = self.outcome_weight + self.process_weight
        if abs(total - 1) > 1e-6:
            raise ValueError(
                gettext("outcome_weight and process_weight must sum to 1, found {total:g}").format(
                    total=total
                )
            )
        return self


class Learning(Model):
    """What merchants change after they lost."""

    problem_floor: Share = 0.3
    """The problem rate never falls below this share of what it was."""
    reply_floor: Share = 0.3
    """The reply delay never falls below this share of what it was."""
    deterrence: Share = 0.0
    """How much being found out lowers the chance to forge again."""
    emboldening: Share = 0.0
    """How much a forgery that worked raises it."""


class Habit(
    Model,
    units={"gain": "times the chance", "ceiling": "times the chance"},
):
    """What buyers with groundless claims make of their success."""

    gain: Factor = 0.0
    """How much one groundless claim that paid raises the chance of the next."""
    loss: Share = 0.0
    """How much one that failed lowers it."""
    ceiling: Annotated[float, Field(strict=True, ge=1, le=10)] = 2.0
    """The chance never exceeds this multiple of what it was."""


class Exit(Model):
    """When parties leave the market."""

    buyer_trust: Share = 0.0
    """Buyers leave when their trust falls below a threshold spread evenly from 0 to this."""
    merchant_rating: Share = 0.0
    """Merchants leave when their rating falls below a threshold spread evenly from 0 to this."""


class Ranking(
    Model,
    units={"slope": "share a point of rating", "lowest": "times the usual", "highest": "times the usual"},
):
    """How the rating moves sales through the platform's ranking."""

    slope: Factor = 0.0
    """Change of sales, as a share, for one whole point of rating above or below the start."""
    lowest: Annotated[float, Field(strict=True, gt=0, le=1)] = 0.5
    """Sales never fall below this multiple of the usual."""
    highest: Annotated[float, Field(strict=True, ge=1, le=5)] = 1.5
    """Sales never rise above this multiple of the usual."""
    suspended: Share = 0.2
    """Sales of a merchant under suspension, as a share."""


class Grants(Model):
    """Claims that a merchant grants as a rule of its house, whatever it expects from the platform.

    Each merchant has a chance of its own for its whole life, from a beta distribution over merchants, so that
    the claims against one merchant are alike (beta-binomial: Williams 1975, Biometrics 31:949).
    """

    share: Share = 0.0
    """Mean chance, over merchants, that a claim is granted with the first answer; 0 = none is."""
    alike: Share = 0.0
    """Correlation between two claims against one merchant, of whether they are granted: 0 = all merchants
    are the same, 1 = each grants all or none."""


class Behaviour(Model):
    """All feedback from outcomes to people; `open_loop` freezes it."""

    open_loop: bool = False
    """True: no buyer or merchant learns, trusts differently, leaves, or sells more or less. Arbiters and
    jurors still gain experience, and records and ratings are still kept."""
    bargaining: Bargaining = Bargaining()
    """How the sides come to a settlement."""
    talks: Talks = Talks()
    """What the talks are about, if not about a share of the amount."""
    review_propensity: Share = 0.5
    """Chance that a loser who would gain by a review asks for one."""
    concede_share: Share = 0.0
    """Chance that a merchant who sees a hopeless case gives in when asked for evidence; with `contest` it
    gives in where that costs no more, and this does nothing."""
    grants: Grants = Grants()
    """Claims that merchants grant as a rule of the house."""
    merchant_consents: Share = 0.5
    """Chance that a merchant who is asked agrees to a procedure that needs it."""
    buyer_consents: Share = 0.9
    """Chance that the buyer does."""
    after_filing: AfterFiling = AfterFiling()
    """What the parties do once a claim is with the platform."""
    claims: Claims = Claims()
    """What makes people claim."""
    representatives: Representatives = Representatives()
    """Claims firms that file for buyers."""
    trust: Trust = Trust()
    """How outcomes move the buyers' trust in the platform."""
    learning: Learning = Learning()
    """What merchants change after they lost."""
    habit: Habit = Habit()
    """What buyers with groundless claims make of their success."""
    exit: Exit = Exit()
    """When buyers and merchants leave."""
    ranking: Ranking = Ranking()
    """How ratings move sales."""
    care: Care = Care()
    """How the problem rates of merchants follow what disputes cost them."""
    standing: Standing = Standing()
    """The rating as a rate over orders, relative to all merchants."""
    contest: Contest = Contest()
    """Whether merchants answer a filing."""
    turnover: Turnover = Turnover()
    """How merchants enter and leave."""

    @model_validator(mode="after")
    def _talks_are_on(self) -> Behaviour:
        after = self.after_filing
        for name, on in (("waiting", after.waiting.enabled), ("consent", after.consent.enabled)):
            if on and not self.talks.enabled:
                raise ValueError(
                    gettext("after_filing.{name}: is a choice among remedies and needs talks.enabled").format(
                        name=name
                    )
                )
        return self
