"""Who gains by a policy: what each party loses less by disputes than under the baseline."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from evenhand.analysis.charts.forest import NARROW, Contrast, Judgement, Unit, forest
from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.paired import paired_t
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import contributions
from evenhand.analysis.metrics.ledger import Ledger, ledger
from evenhand.analysis.report.comparison_records import Runs
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table, group_titles
from evenhand.analysis.report.numbers import ends, integer, number, with_ends
from evenhand.locale.current import gettext
from evenhand.sim.runs.records import Run


class Gain(NamedTuple):
    """What a party gains by a policy for every thousand orders: value, interval, and who is counted."""

    side: str
    name: str
    value: float
    interval: tuple[float, float] | None
    n: int
    """Disputes of the party under the baseline, all worlds together."""

    @property
    def judgement(self) -> Judgement:
        """Better or worse where the interval leaves nothing out."""
        if self.interval is None or self.interval[0] <= 0 <= self.interval[1]:
            return "unsure"
        return "better" if self.value > 0 else "worse"


def gains(policy: Run, baseline: Run) -> list[Gain]:
    """What each party loses less under a policy than under the baseline, in the same worlds.

    Formula: pooled loss for every thousand orders of the market under the baseline, less that under the
    policy, with the paired-t interval over worlds; see `metrics.ledger`.
    """
    one, base = ledger(policy), ledger(baseline)
    less = paired_t(_worlds(base), _worlds(one))
    titles = dict(
        zip(baseline.labels("merchant_group"), group_titles(baseline, "merchant_group"), strict=True)
    )
    found = []
    for row, (side, name) in enumerate(base.parties):
        value, half = float(less.mean[row]), float(less.half[row])
        around = (value - half, value + half) if isfinite(half) else None
        named = titles[name] if side == "merchant" else texts.GAINS_PARTIES[name]
        found.append(Gain(side, named, value, around, int(base.disputes[row].sum())))
    return found


def _worlds(one: Ledger) -> Floats:
    """What each world adds to the pooled loss of each party, shape (worlds, parties)."""
    values = one.per_thousand_orders().T
    return contributions(values, np.broadcast_to(one.orders[:, None], values.shape))


def who_gains(runs: Runs) -> Exhibit:
    """The exhibit with a panel for each policy against the first one."""
    (base_name, base), *others = runs.items()
    currency = plain(gettext(base.scenario.currency))
    panels, rows, said = [], [], []
    for place, (name, run) in enumerate(others, 1):
        found = gains(run, base)
        title = texts.GAINS_PANEL.format(policy=plain(name), baseline=plain(base_name))
        panels.append(_panel(f"gains-{place}", title, found, currency))
        said.append(_sentence(plain(name), found, currency))
        rows += [
            (
                _party(one),
                plain(name),
                number(one.value),
                ends(one.interval),
                integer(one.n),
            )
            for one in found
        ]
    note = texts.GAINS_NOTE.format(currency=currency)
    return Exhibit(
        "gains", texts.GAINS_TITLE, texts.all_of(said), tuple(panels), Table(texts.GAINS_HEAD, rows), note
    )


def _panel(key: str, title: str, found: list[Gain], currency: str) -> Panel:
    parts = texts.PARTS.join(
        texts.GAINS_PART.format(name=_party(one), value=number(one.value)) for one in found
    )
    return Panel(
        key,
        title,
        texts.GAINS_ALT.format(title=title, parts=parts),
        lambda width: picture(found, currency, width),
        wide=True,
    )


def picture(found: list[Gain], currency: str, width: float) -> Figure:
    """The forest of gains, all parties on one scale; on a narrow page names and figures are shorter."""
    brief = width < NARROW
    contrasts = [
        Contrast(
            one.name if brief else _party(one),
            one.value,
            one.interval,
            None,
            with_ends(one.value, None if brief else one.interval),
            one.n,
            1,
            one.judgement,
        )
        for one in found
    ]
    unit = Unit(texts.GAINS_UNIT.format(currency=currency), tuple(contrasts))
    return forest([unit], texts.gains, width=width)


def _party(one: Gain) -> str:
    named = texts.GAINS_SIDES.get(one.side)
    return named.format(name=one.name) if named else one.name


def _sentence(name: str, found: list[Gain], currency: str) -> str:
    """Who surely gains and who surely loses."""
    parts = []
    for judgement, form in texts.GAINS_SAID.items():
        told = [
            texts.GAINS_WHO.format(
                who=_party(one),
                value=number(abs(one.value)),
                currency=currency,
            )
            for one in found
            if one.judgement == judgement
        ]
        parts.append(form.format(who=texts.listed(told)) if told else texts.GAINS_NOBODY[judgement])
    return texts.GAINS_SENTENCE.format(policy=name, gains=parts[0], losses=parts[1])
