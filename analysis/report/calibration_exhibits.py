"""What the goodness-of-fit page shows: distances, and real against simulated from opening to end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.calibration.field import Fit, figure
from evenhand.analysis.calibration.judged import Judged
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.samples import BANDS, bands_and_winners, money, outcome_codes
from evenhand.analysis.calibration.shares import share
from evenhand.analysis.calibration.shown import Direct
from evenhand.analysis.charts import Line, interval_dots, lines_over_time
from evenhand.analysis.charts.dots import Block, Dot
from evenhand.analysis.metrics.survival import kaplan_meier
from evenhand.analysis.report.calibration_drawing import POINTS, steps, two_bars, two_curves
from evenhand.analysis.report.calibration_exhibits_market import amounts, arrivals, causes, merchants
from evenhand.analysis.report.calibration_plots import FitGap, gap_dots
from evenhand.analysis.report.calibration_texts import texts
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.numbers import percent
from evenhand.locale.current import gettext
from evenhand.sim.scenario.vocabulary import ENDINGS

Floats = NDArray[np.float64]


def fit(judged: Judged, key: str) -> Exhibit:
    """All distances beside the floor."""
    gaps = [
        FitGap(gettext(one.title), tuple(r.found[one.name] for r in judged.rivals), *judged.floor[one.name])
        for one in judged.measures
    ]
    first = judged.rivals[0]
    inside = sum(gap.values[0] <= gap.floor_high for gap in gaps)
    rivals = "".join(
        texts.FIT_RIVAL.format(title=r.title, score=f"{r.score(judged.measures):.3f}")
        for r in judged.rivals[1:]
    )
    sentence = texts.FIT_SENTENCE.format(
        score=f"{first.score(judged.measures):.3f}",
        floor=f"{judged.floor_score:.3f}",
        inside=inside,
        all=len(gaps),
        rivals=rivals,
    )
    head = (*texts.FIT_HEAD[:1], *(r.title for r in judged.rivals), *texts.FIT_HEAD[2:])
    rows = [
        (
            f"{gettext(one.title)} ({one.kind})",
            *(f"{x:.3f}" for x in gap.values),
            f"{one.counted(judged.log):,}",
            f"{gap.floor:.3f}",
            f"{gap.floor_high:.3f}",
        )
        for one, gap in zip(judged.measures, gaps, strict=True)
    ]
    panel = Panel(
        f"fit-{key}",
        texts.FIT_TITLE.format(log=judged.title),
        sentence,
        lambda width: gap_dots(
            gaps,
            [r.title for r in judged.rivals],
            floor=texts.HALVES,
            axis=texts.FIT_AXIS,
            note=texts.HALVES_NOTE,
            width=width,
        ),
        wide=True,
    )
    return Exhibit(
        f"fit-{key}", texts.FIT_TITLE.format(log=judged.title), sentence, (panel,), Table(head, rows)
    )


def shapes(judged: Judged, key: str) -> list[Exhibit]:
    """Real against simulated, in every respect that the log has."""
    log, made = judged.log, judged.rivals[0].log
    found: list[Exhibit] = []
    if log.has_endings:
        found.append(durations(log, made, key))
    if (log.ending >= 0).any():
        found.append(endings(log, made, key))
    if log.has_endings and (log.ending >= 0).any():
        found.append(winners(log, made, key))
    if (~np.isnan(log.review_asked)).any() and (log.ending >= 0).any():
        found.append(reviews(log, made, key))
    found.append(arrivals(log, made, key))
    if (log.cause >= 0).any():
        found.append(causes(log, made, key))
    if len(money(log)):
        found.append(amounts(log, made, key))
    if (log.merchant >= 0).any():
        found.append(merchants(log, made, key))
    return found


def _days(values: Floats) -> str:
    return f"{np.nanmedian(values) / 24:.3g}" if (~np.isnan(values)).any() else texts.UNDEFINED


def durations(log: Log, made: Log, key: str) -> Exhibit:
    """Distribution functions of durations, by who won."""
    both = {won: (log.durations[log.won == won], made.durations[made.won == won]) for won in (True, False)}
    end = float(np.nanquantile(np.concatenate([log.durations, made.durations]), 0.995)) / 24
    grid = np.linspace(0, max(end, 1.0), POINTS)
    panels = tuple(
        Panel(
            f"durations-{won}-{key}".lower(),
            title,
            title,
            two_curves(both[won][0] / 24, both[won][1] / 24, grid, texts.DURATION_X, texts.DURATION_Y),
        )
        for won, title in texts.DURATION_PANELS.items()
    )
    marks = np.unique(np.round(np.linspace(0, end, 9)))
    columns = [steps(values / 24, marks) for pair in both.values() for values in pair]
    rows = [(f"{day:.0f}", *(percent(float(c[i])) for c in columns)) for i, day in enumerate(marks)]
    sentence = texts.DURATION_SENTENCE.format(
        won_log=_days(both[True][0]),
        won=_days(both[True][1]),
        lost_log=_days(both[False][0]),
        lost=_days(both[False][1]),
    )
    return Exhibit(
        f"durations-{key}", texts.DURATION_TITLE, sentence, panels, Table(texts.DURATION_HEAD, rows)
    )


def delays(direct: Direct, key: str) -> Exhibit:
    """What the log shows of each delay, censored ones as such, and the law fitted to it."""
    panels = tuple(_delay_panel(name, direct, key) for name in direct.delays)
    rows = []
    for name, found in direct.delays.items():
        parts = "; ".join(
            f"{part} {figure(fit.value)} ({texts.RANGE.format(low=figure(fit.low), high=figure(fit.high))})"
            for part, fit in found.parts.items()
        )
        never = "–" if found.never is None else percent(found.never.value)
        above = ", ".join(
            f"{rival} +{aic - found.aic:.0f}" for rival, aic in found.rivals.items() if rival != found.family
        )
        rows.append(
            (texts.DELAYS[name], found.family, parts, never, f"{found.n:,}", f"{found.censored:,}", above)
        )
    sentence = texts.DELAY_SENTENCE.format(n=len(rows))
    note = texts.DELAY_NEVER.strip() if any(found.never for found in direct.delays.values()) else ""
    return Exhibit(f"delays-{key}", texts.DELAY_TITLE, sentence, panels, Table(texts.DELAY_HEAD, rows), note)


def _delay_panel(name: str, direct: Direct, key: str) -> Panel:
    found, times = direct.delays[name], direct.times[name]
    repeat = times.weight.astype(np.int64)
    curve = kaplan_meier(np.repeat((times.low + times.high) / 2, repeat), np.repeat(times.ended, repeat))
    end = float(np.quantile(times.high[times.ended], 0.99)) / 24
    grid = np.linspace(0, end, POINTS)
    ever = 1.0 - (found.never.value if found.never else 0.0)
    none = np.full(POINTS, np.nan)
    lines = [
        Line(texts.LOG, grid, 1 - curve.at(24 * grid), none, none),
        Line(f"{texts.LAW}: {found.family}", grid, ever * found.cdf(24 * grid), none, none),
    ]
    return Panel(
        f"delay-{name}-{key}",
        texts.DELAYS[name],
        texts.DELAYS[name],
        lambda width: lines_over_time(
            lines,
            x_axis=texts.DELAY_X,
            y_axis=texts.DELAY_Y,
            percent=True,
            floor=0.0,
            ceiling=1.0,
            from_zero=True,
            width=width,
        ),
        wide=len(direct.delays) == 1,
    )


def _outcome_names() -> list[str]:
    """Titles of `outcome_codes`."""
    return [
        texts.FOR[won].format(ending=texts.ENDINGS[name]) if name in texts.TWO_SIDED else texts.ENDINGS[name]
        for name in ENDINGS
        for won in (False, True)
    ]


def _side_by_side(
    key: str, title: str, axis: str, fits: Sequence[tuple[str, Fit, Fit]]
) -> tuple[Panel, list[tuple[str, ...]]]:
    """Shares by name, the log's with intervals and the simulated beside them: the dots, and their rows."""
    blocks = [
        Block(texts.LOG, tuple(Dot(name, a.value, (a.low, a.high), a.n) for name, a, _ in fits)),
        Block(texts.SIMULATED, tuple(Dot(name, b.value, None, b.n) for name, _, b in fits)),
    ]
    rows: list[tuple[str, ...]] = [
        (
            name,
            percent(a.value),
            texts.RANGE.format(low=percent(a.low), high=percent(a.high)),
            f"{a.n:,}",
            percent(b.value),
            f"{b.n:,}",
        )
        for name, a, b in fits
    ]
    panel = Panel(
        key,
        title,
        "; ".join(gettext("{name}: {real} and {made}").format(name=r[0], real=r[1], made=r[4]) for r in rows),
        lambda width: interval_dots(blocks, axis=axis, note="", undefined=texts.UNDEFINED, width=width),
        wide=True,
    )
    return panel, rows


