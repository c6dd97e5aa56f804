"""`evenhand conform`: is due process kept in a log, and where is it not?"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from evenhand import scenarios
from evenhand.analysis.eventlog import (
    BadLog,
    Checker,
    Log,
    Mapping,
    Rules,
    RunLog,
    Tally,
    Violation,
    open_log,
)
from evenhand.analysis.eventlog.business_days import BusinessDays
from evenhand.analysis.eventlog.log import moment
from evenhand.analysis.eventlog.moments import ORDERS, UNITS, Unit
from evenhand.analysis.eventlog.moments import Order as DateOrder
from evenhand.analysis.eventlog.table_in import TableLog
from evenhand.analysis.runs.atomic import whole
from evenhand.cli.conform_rules import read
from evenhand.cli.console import console, print_json, table
from evenhand.cli.errors import plain
from evenhand.cli.spreadsheet import check_library, sheet
from evenhand.errors import UsageError
from evenhand.locale.current import gettext, gettext_noop
from evenhand.sim.policy.policy import Policy
from evenhand.storage.output_path import check_file, files_of
from evenhand.storage.version import version

NAMES = 4
"""Activities that a message names."""
UNCALLED = gettext_noop("nothing in the log calls for it")
HEAD = ("case", "rule", "position", "activity", "time", "resource")


@dataclass(frozen=True)
class Order:
    """What is asked for."""

    log: Path
    rules: Path | None
    policy: str | None
    scenario: str | None
    mapping: Mapping
    of: str
    most: int
    out: Path | None
    force: bool
    verify: bool = True
    """Whether the files of a run must be as they were written."""
    allow_empty: bool = False
    """Whether a log to which no rule applies passes."""


@dataclass(frozen=True)
class Result:
    """What was found: the tallies, and the first violations."""

    rules: Rules
    start: datetime
    cases: int
    tallies: list[Tally]
    first: list[Violation]
    notes: list[str]
    """What was taken for granted when the log was read."""

    @property
    def passed(self) -> bool:
        """Whether no rule was broken."""
        return not any(tally.violations for tally in self.tallies)


def unit_named(text: str | None) -> Unit | None:
    """The unit of numbers as times. Raises UsageError with those that there are."""
    found = next((unit for unit in UNITS if unit == text), None)
    if text is not None and found is None:
        raise UsageError(
            gettext("--unit: must be one of {units}, found '{text}'").format(
                units=", ".join(UNITS), text=text
            )
        )
    return found


def order_named(text: str | None) -> DateOrder | None:
    """The order of day and month in dates that end with their year. Raises UsageError with both."""
    found = next((order for order in ORDERS if order == text), None)
    if text is not None and found is None:
        raise UsageError(
            gettext("--dates: must be one of {orders}, found '{text}'").format(
                orders=", ".join(ORDERS), text=text
            )
        )
    return found


def carry_out(order: Order, *, as_json: bool) -> bool:
    """Check a log and print what was found; whether every rule that applies is kept.

    Raises BadFile, UsageError (also where no rule applies and that is not allowed), OSError.
    """
    check_file(order.out, force=order.force, inputs=list(_inputs(order)))
    if order.out is not None and _is_workbook(order.out):
        check_library()
    rules = read(order.rules)
    try:
        result = check(order, rules)
    except BadLog as error:
        raise UsageError(str(error)) from error
    if as_json:
        print_json(_document(order, result))
    else:
        _print(order, result)
    return result.passed


def _inputs(order: Order) -> Iterator[Path]:
    """All that is read, so that nothing of it is written over. Raises BadFile."""
    yield order.log
    if order.rules is not None:
        yield order.rules
    if order.policy is not None:
        yield from files_of(scenarios.read(order.policy, "policy"))
    if order.scenario is not None:
        yield from files_of(scenarios.read(order.scenario, "scenario"))


def check(order: Order, rules: Rules) -> Result:
    """Judge every case of a log, keeping the first violations and writing all of them where asked."""
    log = open_log(order.log, order.mapping, order.of, verify=order.verify)
    checker = Checker(rules, _policy(order, log), _days(order, log))
    seen = 0
    first: list[Violation] = []

    def counted() -> Iterator[Any]:
        nonlocal seen
        for case in log.cases(rules.attributes()):
            seen += 1
            yield case

    as_written = _cells if order.out is not None and _is_workbook(order.out) else _row
    with _book(order.out) as write:
        for violation in checker.violations(counted()):
            if len(first) < order.most:
                first.append(violation)
            write(as_written(violation, log.start))
        if not (checker.matched or order.allow_empty):
            raise UsageError(_nothing_applied(order, checker, seen))
    return Result(rules, log.start, seen, checker.tallies, first, _notes(log))


def _notes(log: Log) -> list[str]:
    return log.notes if isinstance(log, TableLog) else []


def _nothing_applied(order: Order, checker: Checker, cases: int) -> str:
    """Why a log was not judged at all, and what to do."""
    if not cases:
        return gettext("'{log}': has no cases, so that no rule applies; add --allow-empty to pass it").format(
            log=order.log
        )
    named = sorted({name for tally in checker.tallies for name in tally.rule.named})
    return gettext(
        "'{log}': no rule applies to its {cases:,} cases; its activities are {some}, and the "
        "rules are about {some_2}: give rules for this log, or add --allow-empty to pass it"
    ).format(log=order.log, cases=cases, some=_some(checker.seen), some_2=_some(named))


def _some(names: Iterable[str]) -> str:
    """The first few of some names."""
    every = sorted(names)
    more = gettext(" and {every} more").format(every=len(every) - NAMES) if len(every) > NAMES else ""
    return ", ".join(f"'{name}'" for name in every[:NAMES]) + more


def _policy(order: Order, log: Log) -> Policy | None:
    """The policy that rules refer to: the one that is named, or else the run's own."""
    if order.policy is not None:
        return scenarios.policy(order.policy)
    return log.policy if isinstance(log, RunLog) else None


