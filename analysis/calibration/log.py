"""A log in the words of the model: one row a dispute, times in hours from the first day, NaN = unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.calibration.eventlog import one_row_a_case, read_any, with_roles
from evenhand.analysis.calibration.mapping import BUYER_GETS, ENDING, Mapping, Outcome
from evenhand.analysis.calibration.table import Floats, Texts, TextTable, hours_of, numbers_of
from evenhand.analysis.eventlog.log import BadLog
from evenhand.analysis.eventlog.moments import ASK, FORMS, WHICH
from evenhand.locale.current import gettext, gettext_noop
from evenhand.sim.scenario.vocabulary import VALID_CAUSES

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
EPOCH = date(1970, 1, 1)
MOMENTS = ("filed", "answered", "ruled", "review")
UNKNOWN = -1
_YES = {"yes", "true", "1", "y", "t", "ja", "是"}
_NO = {"no", "false", "0", "n", "f", "nein", "否"}
NOTHING = {"NULL", "Null", "null", r"\N", "N/A", "n/a", "#N/A", "NaN", "nan", "NaT", "None"}
"""Words that databases write into empty cells."""
_SHOWN = 3
LEFT_OUT = gettext_noop("the row is left out")
NOT_KNOWN = gettext_noop("taken as not known")
_FIRST_HOUR = 24.0 * (date(1902, 1, 1) - EPOCH).days
"""Spreadsheets write an empty date as the first day of 1900 or 1901."""
_NEVER_HOUR = 24.0 * (date(2200, 1, 1) - EPOCH).days
"""Databases write 9999-12-31 for what has not happened."""


class Trouble(NamedTuple):
    """Cells that could not be read: what is wrong, in how many rows, the first of them, what was done."""

    what: str
    rows: int
    examples: str
    done: str

    def __str__(self) -> str:
        """One line for a person."""
        return gettext("{rows:,} rows: {what} ({examples}): {done}").format(
            rows=self.rows, what=self.what, examples=self.examples, done=self.done
        )


COLUMNS = (
    "opened",
    "closed",
    "ending",
    "won",
    "cause",
    "merchant",
    "amount",
    "paid",
    "review_asked",
    "world",
)
"""Arrays of a log that have one value a row, moments apart."""


@dataclass(frozen=True, eq=False)
class Log:
    """Disputes of a log, real or simulated.

    Arrays of shape (rows,). `opened`, `closed` and the moments are hours from the midnight that begins
    `start`, NaN = not happened or not known; `ending` is a position in
    `sim.scenario.vocabulary.ENDINGS` and `cause`
    one in VALID_CAUSES, -1 = unknown; `won` = the buyer got something. `review_asked` is 1, 0 or NaN.
    """

    name: str
    start: date
    days: int
    """Days observed, from `start`."""
    by_closing: bool
    """Sampled on the day of closing: opened at any time, closed within the days; else opened within them."""
    grain: float
    """24 where times are whole days, 0 where they are finer."""
    opened: Floats
    closed: Floats
    ending: Ints
    won: Mask
    cause: Ints
    merchant: Ints
    amount: Floats
    paid: Floats
    review_asked: Floats
    world: Ints
    """Which replication a row is from; 0 in a real log."""
    moments: dict[str, Floats] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    notes: tuple[str, ...] = ()
    """What was taken for granted when the file was read, and how many of its rows are used."""

    def __len__(self) -> int:
        """Rows."""
        return len(self.opened)

    def where(self, mask: NDArray[np.bool_] | NDArray[np.int64]) -> Log:
        """Some of the rows."""
        some = {name: getattr(self, name)[mask] for name in COLUMNS}
        return replace(self, **some, moments={name: values[mask] for name, values in self.moments.items()})

    @property
    def last(self) -> date:
        """Last day observed."""
        return self.start + timedelta(days=self.days - 1)

    @property
    def horizon(self) -> float:
        """Hours observed."""
        return 24.0 * self.days

    @property
    def has_endings(self) -> bool:
        """Whether times of closing are known."""
        return bool((~np.isnan(self.closed)).any())

    @property
    def durations(self) -> Floats:
        """Hours from opening to closing, NaN for open disputes; whole days where the log has no more."""
        if not self.grain:
            return self.closed - self.opened
        return self.grain * (np.floor(self.closed / self.grain) - np.floor(self.opened / self.grain))

    def between(self, first: date | None, last: date | None) -> Log:
        """The log as it would be had only these days been observed, both included.

        Opened later = not there; not yet closed = open. A log by closing has the cases closed then.
        """
        begin, end = first or self.start, last or self.last
        if end < begin:
            raise BadLog(
                gettext("{name}: the last day {end} is before the first day {begin}").format(
                    name=self.name, end=end, begin=begin
                )
            )
        low, high = 24.0 * (begin - self.start).days, 24.0 * ((end - self.start).days + 1)
        at = self.closed if self.by_closing else self.opened
        cut = self.where((at >= low) & (at < high))
        moved = {name: np.where(values < high, values - low, np.nan) for name, values in cut.moments.items()}
        late = cut.closed >= high
        return replace(
            cut,
            start=begin,
            days=(end - begin).days + 1,
            opened=cut.opened - low,
            closed=np.where(late, np.nan, cut.closed - low),
            ending=np.where(late, 0, cut.ending),
            won=cut.won & ~late,
            moments=moved,
        )


def read_log(path: Path, mapping: Mapping) -> Log:
    """Read a log as a mapping says. Raises BadLog with every mistake in the mapping's columns, OSError."""
    table = read_any(path)
    if mapping.format == "events":
        wrong = [
            table.missing(name)
            for name in mapping.columns.model_dump().values()
            if name and name not in table.columns
        ]
        if wrong:
            raise BadLog("\n".join(wrong))
        table, mapping = one_row_a_case(table, mapping), with_roles(mapping)
    return log_of(table, mapping)


