"""What each template of DECLARE asks of one case: where it is broken, and where it may still be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from evenhand.analysis.eventlog.log import Event


class Pair(Protocol):
    """Whether two events, the earlier first, go together: time between and resources are as the rule says."""

    def __call__(self, earlier: Event, later: Event) -> bool:
        """Whether these two do."""
        ...

    def too_late(self, earlier: Event, now: float) -> bool:
        """Whether an event that comes now, or later, would come too late to go with an earlier one."""
        ...


class Trace(NamedTuple):
    """A case as a rule sees it."""

    events: Sequence[Event]
    activations: Sequence[int]
    """Positions of events that call for judgement."""
    targets: Sequence[int]
    over: bool
    """Whether the case has ended, so that nothing more can come."""


class Breach(NamedTuple):
    """One judgement that is not 'kept'."""

    at: int | None
    """The position of the event that is to blame; None = it is what never happened."""
    pending: bool = False
    """The case is open: what is missing may yet come."""


Judge = Callable[[Trace, Pair, int], Iterator[Breach]]
"""Gives what is wrong in a trace; the number is how often, for templates that count."""


def _existence(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    if len(trace.activations) < times:
        yield Breach(None, pending=not trace.over)


def _absence(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    for at in trace.activations[times:]:
        yield Breach(at)


def _exactly(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    yield from _existence(trace, pair, times)
    yield from _absence(trace, pair, times)


def _init(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    if trace.events and 0 not in trace.activations:
        yield Breach(0)


def _end(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    if trace.over and len(trace.events) - 1 not in trace.activations:
        yield Breach(len(trace.events) - 1)


def _responded_existence(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    if not trace.targets:
        for at in trace.activations:
            yield Breach(at, pending=not trace.over)


def _co_existence(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    yield from _responded_existence(trace, pair, times)
    yield from _responded_existence(_turned(trace), pair, times)


def _not_co_existence(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    if trace.activations:
        for at in trace.targets:
            yield Breach(at)


def _choice(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    if not trace.activations and not trace.targets:
        yield Breach(None, pending=not trace.over)


def _exclusive_choice(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    yield from _choice(trace, pair, times)
    yield from _not_co_existence(trace, pair, times)


def _response(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    for at in trace.activations:
        if not any(t > at and pair(trace.events[at], trace.events[t]) for t in trace.targets):
            yield Breach(at, pending=_may_come(trace, at, pair))


def _alternate_response(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    """As response, but before the next activation."""
    ends = [*trace.activations[1:], len(trace.events)]
    for at, end in zip(trace.activations, ends, strict=False):  # without any there is one end too many
        if not any(at < t < end and pair(trace.events[at], trace.events[t]) for t in trace.targets):
            yield Breach(at, pending=end == len(trace.events) and _may_come(trace, at, pair))


def _chain_response(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    for at in trace.activations:
        if at + 1 == len(trace.events):
            yield Breach(at, pending=not trace.over)
        elif not (at + 1 in trace.targets and pair(trace.events[at], trace.events[at + 1])):
            yield Breach(at)


def _precedence(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    for at in trace.activations:
        if not any(t < at and pair(trace.events[t], trace.events[at]) for t in trace.targets):
            yield Breach(at)


def _alternate_precedence(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    """As precedence, but since the activation before."""
    begins = [-1, *trace.activations[:-1]]
    for begin, at in zip(begins, trace.activations, strict=False):
        if not any(begin < t < at and pair(trace.events[t], trace.events[at]) for t in trace.targets):
            yield Breach(at)


def _chain_precedence(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    for at in trace.activations:
        if not (at - 1 in trace.targets and pair(trace.events[at - 1], trace.events[at])):
            yield Breach(at)


def _not_succession(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    for t in trace.targets:
        if any(at < t and pair(trace.events[at], trace.events[t]) for at in trace.activations):
            yield Breach(t)


def _not_chain_succession(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
    for at in trace.activations:
        if at + 1 in trace.targets and pair(trace.events[at], trace.events[at + 1]):
            yield Breach(at + 1)


def _both(response: Judge, precedence: Judge) -> Judge:
    """Succession: every activation is followed by a target, and every target follows an activation."""

    def judge(trace: Trace, pair: Pair, times: int) -> Iterator[Breach]:
        yield from response(trace, pair, times)
        yield from precedence(_turned(trace), pair, times)

    return judge


def _turned(trace: Trace) -> Trace:
    return trace._replace(activations=trace.targets, targets=trace.activations)


def _may_come(trace: Trace, at: int, pair: Pair) -> bool:
    """Whether the case is open, and a target could still come in time."""
    return not trace.over and not pair.too_late(trace.events[at], trace.events[-1].time)


JUDGES: dict[str, Judge] = {
    "existence": _existence,
    "absence": _absence,
    "exactly": _exactly,
    "init": _init,
    "end": _end,
    "responded_existence": _responded_existence,
    "co_existence": _co_existence,
    "response": _response,
    "alternate_response": _alternate_response,
    "chain_response": _chain_response,
    "precedence": _precedence,
    "alternate_precedence": _alternate_precedence,
    "chain_precedence": _chain_precedence,
    "succession": _both(_response, _precedence),
    "alternate_succession": _both(_alternate_response, _alternate_precedence),
    "chain_succession": _both(_chain_response, _chain_precedence),
    "not_co_existence": _not_co_existence,
    "not_succession": _not_succession,
    "not_chain_succession": _not_chain_succession,
    "choice": _choice,
    "exclusive_choice": _exclusive_choice,
}
