"""Wrong decisions by group: valid claims refused and groundless ones granted, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from evenhand.analysis.charts import Block, Dot, interval_dots
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.metrics.registry import outcomes, outcomes_by
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table, exhibit, group_titles
from evenhand.analysis.report.numbers import integer, interval, percent
from evenhand.analysis.report.texts import texts

DENIAL, CHARGE = "wrongful_denial_rate", "wrongful_grant_rate"
RATES = (DENIAL, CHARGE)
Rates = Mapping[str, Estimate]
"""Both rates of one group, by name."""


@exhibit(40)
def wrong_decisions(run: AnyRun) -> Exhibit:
    """The exhibit with both rates."""
    whole = outcomes(run, RATES)
    sides = {side: _groups(run, f"{side}_group") for side in ("buyer", "merchant")}
    panels = tuple(_panel(run, rate, whole, sides) for rate in RATES)
    table = Table(texts.WRONG_HEAD, [_row(name, rates) for name, rates in _named(whole, sides).items()])
    return Exhibit("wrong", texts.WRONG_TITLE, _sentence(run, whole, sides), panels, table)


def _groups(run: AnyRun, column: str) -> dict[str, Rates]:
    """Both rates of every group, by the groups' titles."""
    return dict(zip(group_titles(run, column), outcomes_by(run, column, RATES).values(), strict=True))


def _named(whole: Rates, sides: Mapping[str, Mapping[str, Rates]]) -> dict[str, Rates]:
    """All rows, by names that say whose group it is."""
    forms = {"buyer": texts.BUYER_GROUP, "merchant": texts.MERCHANT_GROUP}
    rows = {
        forms[side].format(name=name): rates
        for side, groups in sides.items()
        for name, rates in groups.items()
    }
    return {texts.ALL: whole, **rows}


def _dot(name: str, estimate: Estimate) -> Dot:
    return Dot(name, estimate.value, estimate.ci, estimate.n)


def _panel(run: AnyRun, rate: str, whole: Rates, sides: Mapping[str, Mapping[str, Rates]]) -> Panel:
    blocks = [Block("", (_dot(texts.ALL, whole[rate]),))]
    for heading, groups in zip((texts.BUYERS, texts.MERCHANTS), sides.values(), strict=True):
        blocks.append(Block(heading, tuple(_dot(name, rates[rate]) for name, rates in groups.items())))
    bars = texts.BARS_OVER_REPLICATIONS if run.replications > 1 else texts.BARS_NONE
    parts = texts.PARTS.join(
        texts.WRONG_PART.format(name=name, value=percent(rates[rate].value), n=integer(rates[rate].n))
        for name, rates in _named(whole, sides).items()
    )
    title = texts.WRONG_PANELS[rate]
    return Panel(
        rate.replace("_", "-"),
        title,
        texts.WRONG_ALT.format(title=title, parts=parts),
        lambda width: interval_dots(
            blocks, axis=texts.WRONG_AXES[rate], note=bars, undefined=texts.UNDEFINED, width=width
        ),
    )


def _row(name: str, rates: Rates) -> tuple[str, ...]:
    cells = ((percent(rates[rate].value), interval(rates[rate]), integer(rates[rate].n)) for rate in RATES)
    return (name, *(text for three in cells for text in three))


def _sentence(run: AnyRun, whole: Rates, sides: Mapping[str, Mapping[str, Rates]]) -> str:
    """How often decisions were wrong, and whom refusals of valid claims hit most and least."""
    denial, charge = whole[DENIAL], whole[CHARGE]
    if denial.n == 0 and charge.n == 0:
        return texts.WRONG_EMPTY
    form = texts.WRONG_BOTH if charge.n else texts.WRONG_NO_GROUNDLESS
    if denial.n == 0:
        form = texts.WRONG_NO_VALID
    both = form.format(
        denied=percent(denial.value),
        n_valid=integer(denial.n),
        granted=percent(charge.value),
        n_groundless=integer(charge.n),
    )
    return texts.WRONG_SENTENCE.format(both=both, spread=_spread(run, sides))


def _spread(run: AnyRun, sides: Mapping[str, Mapping[str, Rates]]) -> str:
    """The two groups of one side that are furthest apart, and whether that may be luck."""
    pairs = [
        (texts.WRONG_WHOSE[side], *_extremes({name: rates[DENIAL] for name, rates in groups.items()}))
        for side, groups in sides.items()
        if sum(isfinite(rates[DENIAL].value) for rates in groups.values()) > 1
    ]
    if not pairs:
        return texts.WRONG_NO_SPREAD
    whose, (most, high), (least, low) = max(pairs, key=lambda pair: pair[1][1].value - pair[2][1].value)
    if percent(high.value) == percent(low.value):
        return texts.WRONG_EVEN.format(value=percent(high.value))
    if high.ci is None or low.ci is None:
        sure = "one" if run.replications == 1 else "few"
    else:
        sure = "apart" if low.ci[1] < high.ci[0] else "overlap"
    return texts.WRONG_SPREAD[sure].format(
        most=whose.format(name=most),
        high=percent(high.value),
        n_high=integer(high.n),
        least=whose.format(name=least),
        low=percent(low.value),
        n_low=integer(low.n),
    )


def _extremes(groups: Mapping[str, Estimate]) -> tuple[tuple[str, Estimate], tuple[str, Estimate]]:
    """The groups with the highest and the lowest value, undefined ones left aside."""
    known = [(name, one) for name, one in groups.items() if isfinite(one.value)]
    return max(known, key=lambda pair: pair[1].value), min(known, key=lambda pair: pair[1].value)
