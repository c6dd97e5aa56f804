"""The course of a dispute under a policy, as a list of phases: the one place that knows the schema.

Pictures, the terminal's form and the pages of `docs/systems` are all made from this list. Times are hours
since delivery on the longest way: the buyer complains at once, everyone uses all the time there is, and
every review is asked for. Work without a limit of its own takes no time on this way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from evenhand.analysis.policy_timeline import words
from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy, Step
from evenhand.sim.scenario.units import Window

Lane = Literal["buyer", "merchant", "platform"]
LANES: tuple[Lane, ...] = ("buyer", "merchant", "platform")
PARTIES = LANES[:2]
Closes = Callable[[float, Window], float]
"""When a window that opens at a time closes."""


class Phase(NamedTuple):
    """One step: who has the word, for how long, and what follows where they say nothing."""

    key: str
    """The setting that gives its length, or a word of its own."""
    lanes: tuple[Lane, ...]
    """Whose step it is; talks and requests for review may be of two sides."""
    title: str
    window: Window | None
    """How long it may last; None = it has no limit of its own."""
    opens: float
    closes: float
    counts_from: str
    """What its window counts from, in words; empty for work."""
    silence: str
    """What it means if the window closes unused; empty where it has none."""
    notes: tuple[str, ...] = ()
    """Who decides, under which conditions."""


def seven_fifths(now: float, window: Window) -> float:
    """Without a calendar five business days take a week, whatever the day they begin on."""
    return now + window.hours * (7 / 5 if window.business else 1)


def phases(policy: Policy, closes: Closes = seven_fifths) -> tuple[Phase, ...]:
    """All phases of an ordinary case before any reform, in the order in which they can begin.

    What is different for some cases only, or later, is in `words.apart`.
    """
    way = _Way(policy.steps[0], closes)
    for part in (_talks, _filing, _answer, _decision, _reviews, _end):
        part(way)
    return tuple(way.phases)


@dataclass
class _Way:
    """The longest way so far: the phases, and what time it is."""

    steps: tuple[Step, ...]
    """The rules of the first decision and of each review."""
    closes: Closes
    phases: list[Phase] = field(default_factory=list)
    now: float = 0.0
    told: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """The rules of the first decision."""
        return self.steps[0].plan

    def news(self, about: str, notes: Iterator[str]) -> tuple[str, ...]:
        """What is as it was the last time is not said again."""
        said = tuple(notes)
        known, self.told[about] = self.told.get(about), said
        return () if said == known else said

    def window(
        self,
        key: str,
        lanes: tuple[Lane, ...],
        title: str,
        window: Window,
        counts_from: str,
        silence: str,
        notes: tuple[str, ...] = (),
        *,
        waits: bool = True,
    ) -> None:
        """Add a window that opens now; with `waits` the way goes on when it closes."""
        end = self.closes(self.now, window)
        self.phases.append(Phase(key, lanes, title, window, self.now, end, counts_from, silence, notes))
        if waits:
            self.now = end

    def work(self, key: str, title: str, notes: tuple[str, ...] = ()) -> None:
        """Add work of the platform that has no limit of its own."""
        self.phases.append(Phase(key, ("platform",), title, None, self.now, self.now, "", "", notes))


def _talks(way: _Way) -> None:
    """The time to apply runs from delivery; talks run beside it."""
    policy, windows = way.policy, way.policy.windows
    way.window(
        "windows.file",
        ("buyer",),
        gettext("Time to ask the platform"),
        windows.file,
        gettext("the delivery"),
        gettext("the claim lapses"),
        waits=False,
    )
    if policy.negotiation.rounds:
        way.window(
            "windows.merchant_reply",
            ("merchant",),
            gettext("Answer to each message"),
            windows.merchant_reply,
            gettext("the buyer's message"),
            gettext(words.SILENT_IN_TALKS[policy.negotiation.silence]),
            waits=False,
        )
        way.window(
            "windows.negotiate",
            ("buyer", "merchant"),
            gettext("Talks"),
            windows.negotiate,
            gettext("the complaint"),
            gettext("the talks are over"),
            tuple(words.talks(policy)),
        )


def _filing(way: _Way) -> None:
    """The step to the platform, which may take it by itself, and whether it hears the case."""
    policy = way.policy
    if policy.negotiation.escalation == "automatic":
        way.work(
            "negotiation.escalation", gettext("The platform steps in by itself"), tuple(words.filing(policy))
        )
    else:
        _application(way)
    mode = {"desk": gettext("Screening at a desk"), "automatic": gettext("Screening, automatic")}[
        policy.screening.mode
    ]
    way.work("screening.mode", mode, tuple(words.screening(policy)))
    if policy.consent.of:
        lanes = tuple(lane for lane in LANES if lane in policy.consent.of)
        way.window(
            "windows.consent",
            lanes,
            gettext("Consent to the procedure"),
            policy.windows.consent,
            gettext("the admission"),
            gettext("the case lapses"),
        )
    if policy.decision.automatic.ex_parte:
        notes = (
            gettext("clear cases are the buyer's before the merchant is asked"),
            *words.automatic(policy),
        )
        way.work("decision.automatic.ex_parte", gettext("Decision by rule, ex parte"), notes)


def _application(way: _Way) -> None:
    """The buyer's own step, which ends with the time to apply at the latest."""
    policy, latest = way.policy, way.phases[0].closes
    since = gettext("the end of the talks") if policy.negotiation.rounds else gettext("the complaint")
    way.now = min(way.now, latest)
    cut = (gettext(words.CUT_SHORT),) if way.closes(way.now, policy.windows.escalate) > latest else ()
    way.window(
        "windows.escalate",
        ("buyer",),
        gettext("Decide to ask the platform"),
        policy.windows.escalate,
        since,
        gettext("the claim lapses"),
        (*cut, *words.filing(policy)),
    )
    way.now = min(way.now, latest)
    way.phases[-1] = way.phases[-1]._replace(closes=way.now)


