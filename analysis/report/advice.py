"""The page of advice: what each piece does, to whom, together with others, and when everybody follows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, isfinite
from pathlib import Path
from typing import Any

from evenhand.analysis.advise.checklist import Piece, advice_to
from evenhand.analysis.advise.effects import BETTER, OUTCOMES
from evenhand.analysis.advise.study import WHO, Advice, Advised, Effect
from evenhand.analysis.charts.forest import NARROW, Contrast, Judgement, Unit, forest
from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.words import figures, probability
from evenhand.analysis.report.advice_texts import texts
from evenhand.analysis.report.comparison_differences import minus
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.numbers import between, count, integer, number, percent
from evenhand.analysis.report.page import assemble, version
from evenhand.analysis.report.save import save
from evenhand.analysis.report.settings import settings
from evenhand.analysis.runs.steps import Tell, silent
from evenhand.locale.current import gettext

SHARES = ("adequate", "filed")


def write(advice: Advice, path: str | Path, *, tell: Tell = silent) -> None:
    """Write the page to a file, whole or not at all. Raises OSError."""
    save(render(advice, tell=tell), path)


def render(advice: Advice, *, tell: Tell = silent) -> str:
    """The page as one HTML text."""
    about = advice.experiment
    policy = plain(gettext(about.policy.title)) or plain(about.policy.name)
    return assemble(
        exhibits(advice),
        tell=tell,
        title=texts.TITLES[advice.whose.side].format(policy=policy),
        texts=texts,
        facts=facts(advice),
        headlines=[],
        under=texts.UNDER.format(scenario=plain(gettext(about.scenario.title))),
        note=texts.NOTE,
        metrics=Table(texts.LIST_HEAD, [_listed(one) for one in advice_to(advice.whose.side)]),
        settings=[(plain(gettext(model.title)), settings(model)) for model in (about.policy, about.scenario)],
    )


def exhibits(advice: Advice) -> list[Exhibit]:
    """An exhibit for each outcome, for pairs, and for what happens when everybody follows a piece."""
    made = [_outcome(advice, one) for one in OUTCOMES]
    return [*made, *([_pairs(advice)] if advice.pairs else []), _rivalry(advice)]


def facts(advice: Advice) -> list[tuple[str, str]]:
    """What was looked at, for the header."""
    whose, about = advice.whose, advice.experiment
    group = texts.GROUP.format(group=plain(whose.group)) if whose.group else texts.WHOSE[whose.side]
    values = {"whose": group}
    if whose.cause:
        values["cause"] = plain(gettext(whose.cause.replace("_", " ").capitalize()))
    if whose.amount:
        low, high = (number(one) if isfinite(one) else "∞" for one in whose.amount)
        values["amount"] = texts.AMOUNTS.format(low=low, high=high)
    values |= {
        "worlds": count(about.replications, texts.N_WORLDS),
        "days": count(about.days, texts.N_DAYS),
        "seed": str(about.seed),
        "version": version(),
    }
    return [(texts.FACTS[name], value) for name, value in values.items()]


def name_of(one: Advised) -> str:
    """The title of a piece, or of two."""
    titles = [gettext(piece.title) for piece in one.pieces]
    return titles[0] if len(titles) == 1 else texts.TOGETHER.format(one=titles[0], other=titles[1])


def written(effect: Effect, outcome: str, *, brief: bool = False) -> str:
    """An effect with its interval, without its unit."""
    unit = "share" if outcome in SHARES else "h"
    ends = (effect.mean - effect.half, effect.mean + effect.half) if isfinite(effect.half) else ()
    value, *both = (minus(one) for one in figures((effect.mean, *ends), unit, effect.half))
    if not isfinite(effect.mean):
        return texts.UNDEFINED
    return texts.WITH_RANGE.format(value=value, low=both[0], high=both[1]) if both and not brief else value


def _contrast(name: str, effect: Effect, outcome: str, *, brief: bool) -> Contrast:
    factor = 100.0 if outcome in SHARES else 1.0
    side = BETTER[outcome]
    judgement: Judgement = "unsure"
    if effect.sure:
        judgement = "other" if not side else "better" if side * effect.mean > 0 else "worse"
    ends = None
    if isfinite(effect.half):
        ends = (factor * (effect.mean - effect.half), factor * (effect.mean + effect.half))
    said = written(effect, outcome, brief=brief)
    return Contrast(name, factor * effect.mean, ends, None, said, effect.n, side, judgement)


def _unit(advice: Advice, outcome: str) -> str:
    return texts.UNITS[outcome].format(currency=gettext(advice.currency))


Rows = Sequence[tuple[str, Effect]]


def _panel(key: str, title: str, alternative: str, outcome: str, units: Mapping[str, Rows]) -> Panel:
    def made(width: float) -> list[Unit]:
        limit = 100.0 if outcome in SHARES else inf
        brief = width < NARROW
        return [
            Unit(heading, tuple(_contrast(*row, outcome, brief=brief) for row in rows), limit)
            for heading, rows in units.items()
        ]

    parts = texts.PARTS.join(
        texts.PART.format(name=name, written=written(effect, outcome))
        for rows in units.values()
        for name, effect in rows
    )
    draw: Callable[[float], Any] = lambda width: forest(made(width), texts.forest, width=width)  # noqa: E731
    return Panel(key, title, alternative.format(parts=parts), draw, wide=True)


def _outcome(advice: Advice, outcome: str) -> Exhibit:
    """Ranked effects on one outcome, valid and groundless claims apart."""
    title = texts.PART_TITLE.format(outcome=texts.OUTCOMES[outcome])
    side = BETTER[outcome] or 1
    ranked = sorted(advice.pieces, key=lambda one: _rank(one.effects["valid", outcome], side))
    units = {
        texts.UNIT_HEADING.format(who=texts.WHO[who], unit=_unit(advice, outcome)): [
            (name_of(one), one.effects[who, outcome]) for one in ranked
        ]
        for who in WHO
    }
    alternative = texts.ALT.format(outcome=texts.inside(texts.OUTCOMES[outcome]), parts="{parts}")
    sure = [
        texts.PART.format(name=name_of(one), written=written(one.effects["valid", outcome], outcome))
        for one in ranked
        if one.effects["valid", outcome].sure
    ]
    said = texts.SENTENCE.format(parts=texts.PARTS.join(sure)) if sure else texts.NONE_SURE
    if outcome == "money" and advice.whose.side == "buyer" and (liars := advice.helps_liars()):
        names = texts.ITEMS.join(map(name_of, liars))
        said = texts.all_of((said, texts.LIARS.format(names=names)))
    rows = [_row(one, who, outcome) for one in ranked for who in WHO]
    panel = _panel(f"advice-{outcome}", title, alternative, outcome, units)
    return Exhibit(f"advice-{outcome}", title, said, (panel,), Table(texts.HEAD, rows))


def _rank(effect: Effect, side: int) -> float:
    return -side * effect.mean if isfinite(effect.mean) else inf


def _row(one: Advised, who: str, outcome: str) -> tuple[str, ...]:
    effect = one.effects[who, outcome]
    return (
        name_of(one),
        texts.WHO[who],
        *_cells(effect, outcome),
        percent(one.touched),
    )


def _cells(effect: Effect, outcome: str) -> tuple[str, str, str, str]:
    factor = 100.0 if outcome in SHARES else 1.0
    ends = texts.NO_INTERVAL
    if isfinite(effect.half):
        sides = (factor * (effect.mean - effect.half), factor * (effect.mean + effect.half))
        ends = between(*(minus(f"{one:+.3g}") for one in sides))
    value = minus(f"{factor * effect.mean:+.3g}") if isfinite(effect.mean) else texts.UNDEFINED
    return value, ends, probability(effect.p), integer(effect.n)


def _pairs(advice: Advice) -> Exhibit:
    """What two pieces do beyond the sum of each alone."""
    unit = _unit(advice, "money")
    units = {
        texts.UNIT_HEADING.format(who=name_of(one), unit=unit): [
            (texts.BOTH, one.effects["valid", "money"]),
            (texts.BEYOND, one.beyond["money"]),
        ]
        for one in advice.pairs
    }
    rows = [(name_of(one), one.beyond["money"]) for one in advice.pairs]
    sure = [
        texts.PART.format(name=name, written=written(effect, "money")) for name, effect in rows if effect.sure
    ]
    said = texts.PAIRS_SENTENCE.format(parts=texts.PARTS.join(sure)) if sure else texts.PAIRS_NONE
    panel = _panel("pairs", texts.PAIRS_TITLE, texts.PAIRS_ALT, "money", units)
    table = [(name, *_cells(effect, "money")) for name, effect in rows]
    return Exhibit(
        "pairs", texts.PAIRS_TITLE, said, (panel,), Table(texts.PLAIN_HEAD, table), texts.PAIRS_NOTE
    )


def _rivalry(advice: Advice) -> Exhibit:
    """What a piece does to one in twenty alone, and what everybody else following it adds."""
    unit = _unit(advice, "money")
    ranked = sorted(advice.pieces, key=lambda one: _rank(one.alone["money"], 1))
    units = {
        texts.ALONE_HEADING.format(unit=unit): [(name_of(one), one.alone["money"]) for one in ranked],
        texts.CROWD_HEADING.format(unit=unit): [(name_of(one), one.rivalry["money"]) for one in ranked],
    }
    sure = [
        texts.PART.format(name=name_of(one), written=written(one.rivalry["money"], "money"))
        for one in ranked
        if one.rivalry["money"].sure
    ]
    said = texts.RIVALRY_SENTENCE.format(parts=texts.PARTS.join(sure)) if sure else texts.RIVALRY_NONE
    panel = _panel("rivalry", texts.RIVALRY_TITLE, texts.RIVALRY_ALT, "money", units)
    table = [(name, *_cells(effect, "money")) for rows in units.values() for name, effect in rows]
    return Exhibit(
        "rivalry", texts.RIVALRY_TITLE, said, (panel,), Table(texts.PLAIN_HEAD, table), texts.RIVALRY_NOTE
    )


def _listed(one: Piece) -> tuple[str, ...]:
    stands = texts.PARTS.join(
        texts.STANDS_FOR.format(path=plain(path), how=_how(how)) for path, how in one.settings.items()
    )
    if one.unsimulated:
        stands = texts.NOT_SIMULATED.format(why=gettext(one.unsimulated))
    form = texts.LIST_NOT if one.unsimulated else texts.LIST_ROW
    says, cost, source = gettext(one.says), gettext(one.cost), gettext(one.source)
    return gettext(one.title), form.format(says=says, stands=stands, cost=cost, source=source)


def _how(how: Mapping[str, Any]) -> str:
    if "times" in how:
        return texts.TIMES.format(factor=number(float(how["times"])))
    value = how["to"]
    said = value.get("value", value) if isinstance(value, dict) else value
    return texts.TO.format(value=number(said) if isinstance(said, float) else plain(str(said)))
