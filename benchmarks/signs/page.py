"""The page of the signs: rule, test, measured effect with its interval, and how many worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from benchmarks.signs.catalogue import SIGNS, Sign
from tests.support.signs.effect import Effect, Unit

Measured = Mapping[int, Sequence[Sequence[Effect]]]
"""Effects of each trial of each sign, by its number."""
TESTS = "tests/sim/lifecycle"
COMMAND = "python -m benchmarks.signs --docs docs/signs.md --force"
HEAD = f"""<!-- Made by `{COMMAND}`: run it again after a change of results. -->

# The fifteen signs

What a model of people who respond to rules has to show before its numbers are worth reading. Each row is
measured in paired worlds: the same people, truths and luck under two rules, or with one trait changed, in
small markets made for it. The value is the mean over the worlds, with Student's 95 % interval; *must be* is
what the whole interval has to be or, where it says *meets*, what it has to have something in common with.
Tests are in `{TESTS}`, and call the very functions whose figures stand here. Sizes are those of these small
markets, and say nothing of any real one.
"""
LINES = (
    "| what | value | 95 % interval | worlds | must be | holds | test |",
    "|---|---|---|---|---|---|---|",
)


def markdown(measured: Measured) -> str:
    """The whole page."""
    return "\n".join([HEAD, _summary(measured), "", *(_section(one, measured[one.number]) for one in SIGNS)])


def holds(sign: Sign, trials: Sequence[Sequence[Effect]]) -> str:
    """Whether a sign holds: 'yes', 'partly' where some of its figures do not, 'no' where none does."""
    verdicts = [effect.holds for effects in trials for effect in effects]
    return "yes" if all(verdicts) else "partly" if any(verdicts) else "no"


def amount(value: float, unit: Unit, *, exact: bool = False) -> str:
    """A number in its unit, with as many digits as say something."""
    if unit == "points":
        return f"{100 * value:+.2f} points" if not exact else f"{100 * value + 0.0:g} points"
    if exact:
        return f"{value:g}"
    return f"× {value:.3f}" if unit == "ratio" else f"{value:.3g}"


def wanted(effect: Effect) -> str:
    """The range in words; what is exact up to rounding is told as a number."""
    low, high = (round(end, 9) + 0.0 for end in (effect.above, effect.below))
    ends = [amount(end, effect.unit, exact=True) for end in (low, high)]
    if high - low < 1e-6:
        said = ends[0]
    elif low == -inf:
        said = f"below {ends[1]}"
    elif high == inf:
        said = f"above {ends[0]}"
    else:
        said = f"between {ends[0]} and {ends[1]}"
    return f"meets {said}" if effect.touches else said


def _summary(measured: Measured) -> str:
    rows = [f"| {one.number} | {one.rule} | {holds(one, measured[one.number])} |" for one in SIGNS]
    return "\n".join(["| sign | rule | holds |", "|---|---|---|", *rows])


def _section(sign: Sign, trials: Sequence[Sequence[Effect]]) -> str:
    lines = [f"## {sign.number}. {sign.rule}", "", *([sign.caveat, ""] if sign.caveat else []), *LINES]
    for trial, effects in zip(sign.trials, trials, strict=True):
        test = f"`{trial.test}`" if trial.test else "none: only told"
        lines += [_row(effect, test) for effect in effects]
    return "\n".join([*lines, ""])


def _row(effect: Effect, test: str) -> str:
    value, low, high = (amount(one, effect.unit) for one in effect[1:4])
    verdict = "yes" if effect.holds else "no"
    cells = (effect.what, value, f"{low} to {high}", str(effect.worlds), wanted(effect), verdict, test)
    return f"| {' | '.join(cells)} |"
