"""`evenhand timeline`: policies as swim lanes, in a picture or on the screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evenhand import scenarios
from evenhand.analysis.eventlog.business_days import BusinessDays
from evenhand.analysis.policy_timeline import Course, Phase, apart, phases
from evenhand.analysis.policy_timeline.phases import last, numbered, seven_fifths
from evenhand.analysis.runs.atomic import whole
from evenhand.cli.console import console, print_json, table
from evenhand.cli.errors import plain
from evenhand.errors import UsageError
from evenhand.locale.current import gettext, gettext_noop
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage.output_path import SCREEN, check_file, files_of

BAR = 24
"""Characters for the longest way."""
NOTE = gettext_noop(
    "One column of the drawing is {days:.3g} d; it begins at delivery. The buyer complains at once, and "
    "everyone uses all the time there is. > goes on beyond the drawing; * is work without a limit of its own."
)


def carry_out(
    policies: Sequence[str], scenario: str | None, out: Path | None, *, force: bool, as_json: bool
) -> None:
    """Draw policies to a file or print them. Raises BadFile, UsageError, OSError."""
    if out is not None:
        _check(out, as_json)
    read = [scenarios.read(name, "policy") for name in policies]
    world = scenarios.read(scenario, "scenario") if scenario else None
    check_file(out, force=force, inputs=files_of(*read, *([world] if world else [])), instead=SCREEN)
    days = BusinessDays.of(world.model) if world and isinstance(world.model, Scenario) else None
    rules = [one.model for one in read if isinstance(one.model, Policy)]
    courses = [_course(policy, days) for policy in rules]
    if as_json:
        _print_json(rules, courses)
    elif out is None:
        _print_text(courses)
    else:
        _draw(courses, out)
        print(plain(gettext("wrote {out}").format(out=out)))


def _course(policy: Policy, days: BusinessDays | None) -> Course:
    found = phases(policy, days.closes if days else seven_fifths)
    return Course(f"{gettext(policy.title)} [{policy.name}]", found, tuple(apart(policy)))


def _check(out: Path, as_json: bool) -> None:
    from evenhand.analysis.charts.file import SUFFIXES

    if as_json:
        raise UsageError(gettext("--format json: is for the screen; leave out --out"))
    if out.suffix.lower() not in SUFFIXES:
        raise UsageError(
            gettext("--out: must end in {what} or {what_2}, found '{name}'").format(
                what=", ".join(SUFFIXES[:-1]), what_2=SUFFIXES[-1], name=out.name
            )
        )


def _draw(courses: Sequence[Course], out: Path) -> None:
    from evenhand.analysis.charts.file import lacking, save
    from evenhand.analysis.policy_timeline import picture

    with whole(out) as temporary:
        drawn = picture(courses)
        save(drawn, temporary)
    if said := lacking(drawn):
        print(f"evenhand: {said}", file=sys.stderr)


def _print_text(courses: Sequence[Course]) -> None:
    screen = console()
    hours = max(last(course.phases) for course in courses) or 24.0
    for course in courses:
        screen.print(plain(course.title), style="bold")
        for note in course.notes:
            screen.print(plain(note), style="dim")
        rows = [_row(number, phase, hours) for number, phase in numbered(course.phases)]
        shown = table(("No.", "Who", "What", "How long", "", "When the time is up"), rows, right=(0,))
        shown.columns[4].min_width = BAR + 1
        screen.print(shown)
        screen.print()
    screen.print(gettext(NOTE).format(days=hours / BAR / 24))


def _row(number: int, phase: Phase, hours: float) -> tuple[str, ...]:
    who = gettext(" and ").join(map(gettext, phase.lanes))
    length = str(phase.window) if phase.window else ""
    return str(number), who, phase.title, length, _bar(phase, hours), phase.silence


def _bar(phase: Phase, hours: float) -> str:
    """Where a phase stands on the longest way; without spaces, so that no table breaks it."""
    begin = min(int(BAR * phase.opens / hours), BAR - 1)
    if phase.window is None:
        return "." * begin + "*" + "." * (BAR - 1 - begin)
    end = max(begin + 1, round(BAR * min(phase.closes, hours) / hours))
    return "." * begin + "=" * (end - begin) + (">" if phase.closes > hours else "." * (BAR - end))


def _print_json(policies: Sequence[Policy], courses: Sequence[Course]) -> None:
    document = [
        {
            "policy": policy.name,
            "title": policy.title,
            "notes": list(course.notes),
            "phases": [_as_data(phase) for phase in course.phases],
        }
        for policy, course in zip(policies, courses, strict=True)
    ]
    print_json(document)


def _as_data(phase: Phase) -> dict[str, Any]:
    window = str(phase.window) if phase.window else None
    return {**phase._asdict(), "window": window}