def reviews(log: Log, made: Log, key: str) -> Exhibit:
    """Share that disputes the answer, by outcome."""

    def asked(one: Log, mask: NDArray[np.bool_]) -> Fit:
        known = mask & ~np.isnan(one.review_asked)
        return share(int(one.review_asked[known].sum()), int(known.sum()))

    codes, theirs, names = outcome_codes(log), outcome_codes(made), _outcome_names()
    use = [code for code in range(len(names)) if asked(log, codes == code).n]
    fits = [(names[c], asked(log, codes == c), asked(made, theirs == c)) for c in use]
    panel, rows = _side_by_side(f"reviews-{key}", texts.REVIEW_TITLE, texts.REVIEW_AXIS, fits)
    sentence = texts.REVIEW_SENTENCE.format(
        won=percent(asked(log, log.won).value), lost=percent(asked(log, ~log.won).value)
    )
    return Exhibit(f"reviews-{key}", texts.REVIEW_TITLE, sentence, (panel,), Table(texts.REVIEW_HEAD, rows))


def endings(log: Log, made: Log, key: str) -> Exhibit:
    """Shares of outcomes."""
    size = 2 * len(ENDINGS)
    codes = [outcome_codes(one) for one in (log, made)]
    ours, theirs = (np.bincount(c[c >= 0], minlength=size) for c in codes)
    names = _outcome_names()
    panel, rows = two_bars(
        f"endings-{key}", texts.ENDING_TITLE, ours, theirs, names, (int(ours.sum()), int(theirs.sum()))
    )
    sentence = texts.ENDING_SENTENCE.format(
        log=percent(float(log.won.mean())), made=percent(float(made.won.mean()))
    )
    return Exhibit(f"endings-{key}", texts.ENDING_TITLE, sentence, (panel,), Table(texts.ENDING_HEAD, rows))


def winners(log: Log, made: Log, key: str) -> Exhibit:
    """Share won by band of duration, the log's with intervals."""
    k = len(BANDS)
    lows, highs = BANDS, [*(str(low - 1) for low in BANDS[1:]), ""]
    names = [
        texts.WIN_BAND.format(low=low, high=high) if high else texts.WIN_LAST.format(low=low)
        for low, high in zip(lows, highs, strict=True)
    ]
    counted = [bands_and_winners(one) for one in (log, made)]
    fits = [[share(int(c[k + i]), int(c[i] + c[k + i])) for i in range(k)] for c in counted]
    panel, rows = _side_by_side(
        f"winners-{key}", texts.WIN_TITLE, texts.WIN_AXIS, list(zip(names, *fits, strict=True))
    )
    return Exhibit(
        f"winners-{key}", texts.WIN_TITLE, texts.WIN_SENTENCE, (panel,), Table(texts.WIN_HEAD, rows)
    )
