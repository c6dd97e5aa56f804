"""What a policy does with evidence: the platform's own records, packaging, and detectors of forgeries."""

from __future__ import annotations

from pydantic import Field

from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.units import Hours, Nats, NotNegative, Share
from evenhand.sim.scenario.vocabulary import PlatformKind, ValidCause


class CaseEvidence(
    Model,
    units={"packaging_inference": "nats"},
    labels={
        "platform_sees": "The platform looks at its own",
        "packaging_causes": "Claims that need the packaging",
        "packaging_inference": "Weight of missing packaging",
    },
):
    """What joins the file beside what the parties send."""

    platform_sees: dict[PlatformKind, Share] = Field(default_factory=dict)
    """Chance that the platform looks at each of its own records about a case; none = never. Needs a
    scenario whose evidence is shared."""
    packaging_causes: tuple[ValidCause, ...] = ()
    """Claims for which the buyer must still have the packaging; empty = none. Needs a scenario whose
    evidence is shared."""
    packaging_inference: Nats = 0.0
    """Log odds against a buyer who has lost it, in such a claim."""


class Detector(
    Model,
    units={"cost": "money"},
    labels={
        "detection": "Chance to find a forgery",
        "false_alarms": "Chance of a false alarm",
        "cost": "Cost of a look",
    },
):
    """How well a check tells forged from genuine evidence of one kind, and what it costs."""

    detection: Share
    """Chance to find a forgery."""
    false_alarms: Share = 0.0
    """Chance that something genuine is taken for a forgery; a second look at it says the same. Needs a
    scenario whose evidence is shared."""
    cost: NotNegative = 0.0
    """What one look costs the platform."""


class PictureDetector(
    Detector,
    units=Detector.units,
    labels={**Detector.labels, "machine_made": "Chance to find one by a machine"},
):
    """The same for pictures, which a machine may have made; a merchant's records are forged by hand."""

    machine_made: Share | None = None
    """Chance to find one that a machine made; none = as any other."""


class Detectors(
    Model,
    labels={
        "photo": "Photos",
        "video": "Videos",
        "purchase_voucher": "Purchase vouchers",
        "dispatch_record": "Dispatch records",
        "quality_record": "Quality records",
    },
):
    """The kinds of evidence that can be forged; one without a detector is checked like any."""

    photo: PictureDetector | None = None
    """Photos, which the buyer can forge."""
    video: PictureDetector | None = None
    """Videos, which the buyer can forge."""
    purchase_voucher: Detector | None = None
    """Purchase vouchers, which the merchant can forge."""
    dispatch_record: Detector | None = None
    """Dispatch records, which the merchant can forge."""
    quality_record: Detector | None = None
    """Quality records, which the merchant can forge."""


class Checks(
    Model,
    units={"inference": "nats", "request_fee": "money"},
    labels={
        "share": "Share of cases checked",
        "hours": "Time of a check",
        "inference": "Weight of a forgery found",
        "detection": "Chance to find a forgery",
        "detectors": "Detectors by kind",
        "on_request": "The sides may ask for a check",
        "request_fee": "Fee for asking",
    },
):
    """Checks for forged evidence."""

    share: Share = 0.0
    """Share of cases checked."""
    detection: Share = 0.0
    """Chance that a check finds a forgery."""
    hours: Hours = 0.0
    """Working time of a check."""
    inference: Nats = 2.0
    """Log odds against a party whose forgery was found."""
    detectors: Detectors = Detectors()
    """Kinds of evidence for which a check has chances, false alarms and costs of its own. Needs a scenario
    whose evidence is shared."""
    on_request: bool = False
    """Either side may ask, before the first ruling, for a check of what the other has sent. Needs a
    scenario whose evidence is shared."""
    request_fee: NotNegative = 0.0
    """What the side that asks pays."""
