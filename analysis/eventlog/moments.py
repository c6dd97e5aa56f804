"""Times as logs write them, as hours since 1970: dates, clocks of 12 or 24 hours, numbers with a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import duckdb

Unit = Literal["yyyymmdd", "days", "hours", "s", "ms", "us", "ns"]
"""What a number in a column of times counts: `days` are a spreadsheet's serial days, `s` to `ns` are since
1970."""
UNITS: tuple[Unit, ...] = get_args(Unit)
Order = Literal["dmy", "mdy"]
"""What dates that end with their year begin with: the day or the month."""
ORDERS: tuple[Order, ...] = get_args(Order)
WHICH = (
    "a date that may begin with its day or with its month: say it with 'dates', dmy (day first) or mdy "
    "(month first)"
)
ASK = f"a number whose unit is not certain: say it with 'unit', one of {', '.join(UNITS)}"
FORMS = "2015-01-31, 2015-01-31 14:30, 2015-01-31 02:30 PM, 2015年1月31日"
_DATE = r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?"
_CLOCK = r"(?:(?:T|\s)*(上午|下午)?\s*(\d{1,2})[:时点](\d{1,2})分?(?::?(\d{1,2})(?:[.,](\d+))?秒?)?)?"
_END = r"\s*([AaPp]\.?[Mm]\.?)?\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
_PARTS = ("y", "m1", "m2", "m3", "m4", "d", "half", "h", "mi", "s", "f", "ampm", "zone")
_PATTERN = f"^\\s*{_DATE}{_CLOCK}{_END}\\s*$"
_YEAR_LAST = tuple(rf"^\s*(\d{{1,2}}){mark}(\d{{1,2}}){mark}(\d{{4}})" for mark in (r"\.", "/", "-"))
_NUMBER = r"^\s*[-+]?\d+(\.\d*)?([eE][-+]?\d+)?\s*$"
_SERIAL_ZERO = 25569
"""The serial day of 1970-01-01 in spreadsheets that count from 1900."""
_HOURS_BELOW = 20_000
"""Numbers below are hours of a simulated log; serial days of this century begin at 36,526."""
_EPOCHS: tuple[tuple[Unit, float], ...] = (("s", 1.0), ("ms", 1e3), ("us", 1e6), ("ns", 1e9))
_FIRST, _LAST = 3e8, 5e9
"""Seconds since 1970, 1979 to 2128: between them the unit of an epoch shows in its size."""
_MOST_HOURS = 70_000_000
"""Before the year 9956, so that every time has a date."""


def is_number(text: str) -> str:
    """SQL for whether a cell is a plain number."""
    return f"regexp_matches({text}, '{_NUMBER}')"


def is_year_last(text: str) -> str:
    """SQL for whether a cell begins with a date that ends with its year."""
    return f"regexp_matches({text}, '{'|'.join(_YEAR_LAST)}')"


def order_of(
    database: duckdb.DuckDBPyConnection, source: str, arguments: Sequence[Any], text: str
) -> Order | None:
    """What all dates of a column that end with their year begin with, by those that can be read one way only.

    None = there is no such date, or they are at odds.
    """
    parts = f"list_transform(regexp_extract_all({text}, '[0-9]+')[1:2], lambda p: cast(p as int))"
    asked = f"""
        select count(*) filter (p[1] > 12 and p[2] <= 12), count(*) filter (p[1] <= 12 and p[2] > 12)
        from (select {parts} as p from {source} where {is_year_last(text)})
    """  # noqa: S608  # a column that the file has
    days, months = database.execute(asked, arguments).fetchone() or (0, 0)
    if bool(days) == bool(months):
        return None
    return "dmy" if days else "mdy"


def unit_of(
    database: duckdb.DuckDBPyConnection, source: str, arguments: Sequence[Any], text: str
) -> Unit | None:
    """The unit that all numbers of a column leave no doubt about; None = ask, or there are no numbers."""
    # 20240131 as the only kind of number is a date, whatever else it could count
    asked = f"""
        select count(*), min(x), max(x), count(*) filter (
            x >= 19000101 and x < 21010101 and try_strptime(cast(try_cast(x as bigint) as varchar), '%Y%m%d') is not null
            and x = floor(x))
        from (select try_cast({text} as double) as x from {source} where {is_number(text)})
    """  # noqa: S608, E501  # a column that the file has
    n, low, high, dates = database.execute(asked, arguments).fetchone() or (0, 0, 0, 0)
    if not n:
        return None
    if dates == n:
        return "yyyymmdd"
    if low > -_HOURS_BELOW and high < _HOURS_BELOW:
        return "hours"
    return next((unit for unit, times in _EPOCHS if low / times >= _FIRST and high / times < _LAST), None)


def hours_sql(text: str, unit: Unit | None, order: Order | None = None, *, zones: bool) -> str:
    """SQL for hours since 1970 of a cell; null for what is no time.

    A date that ends with its year is read in that order, and is no time without one.
    With `zones` an offset is turned into UTC, else the clock counts as it stands. A name of a zone, as in
    `03:03 CET`, is no offset: such a cell is no time.
    """
    number = _number(f"try_cast({text} as double)", unit) if unit else "null"
    names = ", ".join(f"'{part}'" for part in _PARTS)
    found = f"regexp_extract({_year_first(text, order)}, '{_PATTERN}', [{names}])"
    written = f"list_transform([{found}], lambda p: {_moment('p', zones=zones)})[1]"
    bounded = f"case when abs({number}) < {_MOST_HOURS} then {number} end"
    return f"case when {is_number(text)} then {bounded} else {written} end"


def _year_first(text: str, order: Order | None) -> str:
    """SQL for a cell with its date as year, month, day, where an order is known."""
    if order is None:
        return text
    put = r"\3-\2-\1" if order == "dmy" else r"\3-\1-\2"
    for form in _YEAR_LAST:
        text = f"regexp_replace({text}, '{form}', '{put}')"
    return text


def _number(x: str, unit: Unit) -> str:
    """SQL for a number in its unit as hours."""
    if unit == "yyyymmdd":
        day = f"try_strptime(cast(try_cast({x} as bigint) as varchar), '%Y%m%d')"
        return f"(epoch({day}) / 3600.0)"
    if unit == "days":
        # to the millisecond: a serial day is a fraction that no clock had
        return f"(round(({x} - {_SERIAL_ZERO}) * 86400000.0) / 3600000.0)"
    if unit == "hours":
        return x
    return f"({x} / {3600 * dict(_EPOCHS)[unit]!r})"


def _moment(p: str, *, zones: bool) -> str:
    """SQL for the parts of a written time as hours; null where a part is out of its range."""
    day = f"try_cast({p}.y || '-' || concat({p}.m1, {p}.m2, {p}.m3, {p}.m4) || '-' || {p}.d as date)"
    hour, minute, second = (f"coalesce(try_cast({p}.{part} as int), 0)" for part in ("h", "mi", "s"))
    part = f"coalesce(try_cast('0.' || {p}.f as double), 0)"
    noon = f"({p}.half = '下午' or upper({p}.ampm[1]) = 'P')"
    twelve = f"({p}.half != '' or {p}.ampm != '')"
    clock = f"case when {twelve} then ({hour} % 12) + case when {noon} then 12 else 0 end else {hour} end"
    fits = (
        f"{minute} < 60 and {second} < 60 and "
        f"case when {twelve} then {p}.h != '' and {hour} between 1 and 12 else {hour} < 24 end"
    )
    seconds = f"epoch({day}) + ({clock}) * 3600 + {minute} * 60 + {second} + {part}"
    if zones:
        digits = f"regexp_replace({p}.zone, '[^0-9]', '', 'g')"
        off = (
            f"(coalesce(try_cast({digits}[1:2] as int), 0) * 3600 + "
            f"coalesce(try_cast({digits}[3:4] as int), 0) * 60)"
        )
        seconds = f"{seconds} - case when {p}.zone[1] = '-' then -{off} else {off} end"
    return f"case when {fits} then ({seconds}) / 3600.0 end"
