"""Why: which paths changed, in how many disputes, through which rules, and a few disputes to look at."""

from __future__ import annotations

import shlex

from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.comparison import Comparison
from evenhand.analysis.compare.paths import words as path_words
from evenhand.analysis.compare.ways import Ways
from evenhand.analysis.compare.why import Moved
from evenhand.analysis.report.comparison_differences import chosen, clearest, judgement, minus
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.exhibit import Exhibit, Table
from evenhand.analysis.report.numbers import integer
from evenhand.locale.current import gettext

MOST = 12
"""Changes of path that stand in the table."""


def whys(comparison: Comparison) -> list[Exhibit]:
    """A section for each policy and scenario whose ways were counted, without a picture."""
    several = len(comparison.stops) > 1
    return [
        _exhibit(comparison, way, number, several=several) for number, way in enumerate(comparison.ways, 1)
    ]


def _exhibit(comparison: Comparison, way: Ways, number: int, *, several: bool) -> Exhibit:
    names = {"policy": plain(way.policy), "baseline": plain(way.baseline)}
    form = texts.WHY_TITLE_IN if several else texts.WHY_TITLE
    counted = texts.WHY_COUNTED.format(**names, n=integer(way.moved), all=integer(way.all))
    found = chosen(comparison, way.scenario, way.policy)
    reasons = []
    for side in ("better", "worse"):
        one = clearest([each for each in found if judgement(each) == side])
        why = None if one is None else way.why(one)
        if one is not None and why is not None:
            said = texts.WHY_OF.format(title=gettext(one.title), why=why.sentence)
            reasons.append(minus(plain(said)))
    rows = [_row(comparison, way, one) for one in way.largest(MOST)]
    return Exhibit(
        f"why-{number}",
        form.format(**names, scenario=plain(way.scenario)),
        texts.all_of([counted, *reasons]),
        (),
        Table(texts.WHY_HEAD, rows),
        texts.WHY_NOTE,
    )


def change(way: Ways, one: Moved) -> str:
    """A change of path in a few words."""
    if one.move.other_disputes:
        return texts.WHY_ARISE.format(policy=plain(way.policy), baseline=plain(way.baseline))
    form = texts.WHY_STAYS if one.move.stays else texts.WHY_CHANGE
    before, after = (path_words.NAMES[name] for name in (one.move.before, one.move.after))
    return form.format(before=before, after=after)


def command(comparison: Comparison, way: Ways, one: Moved, folder: str) -> str:
    """The command that tells the two lives of a dispute; options only where there is a choice."""
    policies = {each.policy for each in comparison.ways}
    scenarios = {each.scenario for each in comparison.ways}
    options = [f"--replication {one.world}"]
    options += [f"--policy {shlex.quote(way.policy)}"] if len(policies) > 1 else []
    options += [f"--scenario {shlex.quote(way.scenario)}"] if len(scenarios) > 1 else []
    return f"evenhand explain {folder} {one.dispute} {' '.join(options)}"


def _row(comparison: Comparison, way: Ways, one: Moved) -> tuple[str, ...]:
    return (
        change(way, one),
        integer(one.n),
        integer(one.back),
        texts.WHY_DISPUTE.format(dispute=one.dispute, world=one.world),
        plain(command(comparison, way, one, "DIR")),
    )
