"""What the forms of all studies share: rules, market, days, seed and name; and what is said of mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request

from evenhand import scenarios, sim
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.search import Lever
from evenhand.errors import UsageError
from evenhand.jobs.rule_target import usual_levers
from evenhand.locale.current import gettext
from evenhand.scenarios import BadFile
from evenhand.scenarios.changes import whole_label
from evenhand.scenarios.keys import content_key
from evenhand.scenarios.numbers import SIDES
from evenhand.sim.runs.experiment import expected_disputes
from evenhand.studio.folder import ENDINGS, Folder, NoSuch
from evenhand.studio.pages.home import shipped
from evenhand.studio.pages.page import number_of, studio_of, text_of
from evenhand.studio.previews import market_of, markets
from evenhand.studio.studies import Sort, place

PACE = 60_000
"""Possible grievances a second that two cores live through, as for runs."""
REPORT = 8.0
"""Seconds for judging and drawing, about."""
ROWS = 40
"""Settings of a form at most."""


class Asked(NamedTuple):
    """The shared part of a form, as it was filled in."""

    policies: tuple[str, ...]
    market: str
    days: str = ""
    seed: str = "1"
    name: str = ""


class Rules(NamedTuple):
    """Rules that can be chosen."""

    name: str
    title: str
    is_chosen: bool


class Turn(NamedTuple):
    """A setting that can be turned: its ends, and whether it is chosen."""

    name: str
    title: str
    now: str
    low: str
    high: str
    is_chosen: bool


def first(request: Request) -> Asked:
    """The form before it is filled in, from the address."""
    asked = request.query_params
    chosen = [name for name in asked.getlist("policy") if name]
    return Asked(tuple(dict.fromkeys(chosen)), asked.get("market", studio_of(request).choices.market))


def read(form: FormData) -> Asked:
    """The form as it was sent."""
    chosen = [one for one in form.getlist("policy") if isinstance(one, str) and one]
    texts = (text_of(form, name) for name in ("market", "days", "seed", "name"))
    return Asked(tuple(dict.fromkeys(chosen)), *texts)


def numbers(form: FormData) -> tuple[int | None, int]:
    """Days and seed. Raises Refused."""
    return number_of(form, "days", gettext("Days")), number_of(form, "seed", gettext("Seed")) or 0


def path_of(folder: Folder, name: str) -> str:
    """A shipped name as it is, a file of the user's by its path. Raises NoSuch."""
    return str(folder.file(name)) if name.endswith(ENDINGS) else name


def one_of(folder: Folder, asked: Asked) -> str:
    """The one set of rules that is chosen, as commands name it. Raises UsageError, NoSuch."""
    return path_of(folder, needed(asked.policies, gettext("Choose the rules that are to be changed."))[0])


def needed(some: Sequence[str], said: str) -> Sequence[str]:
    """What must not be empty. Raises UsageError."""
    if not some:
        raise UsageError(said)
    return some


def whole(text: str, usual: int = 0) -> int:
    """A number as it was filled in, for an estimate; what is none counts as usual."""
    text = text.strip()
    return min(int(text), 10**7) if text.isascii() and text.isdecimal() and len(text) < 9 else usual


def out_of(folder: Folder, asked: Asked, sort: Sort) -> Path:
    """Where the study goes."""
    names = "-".join(Path(one).stem for one in asked.policies)
    return place(folder, asked.name, f"{sort}-{names}-{Path(asked.market).stem}", sort)


def shared(request: Request, asked: Asked) -> dict[str, Any]:
    """What the template of a form needs for the shared part."""
    folder = studio_of(request).folder
    own = [(one.name, one.title) for one in folder.files() if one.kind == "policy" and one.checked.loaded]
    every = [*own, *((one.name, one.title) for one in shipped("policy"))]
    return {
        "asked": asked,
        "rules": [Rules(name, title, name in asked.policies) for name, title in every],
        "markets": markets(folder),
    }


def read_pair(folder: Folder, asked: Asked) -> tuple[sim.Scenario, sim.Policy] | None:
    """The market and the first rules, where both can be read."""
    try:
        rules = scenarios.read(path_of(folder, asked.policies[0]), "policy").model
        market = market_of(folder, asked.market).model
    except (BadFile, LookupError):
        return None
    assert isinstance(market, sim.Scenario)
    assert isinstance(rules, sim.Policy)
    return market, rules


