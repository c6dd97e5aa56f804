"""The sections of the editor, in the order of a dispute; every setting of a policy is in one."""

from __future__ import annotations

from typing import NamedTuple

from evenhand.locale.words import Named, Words


class SectionWords(Words):
    """Headings, and what each section is about."""

    TITLES = Named(
        talks="Talks",
        filing="Asking the platform",
        answer="The merchant's answer",
        mediation="Mediation and offers",
        proof="Evidence and proof",
        decision="Decision",
        review="Review",
        remedy="Returns and who pays",
        sanctions="Consequences",
        exceptions="Exceptions",
        reforms="Reforms",
        file="About this file",
    )
    LEADS = Named(
        talks="Buyer and merchant talk before the platform is asked.",
        filing="Who may ask, how long, with what evidence, and what it costs.",
        answer="How long each side has for its evidence, and what silence means.",
        mediation="A mediator's rounds, and offers side by side.",
        proof="What the platform looks at itself, and who must prove what.",
        decision="Who decides, how sure they must be, and what they look for.",
        review="Whether a ruling can be looked at again, and at what price.",
        remedy="Whether the goods go back, and whose money the refund is.",
        sanctions="What an outcome does to the records of both sides.",
        exceptions="Kinds of cases for which some rules are different.",
        reforms="Changes of these rules from a date on.",
        file="What the rules are called and what they were made from.",
    )
    GROUPS = Named(
        {
            "windows": "Time limits",
            "screening.represented": "Claims firms",
            "evidence.platform_sees": "How often the platform looks at its own records",
            "burden.by_cause": "Burden of proof by claim",
            "decision.history": "Records of the sides",
            "decision.automatic": "Clear cases by rule",
            "decision.panel": "Jury",
            "decision.model": "Model",
            "decision.checks": "Checks for forgery",
            "decision.checks.detectors.photo": "Checks of photos",
            "decision.checks.detectors.video": "Checks of videos",
            "decision.checks.detectors.purchase_voucher": "Checks of purchase vouchers",
            "decision.checks.detectors.dispatch_record": "Checks of dispatch records",
            "decision.checks.detectors.quality_record": "Checks of quality records",
            "decision.hearings": "Hearings",
            "sanctions.monitoring": "Monitoring of merchants",
        }
    )


class Section(NamedTuple):
    """A part of the editor."""

    key: str
    groups: tuple[str, ...]
    """Groups of settings whose fields stand here."""
    windows: tuple[str, ...] = ()
    """Time limits that belong here; they come first."""


SECTIONS = (
    Section("talks", ("negotiation",), ("negotiate", "merchant_reply", "escalate")),
    Section("filing", ("screening", "consent"), ("file", "cure", "consent")),
    Section("answer", ("answer",), ("merchant_evidence", "buyer_evidence")),
    Section("mediation", ("mediation", "offers"), ("mediate", "offers", "accept")),
    Section("proof", ("evidence", "burden")),
    Section("decision", ("decision",)),
    Section("review", ("review",), ("review", "match")),
    Section("remedy", ("returns", "funding"), ("ship", "confirm")),
    Section("sanctions", ("sanctions",)),
    Section("exceptions", ("exceptions",)),
    Section("reforms", ("reforms",)),
    Section("file", ("title", "description")),
)
LEFT_OUT = ("kind", "name")
"""What no form changes: it says what the file is, and the file's name is its own."""
_OF_WINDOW = {f"windows.{name}": one.key for one in SECTIONS for name in one.windows}
_OF_GROUP = {group: one.key for one in SECTIONS for group in one.groups}


def section_of(path: str) -> str | None:
    """The key of the section that a setting is in; None for what no form shows."""
    return _OF_WINDOW.get(path) or _OF_GROUP.get(path.partition(".")[0])


def group_of(path: str) -> str:
    """The part of a section that a setting stands in, as a path; the deepest that has a heading."""
    stem = path.rpartition(".")[0]
    while stem and stem not in SectionWords().GROUPS:
        stem = stem.rpartition(".")[0]
    return stem
