"""What the page shows of the market: when disputes begin, about what, over how much, against whom."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.calibration.arrivals import complete_days
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.samples import (
    cases_by_merchant,
    daily_counts,
    delay_correlation,
    money,
    weekday_counts,
    win_correlation,
)
from evenhand.analysis.report.calibration_drawing import POINTS, two_bars, two_curves
from evenhand.analysis.report.calibration_texts import texts
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.numbers import number, percent
from evenhand.analysis.report.texts import texts as shared
from evenhand.locale.current import gettext
from evenhand.sim.scenario.vocabulary import N_VALID, VALID_CAUSES


def arrivals(log: Log, made: Log, key: str) -> Exhibit:
    """Days of the week, and how many disputes a day."""
    ours, theirs = weekday_counts(log), weekday_counts(made)
    panel, rows = two_bars(
        f"weekdays-{key}", texts.ARRIVAL_PANELS[0], ours, theirs, list(texts.WEEKDAYS), (len(log), len(made))
    )
    a, b = daily_counts(log), daily_counts(made)
    grid = np.arange(0, max(float(np.quantile(np.concatenate([a, b]), 0.998)), 2.0) + 1)
    counts = Panel(
        f"counts-{key}",
        texts.ARRIVAL_PANELS[1],
        texts.ARRIVAL_PANELS[1],
        two_curves(a, b, grid, texts.ARRIVAL_X, texts.ARRIVAL_Y),
    )
    first, after = complete_days(log)
    high = float(np.ceil(2 * a.mean()))
    sentence = texts.ARRIVAL_SENTENCE.format(
        log=number(len(a) and float(a.mean())),
        made=number(float(b.mean())),
        high=f"{high:.0f}",
        share_log=percent(float((a >= high).mean())),
        share=percent(float((b >= high).mean())),
    )
    note = (
        ""
        if (first, after) == (0, log.days)
        else gettext("Days {first} to {after} of {days}: of later ones disputes are missing.").format(
            first=first + 1, after=after, days=log.days
        )
    )
    narrow = panel._replace(wide=False)
    return Exhibit(
        f"arrivals-{key}",
        texts.ARRIVAL_TITLE,
        sentence,
        (narrow, counts),
        Table(texts.ARRIVAL_HEAD, rows),
        note,
    )


def causes(log: Log, made: Log, key: str) -> Exhibit:
    """Shares of causes."""
    ours, theirs = (np.bincount(one.cause[one.cause >= 0], minlength=N_VALID) for one in (log, made))
    names = [shared.cause(name) for name in VALID_CAUSES]
    panel, rows = two_bars(
        f"causes-{key}", texts.CAUSE_TITLE, ours, theirs, names, (int(ours.sum()), int(theirs.sum()))
    )
    sentence = texts.CAUSE_SENTENCE.format(n=f"{int(ours.sum()):,}")
    return Exhibit(f"causes-{key}", texts.CAUSE_TITLE, sentence, (panel,), Table(texts.CAUSE_HEAD, rows))


def amounts(log: Log, made: Log, key: str) -> Exhibit:
    """Distribution functions of amounts, or of payments where the log has only these."""
    a, b = money(log), money(made)
    if not len(b):
        b = np.array([np.nan])
    logs = np.log10(a)
    grid = np.linspace(float(np.quantile(logs, 0.002)), float(np.quantile(logs, 0.998)), POINTS)
    panel = Panel(
        f"money-{key}",
        texts.MONEY_TITLE,
        texts.MONEY_TITLE,
        two_curves(logs, np.log10(b), grid, texts.MONEY_X, texts.MONEY_Y),
        wide=True,
    )
    rows = [
        (percent(q), number(float(np.quantile(a, q))), number(float(np.nanquantile(b, q))))
        for q in (0.1, 0.25, 0.5, 0.75, 0.9)
    ]
    sentence = texts.MONEY_SENTENCE.format(
        log=number(float(np.median(a))), made=number(float(np.nanmedian(b)))
    )
    return Exhibit(f"money-{key}", texts.MONEY_TITLE, sentence, (panel,), Table(texts.MONEY_HEAD, rows))


def merchants(log: Log, made: Log, key: str) -> Exhibit:
    """How many merchants have how many cases, and how alike the cases of one are."""
    ours, theirs = cases_by_merchant(log), cases_by_merchant(made)
    panel, rows = two_bars(
        f"sizes-{key}",
        texts.SIZE_TITLE,
        ours,
        theirs,
        list(texts.SIZE_BINS),
        (int(ours.sum()), int(theirs.sum())),
    )
    sentence = texts.SIZE_SENTENCE.format(
        win_log=number(float(win_correlation(log)[0]), 2),
        win=number(float(win_correlation(made)[0]), 2),
        icc_log=number(float(delay_correlation(log)[0]), 2),
        icc=number(float(delay_correlation(made)[0]), 2),
    )
    return Exhibit(f"merchants-{key}", texts.SIZE_TITLE, sentence, (panel,), Table(texts.SIZE_HEAD, rows))