def log_of(table: TextTable, mapping: Mapping) -> Log:
    """The rows of a table that can be read; what cannot is counted in `troubles`. Raises BadLog."""
    wrong = [
        table.missing(name)
        for name in mapping.columns.model_dump().values()
        if name and name not in table.columns
    ]
    if wrong:
        raise BadLog("\n".join(wrong))
    reader = _Reader(table, mapping)
    reader.refuse(reader.again("id"), gettext("has a name that is there before"), LEFT_OUT, "id")
    opened, closed = reader.times("opened", needed=True), reader.times("closed")
    reader.refuse((closed < opened), gettext("closed before it was opened"), LEFT_OUT, "closed")
    moments = {name: reader.times(name) for name in MOMENTS if getattr(mapping.columns, name)}
    outcome, cause = reader.outcomes(), reader.causes()
    amount, paid, asked = reader.numbers("amount"), reader.numbers("paid"), reader.yes_no("review_asked")
    if "review" in moments and not mapping.columns.review_asked:
        ruled = moments.get("ruled", closed)
        asked = np.where(np.isnan(ruled), np.nan, (~np.isnan(moments["review"])).astype(float))
    reader.refuse(outcome == "ignore", "", "", "outcome")
    merchant = reader.codes("merchant")
    keep = reader.keep
    if not keep.any():
        raise BadLog(
            "\n".join(
                [gettext("{name}: no row can be used").format(name=table.name), *map(str, reader.troubles)]
            )
        )
    by_closing = mapping.sampled_by == "closing"
    times = np.concatenate([opened[keep], closed[keep], *(m[keep] for m in moments.values())])
    at = closed if by_closing else opened
    low = mapping.first or _day(np.nanmin(at[keep]))
    high = mapping.last or _day(np.nanmax(at[keep] if by_closing else times))
    zero = 24.0 * (low - EPOCH).days
    known = times[~np.isnan(times)]
    ending = np.array([ENDING.get(word, UNKNOWN) for word in outcome], np.int64)
    whole = Log(
        name=table.name,
        start=low,
        days=(high - low).days + 1,
        by_closing=by_closing,
        grain=0.0 if (known % 24 != 0).any() else 24.0,
        opened=opened - zero,
        closed=closed - zero,
        ending=ending,
        won=np.isin(outcome.astype(str), BUYER_GETS),
        cause=cause,
        merchant=merchant,
        amount=amount,
        paid=paid,
        review_asked=asked,
        world=np.zeros(len(opened), np.int64),
        moments={name: values - zero for name, values in moments.items()},
        troubles=tuple(reader.troubles),
        notes=reader.notes(),
    )
    return whole.where(keep).between(low, high)


