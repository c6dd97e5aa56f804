"""`/search`: which values of settings nothing beats, asked for on a form."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand.errors import UsageError, refused
from evenhand.jobs.rule_search import WORLDS
from evenhand.jobs.search_order import Order, check
from evenhand.locale.current import gettext, tag
from evenhand.scenarios import BadFile
from evenhand.sim import DoesNotFit
from evenhand.studio.folder import NoSuch
from evenhand.studio.pages import asked as forms
from evenhand.studio.pages.page import Refused, got, page, posted, studio_of, text_of, to
from evenhand.studio.studies import studies
from evenhand.studio.work.studies import SearchOrder

GOALS = 3
FRESH = 16


class Filled(NamedTuple):
    """What the form holds beside what all studies share."""

    goals: tuple[str, ...]
    limits: list[tuple[str, str, str]]
    worlds: str
    more_levers: str


USUAL = Filled(("wrongful_denial_rate", "p90_hours_to_close", ""), forms.NO_LIMITS, str(WORLDS), "")


@got
def show(request: Request) -> Response:
    """The form, with the rules of the address chosen."""
    asked = forms.first(request)
    asked = asked._replace(policies=asked.policies[:1] or ("tmall",))
    return _page(request, asked, USUAL, [])


@posted
def order(request: Request, form: FormData) -> Response:
    """Check what is asked for, and have it done."""
    studio = studio_of(request)
    asked, turned = forms.read(form), forms.turned(form)
    rows, whole = forms.limits(form)
    goals = tuple(text_of(form, f"goal{number}") for number in range(GOALS))
    filled = Filled(goals, rows, text_of(form, "worlds"), text_of(form, "more_levers"))
    if text_of(form, "action") == "look":
        return _page(request, asked, filled, turned)
    try:
        days, seed = forms.numbers(form)
        levers = forms.needed(
            forms.texts(form, turned), gettext("Choose at least one setting that may be turned.")
        )
        wanted = Order(
            forms.one_of(studio.folder, asked),
            forms.path_of(studio.folder, asked.market),
            levers,
            [one for one in goals if one],
            whole,
            filled.worlds.strip() or str(WORLDS),
            FRESH,
            (),
            days,
            seed,
            "auto",
            open_loop=False,
            cohort=None,
            workers=None,
            cluster=None,
        )
        with refused():
            check(wanted)
        made = SearchOrder(wanted, forms.out_of(studio.folder, asked, "search"), tag())
    except (BadFile, DoesNotFit, UsageError, NoSuch, Refused) as error:
        return _page(request, asked, filled, turned, forms.said(error), 422)
    title = gettext("Search: {rules} in {market}").format(
        rules=Path(asked.policies[0]).stem, market=Path(asked.market).stem
    )
    return to(f"/job/{studio.board.order(title, made).key}")


def _page(
    request: Request,
    asked: forms.Asked,
    filled: Filled,
    turned: list[forms.Turn],
    said: list[str] | None = None,
    status: int = 200,
) -> Response:
    folder = studio_of(request).folder
    pair = forms.read_pair(folder, asked) if asked.policies else None
    worlds = (
        int(filled.worlds) if filled.worlds.strip().isascii() and filled.worlds.strip().isdecimal() else 0
    )
    about = forms.time(pair[0], min(worlds, 10**7) + 13 * FRESH, None) if pair and worlds else ""
    return page(
        request,
        "search_form.html",
        status,
        **forms.shared(request, asked),
        turns=forms.turns(folder, asked, turned) if asked.policies else [],
        more_levers=filled.more_levers,
        goals=filled.goals,
        limit_rows_filled=filled.limits,
        worlds=filled.worlds,
        goal_measures=forms.measures(neutral=False),
        measures=forms.measures(),
        said=said or [],
        about=about,
        studies=studies(folder, "search"),
    )


routes = [Route("/search", show, methods=["GET"]), Route("/search", order, methods=["POST"])]
