"""What a policy costs and saves a month against the baseline: each side, item by item."""

from __future__ import annotations

from evenhand.analysis.charts.words import plain
from evenhand.analysis.report.comparison_records import Runs
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.money import EVERYBODY, Amount, changes, judged, picture
from evenhand.analysis.report.numbers import number
from evenhand.locale.current import gettext


def costs_and_savings(runs: Runs) -> Exhibit:
    """The exhibit with a panel for each policy against the first one."""
    (base_name, base), *others = runs.items()
    currency = plain(gettext(base.scenario.currency))
    panels, rows, said = [], [], []
    for place, (name, run) in enumerate(others, 1):
        found = changes(run, base)
        title = texts.GAINS_PANEL.format(policy=plain(name), baseline=plain(base_name))
        panels.append(_panel(f"money-{place}", title, found, currency))
        said.append(_sentence(plain(name), found, currency))
        rows += [(row.name, plain(name), number(row.month), row.ends, number(row.each)) for row in found]
    note = texts.COSTS_NOTE.format(currency=currency)
    table = Table(texts.COSTS_HEAD, rows)
    return Exhibit("money", texts.COSTS_TITLE, texts.all_of(said), tuple(panels), table, note)


def _panel(key: str, title: str, found: list[Amount], currency: str) -> Panel:
    parts = texts.PARTS.join(texts.GAINS_PART.format(name=row.name, value=number(row.month)) for row in found)
    return Panel(
        key,
        title,
        texts.COSTS_ALT.format(title=title, parts=parts),
        lambda width: picture(found, currency, texts.costs, width, better=-1),
        wide=True,
    )


def _sentence(name: str, found: list[Amount], currency: str) -> str:
    """What it costs or saves in all, and which sides surely pay more or less."""
    whole = {row.side: row for row in found if not row.item}
    everybody = whole.pop(EVERYBODY)
    parts = []
    for judgement, form in texts.COSTS_SAID.items():
        told = [
            texts.GAINS_WHO.format(who=row.name, value=number(abs(row.month)), currency=currency)
            for row in whole.values()
            if judged(row) == judgement
        ]
        if told:
            parts.append(form.format(who=texts.listed(told)))
    sides = texts.PARTS.join(parts) or texts.COSTS_NOBODY
    form = texts.COSTS_ALL[judged(everybody)]
    return form.format(policy=name, value=number(abs(everybody.month)), currency=currency, sides=sides)