def _answer(way: _Way) -> None:
    policy, windows = way.policy, way.policy.windows
    way.window(
        "windows.merchant_evidence",
        ("merchant",),
        gettext("Statement and evidence"),
        windows.merchant_evidence,
        gettext("the consent") if policy.consent.of else gettext("the admission"),
        words.silent_after_filing(policy),
        tuple(words.answering(policy)),
    )
    if policy.answer.supplement:
        way.window(
            "windows.buyer_evidence",
            ("buyer",),
            gettext("Rebuttal"),
            windows.buyer_evidence,
            gettext("the merchant's answer"),
            gettext("decided without it"),
        )
    if policy.mediation.rounds:
        way.window(
            "windows.mediate",
            ("platform",),
            gettext("Mediation"),
            windows.mediate,
            gettext("the end of the statements"),
            gettext("a decision is made"),
            tuple(words.mediation(policy)),
        )
    if policy.offers.enabled:
        way.window(
            "windows.offers",
            ("buyer", "merchant"),
            gettext("Offers of both sides"),
            windows.offers,
            gettext("the end of the statements"),
            gettext("an officer makes an offer"),
            (gettext("two offers that meet end the case"),),
        )


def _decision(way: _Way) -> None:
    """The first decision; an officer's offer is one that may be taken before it becomes the ruling."""
    policy, decision = way.policy, way.policy.decision
    if decision.automatic.enabled and not decision.automatic.ex_parte:
        way.work("decision.automatic", gettext("Decision by rule"), tuple(words.automatic(policy)))
    if decision.decider == "panel":
        _vote(way, way.steps[0], gettext("Vote of a panel"), tuple(words.weighing(policy)))
    elif policy.offers.enabled:
        way.work("decision.decider", "Officer's offer", tuple(words.weighing(policy)))
        way.window(
            "windows.accept",
            ("buyer", "merchant"),
            gettext("Take the officer's offer"),
            policy.windows.accept,
            gettext("the officer's offer"),
            gettext("the offer is the ruling"),
            (gettext(words.TAKERS[policy.offers.officer_needs]),),
        )
    else:
        way.work("decision.decider", gettext("Ruling at a desk"), tuple(words.weighing(policy)))


def _vote(way: _Way, step: Step, title: str, notes: tuple[str, ...]) -> None:
    """A panel votes, and where the votes are sealed it opens them afterwards."""
    panel = step.plan.decision.panel
    sealed = panel.reveal.hours > 0
    verdict = gettext(words.NO_VERDICT[panel.fallback])
    way.window(
        "decision.panel.voting",
        ("platform",),
        f"{title}, {words.jurors(step.seats)}",
        panel.voting,
        gettext("the invitation"),
        gettext("the votes are opened") if sealed else verdict,
        (*way.news("panel", words.voting(panel)), *notes),
    )
    if sealed:
        way.window(
            "decision.panel.reveal",
            ("platform",),
            gettext("Votes are opened"),
            panel.reveal,
            gettext("the end of the vote"),
            verdict,
            way.news("reveal", iter((gettext("who does not open it has not voted"),))),
        )


def _reviews(way: _Way) -> None:
    """Each review with the rules that hold for it."""
    for level, step in enumerate(way.steps[1:], 1):
        plan, review, nth = step.plan, step.plan.review, words.nth(level, len(way.steps) - 1)
        sides = tuple(lane for lane in LANES if lane in review.who)
        way.window(
            "windows.review",
            sides,
            gettext("Request for {nth}review").format(nth=nth),
            plan.windows.review,
            gettext("the ruling"),
            gettext("the ruling is final"),
            way.news("request", words.request(plan, step.seats)),
        )
        if review.match_share:
            other = tuple(lane for lane in PARTIES if lane not in review.who) or PARTIES
            way.window(
                "windows.match",
                other,
                gettext("Other side's part of the fee"),
                plan.windows.match,
                gettext("the request"),
                gettext("the asker wins"),
                (gettext("{percent} of the fee").format(percent=words.percent(review.match_share)),),
            )
        notes = way.news("review", words.reviewing(plan))
        if review.decider == "panel":
            _vote(way, step, gettext("{nth}review by a panel").format(nth=nth).capitalize(), notes)
        else:
            way.work("review.decider", gettext("{nth}review at a desk").format(nth=nth).capitalize(), notes)


def _end(way: _Way) -> None:
    policy, windows = way.policy, way.policy.windows
    if policy.returns.required or policy.returns.no_reason:
        way.window(
            "windows.ship",
            ("buyer",),
            gettext("Goods sent back"),
            windows.ship,
            gettext("the end of the case"),
            gettext("no refund"),
            tuple(words.returning(policy)),
        )
        way.window(
            "windows.confirm",
            ("merchant",),
            gettext("Return confirmed"),
            windows.confirm,
            gettext("the dispatch"),
            gettext("counts as confirmed"),
        )
    way.work("funding", gettext("Refund"), tuple(words.refund(policy)))


def last(found: Sequence[Phase]) -> float:
    """When the longest way ends, in hours since delivery; the time to apply may outlast it."""
    return max((phase.closes for phase in found if phase.key != "windows.file"), default=0.0)


def numbered(found: Sequence[Phase]) -> Iterator[tuple[int, Phase]]:
    """Phases with their numbers, which pictures and texts share."""
    return enumerate(found, 1)
