"""What disputes cost a month, and whom."""

from __future__ import annotations

from evenhand.analysis.charts.forest import Words
from evenhand.analysis.charts.words import plain
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table, exhibit
from evenhand.analysis.report.money import EVERYBODY, Amount, amounts, picture
from evenhand.analysis.report.numbers import number
from evenhand.analysis.report.texts import texts
from evenhand.locale.current import gettext


@exhibit(45)
def money(run: AnyRun) -> Exhibit:
    """The exhibit with the accounts of each side."""
    rows, currency = amounts(run), plain(gettext(run.scenario.currency))
    bar = texts.BARS_OVER_REPLICATIONS if run.replications > 1 else texts.BARS_NONE
    words = Words(texts.MONEY_JUDGEMENTS, "", bar, "")
    panel = Panel(
        "money",
        texts.MONEY_TITLE,
        texts.MONEY_ALT.format(parts=_parts(rows)),
        lambda width: picture(rows, currency, words, width),
        wide=True,
    )
    table = Table(
        texts.MONEY_HEAD, [(row.name, number(row.month), row.ends, number(row.each)) for row in rows]
    )
    note = texts.MONEY_NOTE.format(currency=currency)
    return Exhibit("money", texts.MONEY_TITLE, _sentence(rows, currency), (panel,), table, note)


def _parts(rows: list[Amount]) -> str:
    return texts.PARTS.join(texts.MONEY_PART.format(name=row.name, value=number(row.month)) for row in rows)


def _sentence(rows: list[Amount], currency: str) -> str:
    """All sides and everybody."""
    whole = {row.side: row for row in rows if not row.item}
    everybody = whole.pop(EVERYBODY)
    parts = texts.ITEMS.join(
        texts.MONEY_PART.format(name=texts.MONEY_SIDES[side], value=number(row.month))
        for side, row in whole.items()
    )
    return texts.MONEY_SENTENCE.format(
        all=number(everybody.month), currency=currency, each=number(everybody.each), parts=parts
    )
