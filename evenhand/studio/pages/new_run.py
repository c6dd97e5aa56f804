"""`/run/new`: one form for a run and a comparison, with an estimate of how long it takes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand import scenarios
from evenhand.errors import UsageError
from evenhand.locale.current import gettext, tag
from evenhand.scenarios import BadFile
from evenhand.scenarios.expected_load import expected_load
from evenhand.sim import DoesNotFit
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import expected_disputes
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage.plan import Order as RunAsked
from evenhand.storage.plan import read_and_check
from evenhand.studio.compared import SPLITS, split_title
from evenhand.studio.folder import ENDINGS, Folder
from evenhand.studio.pages.home import shipped
from evenhand.studio.pages.page import filled, got, number_of, page, posted, studio_of, text_of, to
from evenhand.studio.previews import markets
from evenhand.studio.work.orders import CompareOrder, RunOrder

PACE = 60_000
"""Possible grievances a second that two cores live through; measured at 40,000 to 100,000."""
REPORT = 8.0
"""Seconds for counting and drawing, about."""
WORLDS = 10


class Choice(NamedTuple):
    """Rules or a market that can be chosen."""

    name: str
    title: str
    is_chosen: bool


class Filled(NamedTuple):
    """What the form holds."""

    policies: list[str]
    market: str
    worlds: str
    days: str
    seed: str
    cohort: str
    name: str
    by: tuple[str, ...] = SPLITS
    """Columns whose groups a comparison looks at."""
    baseline: str = ""
    """The rules that the others are compared with; empty = the first shipped ones, else the first."""


@got
def show(request: Request) -> Response:
    """The form, with the rules of the address chosen."""
    query = request.query_params
    chosen = query.getlist("policy")
    market = query.get("market", studio_of(request).choices.market)
    more = {name: query.get(name, "")[:40] for name in ("days", "cohort")}
    by = tuple(name for name in SPLITS if name in query.getlist("by")) or SPLITS
    held = Filled(
        chosen, market, query.get("worlds", str(WORLDS)), seed=query.get("seed", "1"), name="", by=by, **more
    )
    return _page(request, held)


@posted
def order(request: Request, form: FormData) -> Response:
    """Check what is asked for, and have it done."""
    studio, typed = studio_of(request), filled(form)
    folder = studio.folder
    held = Filled(
        [name for name in typed.get("policy", []) if name],
        text_of(form, "market"),
        text_of(form, "worlds"),
        text_of(form, "days"),
        text_of(form, "seed"),
        text_of(form, "cohort"),
        text_of(form, "name"),
        tuple(name for name in SPLITS if name in typed.get("by", [])),
        text_of(form, "baseline"),
    )
    worlds = number_of(form, "worlds", gettext("Worlds")) or WORLDS
    days, seed = number_of(form, "days", gettext("Days")), number_of(form, "seed", gettext("Seed")) or 0
    rules = [_place(folder, name) for name in ordered(held.policies, held.baseline)]
    market = _place(folder, held.market)
    if not rules:
        return _page(request, held, gettext("Choose the rules that are to run."), 422)
    try:
        made = _order(rules, market, worlds, days, seed, held, folder)
    except (BadFile, DoesNotFit, UsageError, ValueError) as error:
        return _page(request, held, str(error), 422)
    names = ", ".join(Path(one).stem for one in rules)
    title = gettext("{rules} in {market}").format(rules=names, market=Path(market).stem)
    job = studio.board.order(title, made)
    return to(f"/job/{job.key}")


def ordered(policies: list[str], baseline: str) -> list[str]:
    """The rules with those first that the others are compared with, which join them where they are not there.

    Whoever names none compares with rules that exist, where some are chosen.
    """
    shipped_ones = [name for name in policies if not name.endswith(ENDINGS)]
    first = [baseline] if baseline and policies else shipped_ones[:1] if len(policies) > 1 else []
    return list(dict.fromkeys([*first, *policies]))


def seconds(market: Scenario, rules: int, worlds: int, days: int | None) -> float:
    """About how long it takes on a machine like those that it was measured on."""
    return REPORT + expected_disputes(market, days or market.days) * worlds * rules / PACE


def _order(
    rules: list[str], market: str, worlds: int, days: int | None, seed: int, held: Filled, folder: Folder
) -> RunOrder | CompareOrder:
    """The order, checked as a whole. Raises BadFile, UsageError, DoesNotFit."""
    names = "-".join(Path(one).stem for one in rules)
    out = folder.free_run(held.name.strip() or f"{names}-{Path(market).stem}")
    if len(rules) > 1:
        compared = CompareOrder(
            tuple(rules), market, worlds, days, seed, held.by, out, tag(), held.cohort.strip() or None
        )
        compared.read()
        return compared
    asked = RunAsked(
        rules[0], market, worlds, days, seed, "auto", open_loop=False, cohort=held.cohort.strip() or None
    )
    read_and_check(asked)
    return RunOrder(asked, out, tag())


def _place(folder: Folder, name: str) -> str:
    """A shipped name as it is, a file of the user's by its path. Raises NoSuch."""
    return str(folder.file(name)) if name.endswith(ENDINGS) else name


def _page(request: Request, held: Filled, said: str = "", status: int = 200) -> Response:
    studio = studio_of(request)
    own = [
        (one.name, one.title) for one in studio.folder.files() if one.kind == "policy" and one.checked.loaded
    ]
    there = shipped("policy")
    return page(
        request,
        "new_run.html",
        status,
        held=held,
        said=said.splitlines(),
        own=[Choice(name, title, name in held.policies) for name, title in own],
        shipped=[Choice(one.name, one.title, one.name in held.policies) for one in there],
        baselines=[*own, *((one.name, one.title) for one in there)],
        markets=markets(studio.folder),
        about=_about(studio.folder, held),
        splits=[(name, split_title(name), name in held.by) for name in SPLITS],
    )


class About(NamedTuple):
    """What is known before it runs."""

    minutes: str
    loads: list[str]


def _about(folder: Folder, held: Filled) -> About | None:
    """How long it takes, and how busy the desks get; None where something cannot be read."""
    try:
        market = scenarios.read(_place(folder, held.market), "scenario").model
        rules = [scenarios.read(_place(folder, name), "policy").model for name in held.policies]
        worlds = int(held.worlds or WORLDS)
        days = int(held.days) if held.days.strip() else None
    except (BadFile, LookupError, ValueError):
        return None
    assert isinstance(market, Scenario)
    took = seconds(market, max(len(rules), 1), worlds, days)
    said = gettext("about {n} seconds") if took < 90 else gettext("about {n} minutes")
    loads = [str(load) for one in rules if isinstance(one, Policy) for load in expected_load(market, one)]
    return About(said.format(n=round(took) if took < 90 else round(took / 60)), loads)


routes = [Route("/run/new", show, methods=["GET"]), Route("/run/new", order, methods=["POST"])]
