"""Talks about remedies: what each is worth and costs, and how merchants of each style give way."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.units import Factor, Nats, NotNegative, Positive, Share

ROUNDS_APART = 3
"""Rounds of talks in which a style differs from itself; the last one holds from then on."""
Shift = Annotated[float, Field(strict=True, ge=-3, le=3)]
Shifts = Annotated[tuple[Shift, ...], Field(min_length=ROUNDS_APART, max_length=ROUNDS_APART)]
Factors = Annotated[tuple[Factor, ...], Field(min_length=ROUNDS_APART, max_length=ROUNDS_APART)]
Shares = Annotated[tuple[Share, ...], Field(min_length=ROUNDS_APART, max_length=ROUNDS_APART)]


def _whole(what: str, total: float) -> None:
    if abs(total - 1) > 1e-6:
        raise ValueError(gettext("{what} must sum to 1, found {total:g}").format(what=what, total=total))


class Style(Model, units={"margin": "times the uncertainty", "limit": "times the limit"}):
    """How a merchant gives way, in the first, the second and every later round."""

    share: Share
    """Share of disputes in which the merchant bargains so."""
    margin: Shifts
    """What it adds to the buyer's believed need, so as to be surer that he accepts."""
    limit: Factors
    """How much of what a failure would cost it may be spent."""
    tolerance: Share
    """Share of the amount by which what the buyer asks for may be dearer than what would do."""


class Styles(Model):
    """The styles of bargaining; their shares sum to 1."""

    tough: Style = Style(share=0.25, margin=(-0.3, 0.1, 0.4), limit=(0.6, 0.8, 0.95), tolerance=0.05)
    """Offers less than the buyer seems to need, and gives way late."""
    fair: Style = Style(share=0.5, margin=(0.2, 0.5, 0.8), limit=(0.85, 1.0, 1.05), tolerance=0.18)
    """Offers what the buyer seems to need."""
    generous: Style = Style(share=0.25, margin=(0.8, 1.0, 1.0), limit=(1.05, 1.1, 1.1), tolerance=0.35)
    """Offers more, at once."""

    @model_validator(mode="after")
    def _sum_to_one(self) -> Styles:
        _whole(gettext("the shares of the styles"), self.tough.share + self.fair.share + self.generous.share)
        return self


class Rounding(Model):
    """How people round a partial refund; shares that sum to 1."""

    tenths: Share = 0.35
    """To tenths of the price."""
    twentieths: Share = 0.1
    """To twentieths of the price."""
    coarse: Share = 0.25
    """To round money, in the larger of two usual steps: 5, 10, 50, 100."""
    fine: Share = 0.3
    """To round money, in the smaller of two usual steps."""

    @model_validator(mode="after")
    def _sum_to_one(self) -> Rounding:
        _whole(gettext("the habits of rounding"), self.tenths + self.twentieths + self.coarse + self.fine)
        return self


class IllWill(Model, units={"low": "share of the harm", "high": "share of the harm"}):
    """What harm that stays uncured costs a merchant later, drawn evenly between two bounds for each."""

    low: Share = 0.1
    """The least that a merchant takes it to cost."""
    high: Share = 0.7
    """The most."""

    @model_validator(mode="after")
    def _in_order(self) -> IllWill:
        if self.low > self.high:
            raise ValueError(gettext("low must not be above high"))
        return self


class RemedyWorth(
    Model,
    units={
        "repair_wait": "money",
        "resend_wait": "money",
        "goods_cost": "share of the price",
        "replacement_freight": "times the freight",
        "repair_freight": "times the freight",
        "repair_from": "money",
        "coupon_charge": "money",
    },
):
    """What remedies are worth to the buyer and cost the merchant, beside money back."""

    replacement: Share = 0.9
    """Share of the loss that a replacement makes good."""
    repair: Share = 0.75
    """Share of the loss that a repair makes good."""
    resend: Share = 0.92
    """Share of the price that goods sent again are worth."""
    late_resend: Share = 0.74
    """The same where they come late: part of what they were ordered for is over."""
    coupon: Share = 0.06
    """Share of the price that a coupon is worth to the buyer."""
    repair_wait: NotNegative = 4.0
    """What going without the goods during a repair costs the buyer."""
    resend_wait: NotNegative = 2.0
    """What waiting for goods sent again costs the buyer."""
    goods_cost: Share = 0.6
    """What the goods cost the merchant."""
    replacement_freight: Factor = 1.5
    """Freight of a replacement, both ways."""
    repair_cost: Share = 0.2
    """Share of the price that a repair costs."""
    repair_freight: Factor = 1.4
    """Freight of a repair, both ways."""
    repair_from: NotNegative = 60.0
    """Price above which durable goods are repaired."""
    late_cost: Share = 0.05
    """Share of the price that it costs to send what has not left yet."""
    coupon_cost: Share = 0.05
    """Share of the price that a coupon costs."""
    coupon_charge: NotNegative = 1.0
    """What a coupon costs beside that."""


class Adequate(Model):
    """Which remedies fit a harm, in truth; a full one is due from `causes.*.full_from` on."""

    small_below: Share = 0.2
    """A harm below this is small: nothing or a coupon will do."""
    near: Share = 0.15
    """A partial refund fits that is so near to the harm, as a share of the price."""
    small_near: Share = 0.1
    """The same for a small harm, and for a claim without one."""


class Talks(
    Model,
    units={
        "aspiration": "share of the way",
        "uncertainty": "share of the amount",
        "file_scale": "times the uncertainty",
        "credence": "nats",
        "hassle": "money",
        "handling": "money",
        "rating_cost": "money",
        "groundless_wish": "share of the amount",
    },
):
    """Talks about remedies instead of shares of the amount; each side weighs them against the platform."""

    enabled: bool = False
    """False: the sides bargain about a share of the amount (`bargaining.concession`)."""
    styles: Styles = Styles()
    """How merchants give way."""
    rounding: Rounding = Rounding()
    """How they round."""
    aspiration: Shares = (0.6, 0.3, 0.0)
    """How far the buyer holds out for what he would like, between that and what he expects, by round."""
    groundless_wish: Share = 0.3
    """What a buyer without a grievance wants where goods must go back, as a share of what he shows."""
    groundless_aspiration: Share = 0.7
    """How far he does, relative to buyers with one."""
    uncertainty: Positive = 0.1
    """How unsure a merchant is of what the buyer expects."""
    file_scale: Positive = 0.5
    """How sharply the chance that a buyer files, as the merchant sees it, follows what he can expect."""
    credence: Nats = 0.6
    """How readily merchants believe in the harm that is shown."""
    wants_replacement: Share = 0.3
    """Share of buyers who ask for a replacement, of those who ask for a whole remedy."""
    wants_resend: Share = 0.35
    """Share of buyers who ask that goods that never came are sent again."""
    asks_part_below: Share = 0.4
    """Who shows less harm than this asks for a part of the price."""
    hassle: NotNegative = 3.0
    """What sending goods back costs the buyer in trouble."""
    handling: NotNegative = 5.0
    """What taking goods back costs the merchant in work."""
    rating_cost: NotNegative = 10.0
    """What an intervention costs a merchant in reputation."""
    ill_will: IllWill = IllWill()
    """What harm that stays uncured costs later."""
    condition_loss: Share = 0.4
    """Share of the salvage value that goes with the greatest harm."""
    worth: RemedyWorth = RemedyWorth()
    """What remedies are worth and cost."""
    adequate: Adequate = Adequate()
    """Which remedies fit a harm."""
