"""What a gate found, as a table for a person: what moved, by how much, and how sure that is."""

from __future__ import annotations

from io import StringIO
from math import floor, isnan, log10
from pathlib import Path

from rich.console import Console

from evenhand.analysis.gate import ERROR, Finding, Verdict
from evenhand.cli.alerts import print_alerts
from evenhand.cli.console import PIPED_WIDTH, table
from evenhand.cli.errors import plain
from evenhand.jobs.gate_file import Gate
from evenhand.jobs.gating import Judged
from evenhand.locale.current import gettext

NOTHING = "-"
HEADINGS = ("Metric", "Accepted", "Now", "Moved", "Interval", "Margin", "n", "Verdict")


def show(screen: Console, path: Path, judged: list[Judged], reason: str | None) -> None:
    """Print a table for each entry, then what failed, one line each."""
    for gate, findings, overloads in judged:
        name = gettext("{name} in {name_2}").format(name=gate.policy.name, name_2=gate.scenario.name)
        print_alerts(((f"{name}", desk.sentence) for desk in overloads), screen)
        screen.print(plain(name), style="bold")
        rows = [_row(finding, gate, reason) for finding in findings]
        screen.print(table(HEADINGS, rows, right=(1, 2, 3, 4, 5, 6)))
        screen.print()
    if reason is not None:
        screen.print(
            plain(gettext("Accepted into {path}: {reason}").format(path=path, reason=reason)), soft_wrap=True
        )
        return
    screen.print(_legend(judged))
    failed = [(gate, one) for gate, findings, _ in judged for one in findings if not one.verdict.passes]
    total = sum(len(of.findings) for of in judged)
    screen.print(gettext("\n{passed} of {total} passed.").format(passed=total - len(failed), total=total))
    for gate, finding in failed:
        said = gettext("FAILED {name} in {name_2}: {reason_why}").format(
            name=gate.policy.name, name_2=gate.scenario.name, reason_why=reason_why(finding, gate)
        )
        screen.print(plain(said), soft_wrap=True)


def as_text(path: Path, judged: list[Judged]) -> str:
    """The same as a text, for the message of an assertion."""
    screen = Console(
        file=StringIO(),
        width=PIPED_WIDTH,
        markup=False,
        highlight=False,
        emoji=False,
        force_terminal=False,
        color_system=None,  # whatever a build server asks terminals for
    )
    show(screen, path, judged, None)
    assert isinstance(screen.file, StringIO)
    return "\n".join(line.rstrip() for line in screen.file.getvalue().splitlines())


def reason_why(finding: Finding, gate: Gate) -> str:
    """Say in one line what the verdict rests on."""
    gauge, style = finding.gauge, _Style(finding, gate)
    if finding.verdict is Verdict.MISSING:
        if finding.undefined:
            return gettext("{metric} has no value in replication {map}").format(
                metric=gauge.metric, map=", ".join(map(str, finding.undefined))
            )
        return gettext("{metric} has no accepted values; accept them with --accept").format(
            metric=gauge.metric
        )
    assert finding.ci is not None
    moved = (
        gettext("{metric} moved by {signed} {unit}")
        .format(metric=gauge.metric, signed=style.signed(finding.difference), unit=style.unit)
        .rstrip()
    )
    interval = gettext("{confidence:.3g} % interval {interval}").format(
        confidence=100 * finding.confidence, interval=style.interval(finding.ci)
    )
    said = {
        Verdict.EQUIVALENT: gettext("inside the margin"),
        Verdict.NOT_WORSE: gettext("not worse by the margin"),
        Verdict.BETTER: "better",
        Verdict.CHANGED: gettext("beyond the margin"),
        Verdict.WORSE: gettext("worse by more than the margin"),
        Verdict.UNDECIDED: gettext("neither inside nor beyond the margin after {n} replications").format(
            n=finding.n
        ),
    }[finding.verdict]
    return gettext("{moved} ({interval}), {said}; margin {margin}").format(
        moved=moved, interval=interval, said=said, margin=style.margin()
    )


def _row(finding: Finding, gate: Gate, reason: str | None) -> tuple[str, ...]:
    style = _Style(finding, gate)
    verdict = finding.verdict.value.replace("_", " ") if reason is None else "accepted"
    if not (reason is not None or finding.verdict.passes):
        verdict = f"! {verdict}"
    interval = style.interval(finding.ci) if finding.ci else NOTHING
    figures = (style.level(finding.accepted), style.level(finding.now), style.signed(finding.difference))
    return finding.gauge.metric, *figures, interval, style.margin(), str(finding.n or NOTHING), verdict


def _legend(judged: list[Judged]) -> str:
    levels = sorted({one.confidence for of in judged for one in of.findings if not isnan(one.confidence)})
    covers = "or ".join(f"{100 * level:.3g} % " for level in levels)
    return gettext(
        "Moved: mean of now - accepted over n pairs of the same worlds; its {covers}interval "
        "covers\nthe luck of drawing worlds. Of moves as large as the margin, {error:.0f} % pass "
        "at most."
    ).format(covers=covers, error=100 * ERROR)


class _Style:
    """How the figures of one metric are written: one decimal finer than the margin."""

    def __init__(self, finding: Finding, gate: Gate) -> None:
        self.gauge = finding.gauge
        unit = gate.metrics[finding.gauge.metric].unit
        self.scale = 100.0 if unit.startswith("share") else 1.0
        self.unit = {"currency": gate.scenario.currency, "count": ""}.get(unit, unit)
        if self.scale > 1:
            self.unit = "pt"
        self.decimals = max(0, 2 - floor(log10(self.scale * finding.gauge.margin)))

    def level(self, value: float) -> str:
        """A value of the metric; shares in per cent."""
        if isnan(value):
            return NOTHING
        return f"{self.scale * value:,.{self.decimals}f}{' %' if self.scale > 1 else ''}"

    def signed(self, value: float) -> str:
        """A difference; one that is written as zero has no sign."""
        if isnan(value):
            return NOTHING
        written = f"{self.scale * value:+,.{self.decimals}f}"
        return written if written.strip("+-0.,") else written[1:]

    def interval(self, ends: tuple[float, float]) -> str:
        """An interval for a difference."""
        return gettext("{signed} to {signed_2}").format(
            signed=self.signed(ends[0]), signed_2=self.signed(ends[1])
        )

    def margin(self) -> str:
        """The margin with its unit and the side on which it stands."""
        one_sided = {1: "+", -1: "-"}.get(self.gauge.harm, "±")
        sign = "±" if self.gauge.role == "equivalence" else one_sided
        return f"{sign}{self.scale * self.gauge.margin:.6g} {self.unit}".rstrip()
