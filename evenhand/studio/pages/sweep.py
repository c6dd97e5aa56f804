"""`/sweep`: what settings do from one end to the other; `/sweep/NAME`: the page of a sweep."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, get_args

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand.analysis.experiments import Kind
from evenhand.errors import UsageError
from evenhand.jobs.parameter_sweep import USUAL as POINTS
from evenhand.locale.current import gettext, tag
from evenhand.scenarios import BadFile
from evenhand.sim import DoesNotFit
from evenhand.studio.folder import Folder, NoSuch
from evenhand.studio.pages import asked as forms
from evenhand.studio.pages.page import Refused, got, number_of, page, posted, studio_of, text_of, to
from evenhand.studio.studies import studies, study
from evenhand.studio.work.studies import SweepOrder

KINDS: tuple[Kind, ...] = get_args(Kind)


class Filled(NamedTuple):
    """What the form holds beside what all studies share."""

    design: Kind
    points: str
    worlds: str
    more_levers: str


USUAL = Filled("grid", "", "4", "")


@got
def show(request: Request) -> Response:
    """The form, with the rules of the address chosen."""
    asked = forms.first(request)
    return _page(request, asked._replace(policies=asked.policies[:1] or ("tmall",)), USUAL, [])


@posted
def order(request: Request, form: FormData) -> Response:
    """Check what is asked for, and have it done."""
    studio = studio_of(request)
    asked, turned = forms.read(form), forms.turned(form)
    kind: Kind = next((one for one in KINDS if one == text_of(form, "design")), KINDS[0])
    filled = Filled(kind, text_of(form, "points"), text_of(form, "worlds"), text_of(form, "more_levers"))
    if text_of(form, "action") == "look":
        return _page(request, asked, filled, turned)
    try:
        days, seed = forms.numbers(form)
        made = SweepOrder(
            forms.one_of(studio.folder, asked),
            forms.path_of(studio.folder, asked.market),
            tuple(forms.texts(form, turned)),
            kind,
            number_of(form, "points", gettext("Points")),
            number_of(form, "worlds", gettext("Worlds")) or 4,
            days,
            seed,
            (),
            forms.out_of(studio.folder, asked, "sweep"),
            tag(),
        )
        made.read()
    except (BadFile, DoesNotFit, UsageError, NoSuch, Refused) as error:
        return _page(request, asked, filled, turned, forms.said(error), 422)
    title = gettext("Sweep: {rules} in {market}").format(
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
    names = {
        "grid": gettext("every combination of a few values"),
        "lhs": gettext("points spread over all ranges"),
        "sobol": gettext("points spread evenly (Sobol)"),
        "saltelli": gettext("shares of variance (Saltelli)"),
    }
    return page(
        request,
        "sweep_form.html",
        status,
        **forms.shared(request, asked),
        turns=forms.turns(folder, asked, turned) if asked.policies else [],
        more_levers=filled.more_levers,
        filled=filled,
        designs=[(one, names[one], POINTS[one]) for one in KINDS],
        said=said or [],
        about=_time(folder, asked, filled, sum(one.is_chosen for one in turned)),
        studies=studies(folder, "sweep"),
    )


def _time(folder: Folder, asked: forms.Asked, filled: Filled, chosen: int) -> str:
    """About how long it takes, for one setting where none is chosen yet."""
    pair = forms.read_pair(folder, asked) if asked.policies else None
    if pair is None:
        return ""
    points, settings = forms.whole(filled.points) or POINTS[filled.design], max(chosen, 1)
    spread = {"grid": min(points, 1000) ** min(settings, 6), "saltelli": points * (settings + 2)}
    worlds = (spread.get(filled.design, points) + 2 * settings + 1) * max(forms.whole(filled.worlds), 1)
    return forms.time(pair[0], worlds, None)


@got
def found(request: Request) -> Response:
    """The page of a sweep, framed."""
    one = study(studio_of(request).folder, request.path_params["name"], "sweep")
    return page(request, "sweep_study.html" if one.is_done else "study_unfinished.html", study=one)


routes = [
    Route("/sweep", show, methods=["GET"]),
    Route("/sweep", order, methods=["POST"]),
    Route("/sweep/{name}", found, methods=["GET"]),
]