def turns(folder: Folder, asked: Asked, chosen: Sequence[Turn] = ()) -> list[Turn]:
    """The usual settings of the chosen rules, with their usual ends or those that were filled in."""
    pair = read_pair(folder, asked)
    if pair is None:
        return []
    market, rules = pair
    filled = {one.name: one for one in chosen}
    made = []
    for lever in _usual(market, rules)[:ROWS]:
        low, high = (lever.written(end) for end in lever.axis_here.ends)
        now = lever.written(lever.start)
        was = filled.get(lever.name, Turn(lever.name, "", now, low, high, is_chosen=False))
        made.append(was._replace(title=called(lever.name), now=now))
    return made


def _usual(market: sim.Scenario, rules: sim.Policy) -> tuple[Lever, ...]:
    """The usual levers, worked out once for what two files say: half a second."""
    key = content_key(market), content_key(rules)
    if key not in _KNOWN:
        while len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)), None)
        _KNOWN[key] = usual_levers(market, rules, market.days)
    return _KNOWN[key]


_KNOWN: dict[tuple[str, str], tuple[Lever, ...]] = {}
MOST_KNOWN = 32


def called(path: str) -> str:
    """What a setting is called, as in lists of changes; the path where it has no name."""
    for kind in SIDES:
        with suppress(KeyError):
            return whole_label(path, kind)
    return path


def turned(form: FormData) -> list[Turn]:
    """The settings as they were filled in; which are chosen."""
    chosen = {one for one in form.getlist("lever") if isinstance(one, str)}
    found = []
    for key in list(form)[:2_000]:
        if key.startswith("low:") and (name := key.removeprefix("low:")):
            low, high = text_of(form, key).strip(), text_of(form, f"high:{name}").strip()
            found.append(Turn(name, "", "", low, high, name in chosen))
    return found[:ROWS]


def texts(form: FormData, turns: Sequence[Turn]) -> list[str]:
    """The chosen settings, and those that were written line by line, as on a command line."""
    lines = [one.strip() for one in text_of(form, "more_levers").splitlines() if one.strip()]
    return [f"{one.name}={one.low}..{one.high}" for one in turns if one.is_chosen] + lines


class Measure(NamedTuple):
    """A measure that can be chosen."""

    name: str
    title: str


def measures(*, neutral: bool = True) -> list[Measure]:
    """All measures by their titles; without `neutral` those that are good high or good low."""
    found = [
        Measure(name, gettext(one.title))
        for name, one in METRICS.items()
        if neutral or one.direction != "neutral"
    ]
    return sorted(found, key=lambda one: one.title.lower())


def limits(form: FormData) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Limits as they were filled in, and those that are whole, as on a command line."""
    rows = []
    for number in range(LIMITS):
        names = ("limit_metric", "limit_side", "limit_bound")
        metric, side, bound = (text_of(form, f"{name}{number}").strip() for name in names)
        rows.append((metric, side if side == ">=" else "<=", bound))
    return rows, [f"{metric}{side}{bound}" for metric, side, bound in rows if metric or bound]


LIMITS = 2
NO_LIMITS = [("", "<=", "")] * LIMITS


def time(market: sim.Scenario, worlds: int, days: int | None) -> str:
    """About how long so many worlds take."""
    seconds = REPORT + expected_disputes(market, days or market.days) * worlds / PACE
    said = gettext("about {n} seconds") if seconds < 90 else gettext("about {n} minutes")
    return said.format(n=round(seconds) if seconds < 90 else round(seconds / 60))


def fields() -> dict[str, str]:
    """What the options of commands are called on the page, for mistakes that name them."""
    return {
        "--lever": gettext("Settings"),
        "--vary": gettext("Settings"),
        "--goal": gettext("Goals"),
        "--limit": gettext("Limits"),
        "--metric": gettext("Measures"),
        "--budget": gettext("Worlds"),
        "--replications": gettext("Worlds"),
        "--worlds": gettext("Worlds"),
        "--futures": gettext("Futures"),
        "--starts": gettext("Starts of the screening"),
        "--fresh": gettext("Fresh worlds"),
        "--days": gettext("Days"),
        "--seed": gettext("Seed"),
        "POLICY...": gettext("Rules"),
        "METRIC<=X": gettext("Target"),
    }


def said(error: Exception) -> list[str]:
    """The lines of a mistake, in the words of the form."""
    if isinstance(error, NoSuch):
        return [gettext("there is nothing of that name here")]
    text = str(error)
    for option, name in fields().items():
        text = text.replace(f"{option}:", f"{name}:").replace(f"{option} ", f"{name} ")
    return text.splitlines() or [type(error).__name__]