def _days(order: Order, log: Log) -> BusinessDays:
    """Business days of the run's scenario or the one named; otherwise every Monday to Friday."""
    if order.scenario is not None:
        calendar = BusinessDays.of(scenarios.load(order.scenario))
    elif isinstance(log, RunLog):
        return BusinessDays.of(log.scenario)
    else:
        return BusinessDays(log.start.date())
    return BusinessDays(log.start.date(), calendar.weekend, calendar.holidays)


@contextmanager
def _book(out: Path | None) -> Iterator[Any]:
    """Where violations are written, one a row; the file is whole or not there."""
    if out is None:
        yield lambda _: None
        return
    if _is_workbook(out):
        with sheet(HEAD, out) as write:
            yield write
        return
    with whole(out) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(HEAD)
        yield rows.writerow


def _is_workbook(out: Path) -> bool:
    return out.suffix.lower() == ".xlsx"


def _row(one: Violation, start: datetime) -> tuple[str, ...]:
    """A violation as text."""
    case, rule, position, activity, when, resource = _cells(one, start)
    told = when.isoformat(sep=" ", timespec="seconds") if when else ""
    return case, rule, "" if position is None else str(position), activity or "", told, resource or ""


def _cells(one: Violation, start: datetime) -> tuple[Any, ...]:
    """A violation as a sheet has it: times are times."""
    if one.event is None:
        return one.case, one.rule, None, None, None, None
    when = moment(start, one.event.time)
    return one.case, one.rule, one.position, one.event.activity, when, one.event.resource


def _print(order: Order, result: Result) -> None:
    screen = console()
    screen.print(plain(result.rules.title), style="bold")
    screen.print(plain(gettext("in {log}: {cases:,} cases\n").format(log=order.log, cases=result.cases)))
    for note in result.notes:
        screen.print(plain(gettext("note: {log} {note}").format(log=order.log, note=note)))
    applied = [tally for tally in result.tallies if tally.applied]
    rows = [
        (
            one.name,
            one.rule.template,
            f"{one.judged:,}",
            f"{one.violations:,}",
            f"{one.cases:,}",
            f"{one.pending:,}",
            _verdict(one),
        )
        for one in applied
    ]
    heads = ("Rule", "Template", "n", "Violations", "Cases", "Open", "Verdict")
    screen.print(table(heads, rows, right=(2, 3, 4, 5)))
    skipped = [
        (tally.name, tally.skipped or gettext(UNCALLED)) for tally in result.tallies if not tally.applied
    ]
    if skipped:
        screen.print(gettext("\nNot applied"), style="bold")
        screen.print(table((), skipped))
    for tally in applied:
        if tally.unnamed:
            screen.print(
                gettext("{name}: not applied to {unnamed:,} cases, whose events do not say who acted").format(
                    name=tally.name, unnamed=tally.unnamed
                )
            )
    if result.first:
        _print_violations(result, order)
    screen.print(
        gettext(
            "\nn: activations judged, or cases. Open: what is missing may yet come, since the case "
            "has not ended."
        )
    )
    _say_verdict(result, len(applied))


def _print_violations(result: Result, order: Order) -> None:
    screen = console()
    total = sum(tally.violations for tally in result.tallies)
    some = (
        gettext("the first {first:,} of {total:,}").format(first=len(result.first), total=total)
        if total > len(result.first)
        else f"{total:,}"
    )
    screen.print(gettext("\nViolations ({some})").format(some=some), style="bold")
    rows = [_row(one, result.start) for one in result.first]
    screen.print(table(("Case", "Rule", "Event", "Activity", "When", "Who"), rows, right=(2,)))
    broken = [tally for tally in result.tallies if tally.violations and tally.rule.says]
    for tally in broken:
        screen.print(plain(f"{tally.name}: {tally.rule.says}"))
    if order.out is not None:
        screen.print(plain(gettext("All of them are in {out}.").format(out=order.out)))


def _verdict(tally: Tally) -> str:
    if tally.violations:
        return "! broken"
    return "kept" if tally.judged else "open"


def _say_verdict(result: Result, applied: int) -> None:
    broken = sum(tally.violations > 0 for tally in result.tallies)
    sys.stdout.flush()
    if broken:
        said = gettext("{broken} of {applied} rules are broken.").format(broken=broken, applied=applied)
    else:
        said = (
            gettext("All {applied} rules that apply are kept.").format(applied=applied)
            if applied
            else gettext("No rule applies: nothing was judged.")
        )
    idle = len(result.tallies) - applied
    console().print(
        gettext("{said} {idle} not applied.").format(said=said, idle=idle) if idle and applied else said,
        style="bold",
    )


def _document(order: Order, result: Result) -> dict[str, Any]:
    return {
        "log": str(order.log),
        "rules": result.rules.title,
        "version": version(),
        "cases": result.cases,
        "passed": result.passed,
        "notes": result.notes,
        "applied": sum(tally.applied for tally in result.tallies),
        "results": {
            tally.name: {
                "template": tally.rule.template,
                "says": tally.rule.says,
                "n": tally.judged,
                "violations": tally.violations,
                "cases": tally.cases,
                "open": tally.pending,
                "cases_without_resource": tally.unnamed,
                "not_applied": None if tally.applied else tally.skipped or UNCALLED,
            }
            for tally in result.tallies
        },
        "violations": [dict(zip(HEAD, _row(one, result.start), strict=True)) for one in result.first],
    }
