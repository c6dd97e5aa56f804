"""Rows of a result as tables of other libraries: pandas, Arrow, Polars, LaTeX, HTML.

The first three are optional (extra `research`); whoever asks for one that is not there is told its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from html import escape
from importlib import import_module
from math import isnan
from typing import Any

from evenhand.locale.current import gettext

Row = Mapping[str, Any]
LINES = 60
"""Rows that a notebook shows of a table at most."""
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: "\\" + sign for sign in "&%$#_{}"},
}


def library(name: str, what: str) -> Any:
    """An optional library. Raises ImportError, in one line with the extra, where it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(
            gettext("{what} need {name}: pip install {name} (the extra 'research')").format(
                what=what, name=name
            )
        ) from error


def columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Rows as columns, in the order in which names come first; None where a row lacks one."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def to_pandas(table: Mapping[str, Any]) -> Any:
    """Columns as a pandas data frame. Raises ImportError without the extra `research`."""
    return library("pandas", gettext("data frames")).DataFrame(dict(table))


def to_arrow(table: Mapping[str, Any]) -> Any:
    """Columns as an Arrow table. Raises ImportError without the extra `research`."""
    return library("pyarrow", gettext("Arrow tables")).table(dict(table))


def to_polars(table: Mapping[str, Any]) -> Any:
    """Columns as a Polars data frame. Raises ImportError without the extra `research`."""
    return library("polars", gettext("Polars frames")).DataFrame(dict(table), strict=False)


def to_latex(
    table: Mapping[str, Sequence[Any]],
    chosen: Iterable[str] | None = None,
    headings: Mapping[str, str] | None = None,
    digits: int = 4,
    caption: str = "",
) -> str:
    """Columns as a LaTeX table with the rules of `booktabs`; numbers have so many significant digits.

    `chosen` are the columns, by default those in which any row says something; `headings` are their words.
    Raises ValueError for a column that there is not.
    """
    if digits < 1:
        raise ValueError(gettext("digits: must be 1 or more, found {digits!r}").format(digits=digits))
    names = _filled(table) if chosen is None else [_known(name, table) for name in chosen]
    if not names:
        raise ValueError(gettext("columns: there is nothing to show"))
    said = headings or {}
    numeric = [_is_numeric(table[name]) for name in names]
    lines = [
        r"\begin{tabular}{" + "".join("r" if one else "l" for one in numeric) + "}",
        r"\toprule",
        " & ".join(_tex(said.get(name, name)) for name in names) + r" \\",
        r"\midrule",
        *(
            " & ".join(_tex(_written(value, digits)) for value in row) + r" \\"
            for row in zip(*(table[name] for name in names), strict=True)
        ),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    if caption:
        lines = [r"\begin{table}", r"\centering", rf"\caption{{{_tex(caption)}}}", *lines, r"\end{table}"]
    return "\n".join(lines) + "\n"


def to_html(table: Mapping[str, Sequence[Any]], headings: Mapping[str, str] | None = None) -> str:
    """Columns as an HTML table of at most `LINES` rows; every text is shown as the text it is."""
    said, rows = headings or {}, list(zip(*table.values(), strict=True))
    head = "".join(f"<th>{escape(said.get(name, name))}</th>" for name in table)
    body = "\n".join(
        f"<tr>{''.join(f'<td>{escape(_written(value, 4))}</td>' for value in row)}</tr>"
        for row in rows[:LINES]
    )
    more = ""
    if len(rows) > LINES:
        more = f"<p>{gettext('and {n:,} more rows').format(n=len(rows) - LINES)}</p>"
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>{more}"


def _known(name: str, table: Mapping[str, Any]) -> str:
    if name in table:
        return name
    near = get_close_matches(str(name), list(table), n=1)
    hint = gettext("; did you mean {name!r}?").format(name=near[0]) if near else ""
    raise ValueError(
        gettext("columns: must be among {columns}, found {name!r}{hint}").format(
            columns=", ".join(table), name=name, hint=hint
        )
    )


def _filled(table: Mapping[str, Sequence[Any]]) -> list[str]:
    return [name for name, values in table.items() if any(_written(value, 4) != "-" for value in values)]


def _is_numeric(values: Iterable[Any]) -> bool:
    return not any(isinstance(value, str) for value in values)


def _written(value: Any, digits: int) -> str:
    """A cell: numbers with so many significant digits, whole ones whole; - for what is not known."""
    if value is None or (isinstance(value, float) and isnan(value)) or value == "":
        return "-"
    if isinstance(value, (bool, str)):
        return str(value)
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value)}" if abs(float(value)) < 1e15 else f"{float(value):.{digits}g}"
    return f"{float(value):.{digits}g}"


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(sign, sign) for sign in text)