def _day(hours: float) -> date:
    return EPOCH + timedelta(days=int(hours // 24))


def _ends_with_year(text: str | None) -> bool:
    return text is not None and re.match(r"\s*\d{1,2}([./-])\d{1,2}\1\d{4}", text) is not None


def _is_number(text: str | None) -> bool:
    try:
        return text is not None and np.isfinite(float(text))
    except ValueError:
        return False


class _Reader:
    """Reads the columns of a table, and keeps count of what could not be read."""

    def __init__(self, table: TextTable, mapping: Mapping) -> None:
        self.table, self.mapping = table, mapping
        self.keep: Mask = np.ones(len(table), bool)
        self.troubles: list[Trouble] = []

    def text(self, role: str) -> Texts | None:
        """A column; words for nothing, such as NULL, are empty unless the mapping says what they mean."""
        name = getattr(self.mapping.columns, role)
        if not name:
            return None
        words = {"outcome": list(self.mapping.outcomes), "cause": list(self.mapping.causes)}
        meant = words.get(role, [])
        found = self.table.columns[name].copy()
        found[[str(text).strip() in NOTHING and text not in meant for text in found]] = None
        return found

    def notes(self) -> tuple[str, ...]:
        """How the file was read, and how much of it can be used where not all can."""
        used, there = int(self.keep.sum()), len(self.table)
        share = (
            (gettext("{used:,} of {there:,} rows can be used").format(used=used, there=there),)
            if self.troubles
            else ()
        )
        return tuple(f"{self.table.name}: {note}" for note in (*self.table.notes, *share))

    def again(self, role: str) -> Mask:
        """Rows whose cell is in a row before."""
        texts = self.text(role)
        if texts is None:
            return np.zeros(len(self.table), bool)
        seen: set[str] = set()
        found = np.zeros(len(texts), bool)
        for row, text in enumerate(texts):
            if text is not None:
                found[row] = text in seen
                seen.add(text)
        return found

    def refuse(self, bad: Mask, what: str, done: str, role: str, *, leave_out: bool = True) -> None:
        """Count bad rows, and leave them out where they are of no use; rows left out before do not count."""
        bad = bad & self.keep
        if bad.any() and what:
            texts = self.text(role)
            first = np.flatnonzero(bad)[:_SHOWN]
            shown = ", ".join(
                gettext("row {row}: '{cell}'").format(row=i + 1, cell=texts[i] if texts is not None else "")
                for i in first
            )
            name = getattr(self.mapping.columns, role).lstrip("\0")
            self.troubles.append(Trouble(f"'{name}' {what}", int(bad.sum()), shown, gettext(done)))
        if leave_out:
            self.keep &= ~bad

    def times(self, role: str, *, needed: bool = False) -> Floats:
        texts = self.text(role)
        if texts is None:
            return np.full(len(self.table), np.nan)
        hours = hours_of(texts, self.mapping.time_format, self.mapping.unit, self.mapping.dates)
        empty = np.array([text is None for text in texts])
        form = self.mapping.time_format or FORMS
        done = LEFT_OUT if needed else NOT_KNOWN
        unread = np.isnan(hours) & ~empty
        bare = unread & np.array([_is_number(text) for text in texts])
        if not self.mapping.time_format:
            self.refuse(bare, gettext("is {what}").format(what=gettext(ASK)), done, role, leave_out=needed)
            either = unread & np.array([_ends_with_year(text) for text in texts])
            if self.mapping.dates is None:
                self.refuse(
                    either, gettext("is {what}").format(what=gettext(WHICH)), done, role, leave_out=needed
                )
                unread &= ~either
            unread &= ~bare
        self.refuse(
            unread, gettext("is no time such as {form}").format(form=form), done, role, leave_out=needed
        )
        for beyond, what in (
            (hours < _FIRST_HOUR, gettext("is before 1902")),
            (hours >= _NEVER_HOUR, gettext("is after 2199")),
        ):
            self.refuse(
                beyond,
                gettext("{what} and stands for nothing").format(what=what),
                done,
                role,
                leave_out=needed,
            )
            hours = np.where(beyond, np.nan, hours)
        if needed and self.mapping.format == "table":
            self.refuse(empty, gettext("is empty"), done, role)
        elif needed:  # an event log has cases of other kinds: they never were disputes
            self.keep &= ~empty
        return hours

    def numbers(self, role: str) -> Floats:
        texts = self.text(role)
        if texts is None:
            return np.full(len(self.table), np.nan)
        typed = getattr(self.mapping.columns, role) in self.table.typed
        values = numbers_of(texts, self.mapping.decimal, typed=typed)
        empty = np.array([text is None for text in texts])
        doubt = np.isnan(values) & ~np.isnan(numbers_of(texts, ".")) & ~empty
        said = gettext("is a number whose decimals are in doubt ('decimal' of the mapping says their sign)")
        self.refuse(doubt, said, NOT_KNOWN, role, leave_out=False)
        self.refuse(
            np.isnan(values) & ~empty & ~doubt,
            gettext("is no number"),
            NOT_KNOWN,
            role,
            leave_out=False,
        )
        self.refuse(values < 0, gettext("is below 0"), NOT_KNOWN, role, leave_out=False)
        return np.where(values < 0, np.nan, values)

    def yes_no(self, role: str) -> Floats:
        texts = self.text(role)
        if texts is None:
            return np.full(len(self.table), np.nan)
        said = [None if text is None else str(text).strip().lower() for text in texts]
        values = np.array([1.0 if s in _YES else 0.0 if s in _NO else np.nan for s in said])
        bad = np.isnan(values) & np.array([s is not None for s in said])
        self.refuse(bad, gettext("is neither yes nor no"), NOT_KNOWN, role, leave_out=False)
        return values

    def outcomes(self) -> Texts:
        """The outcome in the words of the model; '' where the log has none, 'open' in an empty cell."""
        texts = self.text("outcome")
        if texts is None:
            return np.full(len(self.table), "", object)
        known: dict[str, Outcome] = self.mapping.outcomes
        other = self.mapping.other_outcomes
        words = np.array(["open" if t is None else known.get(str(t), other) for t in texts], object)
        bad = np.array([word is None for word in words])
        self.refuse(bad, gettext("is not among 'outcomes' of the mapping"), LEFT_OUT, "outcome")
        return words

    def causes(self) -> Ints:
        texts = self.text("cause")
        if texts is None:
            return np.full(len(self.table), UNKNOWN, np.int64)
        other = self.mapping.other_causes
        words = [None if t is None else self.mapping.causes.get(str(t), other) for t in texts]
        bad = np.array([w is None and t is not None for w, t in zip(words, texts, strict=True)])
        self.refuse(
            bad,
            gettext("is not among 'causes' of the mapping"),
            NOT_KNOWN,
            "cause",
            leave_out=False,
        )
        return np.array([UNKNOWN if w is None else VALID_CAUSES.index(w) for w in words], np.int64)

    def codes(self, role: str) -> Ints:
        texts = self.text(role)
        if texts is None:
            return np.full(len(self.table), UNKNOWN, np.int64)
        empty = np.array([text is None for text in texts])
        _, codes = np.unique(np.array([str(text) for text in texts]), return_inverse=True)
        return np.where(empty, UNKNOWN, codes.astype(np.int64))
