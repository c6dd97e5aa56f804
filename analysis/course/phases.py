"""The course of a dispute under a policy, as a list of phases: the one place that knows the schema.

Pictures, the terminal's form and the pages of `docs/systems` are all made from this list. Times are hours
since delivery on the longest way: the buyer complains at once, everyone uses all the time there is, and
every review is asked for. Work without a limit of its own takes no time on this way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from analysis.course import words
from sim.adjudication import Panel
from sim.policy import Policy
from sim.units import Window

Lane = Literal["buyer", "merchant", "platform"]
LANES: tuple[Lane, ...] = ("buyer", "merchant", "platform")
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
    """All phases of a policy as it stands before its reforms, in the order in which they can begin."""
    way = _Way(policy, closes)
    for part in (_talks, _filing, _answer, _decision, _reviews, _end):
        part(way)
    return tuple(way.phases)


@dataclass
class _Way:
    """The longest way so far: the phases, and what time it is."""

    policy: Policy
    closes: Closes
    phases: list[Phase] = field(default_factory=list)
    now: float = 0.0

    def window(
        self, key: str, lanes: tuple[Lane, ...], title: str, window: Window, counts_from: str, silence: str,
        notes: tuple[str, ...] = (), *, waits: bool = True,
    ) -> None:  # fmt: skip
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
        "windows.file", ("buyer",), "Time to ask the platform", windows.file, "the delivery",
        "the claim lapses", waits=False,
    )  # fmt: skip
    if policy.negotiation.rounds:
        way.window(
            "windows.merchant_reply", ("merchant",), "Answer to each message", windows.merchant_reply,
            "the buyer's message", words.SILENT_IN_TALKS[policy.negotiation.silence], waits=False,
        )  # fmt: skip
        way.window(
            "windows.negotiate", ("buyer", "merchant"), "Talks", windows.negotiate, "the complaint",
            "the talks are over", tuple(words.talks(policy)),
        )  # fmt: skip


def _filing(way: _Way) -> None:
    policy, windows = way.policy, way.policy.windows
    since = "the end of the talks" if policy.negotiation.rounds else "the complaint"
    latest = way.phases[0].closes
    way.now = min(way.now, latest)
    cut = (words.CUT_SHORT,) if way.closes(way.now, windows.escalate) > latest else ()
    way.window(
        "windows.escalate", ("buyer",), "Decide to ask the platform", windows.escalate, since,
        "the claim lapses", (*cut, *words.filing(policy)),
    )  # fmt: skip
    way.now = min(way.now, latest)
    way.phases[-1] = way.phases[-1]._replace(closes=way.now)
    mode = {"desk": "Screening at a desk", "automatic": "Screening, automatic"}[policy.screening.mode]
    way.work("screening.mode", mode, tuple(words.screening(policy)))


def _answer(way: _Way) -> None:
    policy, windows = way.policy, way.policy.windows
    way.window(
        "windows.merchant_evidence", ("merchant",), "Statement and evidence", windows.merchant_evidence,
        "the admission", words.silent_after_filing(policy), tuple(words.extension(policy)),
    )  # fmt: skip
    if policy.answer.supplement:
        way.window(
            "windows.buyer_evidence", ("buyer",), "Rebuttal", windows.buyer_evidence,
            "the merchant's answer", "decided without it",
        )  # fmt: skip
    if policy.mediation.rounds:
        way.window(
            "windows.mediate", ("platform",), "Mediation", windows.mediate, "the end of the statements",
            "a decision is made", tuple(words.mediation(policy)),
        )  # fmt: skip


def _decision(way: _Way) -> None:
    decision = way.policy.decision
    if decision.automatic.enabled:
        way.work("decision.automatic", "Decision by rule", tuple(words.automatic(way.policy)))
    weighing = tuple(words.weighing(way.policy))
    if decision.decider == "panel":
        _vote(way, "decision.panel.voting", "Vote of a panel", decision.panel.size, weighing)
    else:
        way.work("decision.decider", "Ruling at a desk", weighing)


def _vote(way: _Way, key: str, title: str, size: int, notes: tuple[str, ...]) -> None:
    panel: Panel = way.policy.decision.panel
    way.window(
        key, ("platform",), f"{title}, {words.jurors(size)}", panel.voting, "the invitation",
        words.NO_VERDICT[panel.fallback], (*words.voting(panel), *notes),
    )  # fmt: skip


def _reviews(way: _Way) -> None:
    policy, review = way.policy, way.policy.review
    sizes = policy.panel_sizes()
    sides = tuple(lane for lane in LANES if lane in review.who)
    for level in range(1, review.limit + 1):
        nth = words.nth(level, review.limit)
        way.window(
            "windows.review", sides, f"Request for {nth}review", policy.windows.review, "the ruling",
            "the ruling is final", tuple(words.request(policy)) if level == 1 else (),
        )  # fmt: skip
        notes = tuple(words.reviewing(policy)) if level == 1 else ()
        if review.decider == "panel":
            _vote(way, "review.decider", f"{nth}review by a panel".capitalize(), sizes[level], notes)
        else:
            way.work("review.decider", f"{nth}review at a desk".capitalize(), notes)


def _end(way: _Way) -> None:
    policy, windows = way.policy, way.policy.windows
    if policy.returns.required:
        way.window(
            "windows.ship", ("buyer",), "Goods sent back", windows.ship, "the end of the case",
            "no refund", tuple(words.returning(policy)),
        )  # fmt: skip
        way.window(
            "windows.confirm", ("merchant",), "Return confirmed", windows.confirm, "the dispatch",
            "counts as confirmed",
        )  # fmt: skip
    way.work("funding", "Refund", tuple(words.refund(policy)))


def last(found: Sequence[Phase]) -> float:
    """When the longest way ends, in hours since delivery; the time to apply may outlast it."""
    return max((phase.closes for phase in found if phase.key != "windows.file"), default=0.0)


def numbered(found: Sequence[Phase]) -> Iterator[tuple[int, Phase]]:
    """Phases with their numbers, which pictures and texts share."""
    return enumerate(found, 1)
