"""Figures as they are written."""

from __future__ import annotations

from math import inf, isfinite, isnan

from benchmarks.validity.finding import Figure, Unit

MARKS: dict[Unit, str] = {"share": "%", "change": "%", "points": "points"}


def scaled(value: float, unit: Unit) -> float:
    """A value as a chart has it: shares and changes in hundredths."""
    return 100 * value if unit in MARKS else value


def amount(value: float, unit: Unit) -> str:
    """A value with its unit."""
    if not isfinite(value):
        return "undefined"
    if unit == "days":
        return f"{value:.1f} days"
    if unit == "ratio":
        return f"{value:.2f} times".replace("-", "−")
    hundredths = round(100 * value, 1) + 0.0  # no sign before nothing
    sign = "+" if unit != "share" and hundredths else ""
    return f"{hundredths:{sign}.1f} {MARKS[unit]}".replace("-", "−")


def interval(one: Figure) -> str:
    """Both ends of the interval, or a dash."""
    if one.ci is None:
        return "–"
    low, high = (amount(end, one.unit) for end in one.ci)
    return f"{low.rsplit(' ', 1)[0]} to {high}"


def near(one: Figure) -> str:
    """What counts as near, the band, the sign that must be right, or a dash."""
    told = []
    if one.sign:
        told.append("above 0" if one.sign > 0 else "below 0")
    if not isnan(one.low):
        low, high = (amount(end, one.unit) for end in (one.low, one.high))
        told.append(f"at least {low}" if one.high == inf else f"{low.rsplit(' ', 1)[0]} to {high}")
    return ", ".join(told) or "–"


def holds(one: Figure) -> str:
    """Whether a figure holds, and where it has a band or a sign by which part of the rule."""
    parts = []
    if one.rule == "meets" and one.ci:
        if one.in_band != "not judged":
            parts.append("in the band" if one.in_band == "yes" else "not in the band")
        if one.sign_right != "not judged":
            parts.append({"yes": "sign right", "no": "sign wrong"}.get(one.sign_right, "sign unclear"))
    return f"{one.holds} ({', '.join(parts)})" if parts else one.holds
