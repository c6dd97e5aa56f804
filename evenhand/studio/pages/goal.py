"""`/goal`: the smallest change that reaches a target, or that none does and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.numbers import with_unit
from evenhand.analysis.search.target import WORLDS
from evenhand.errors import UsageError, refused
from evenhand.jobs.rule_target import LIKELY
from evenhand.jobs.search_order import Order, check_goal
from evenhand.locale.current import gettext, tag
from evenhand.scenarios import BadFile
from evenhand.sim import DoesNotFit
from evenhand.studio.folder import NoSuch
from evenhand.studio.pages import asked as forms
from evenhand.studio.pages.keep import kept_as
from evenhand.studio.pages.page import Refused, got, page, posted, studio_of, text_of, to
from evenhand.studio.pages.search import FRESH
from evenhand.studio.studies import Study, studies, study
from evenhand.studio.work.studies import GoalOrder


class Target(NamedTuple):
    """What is to hold, as it was filled in."""

    metric: str
    side: str
    bound: str


USUAL = Target("p90_hours_to_close", "<=", "5d")


@got
def show(request: Request) -> Response:
    """The form, with the rules of the address chosen."""
    asked = forms.first(request)
    return _page(request, asked._replace(policies=asked.policies[:1] or ("tmall",)), USUAL, [], "")


@posted
def order(request: Request, form: FormData) -> Response:
    """Check what is asked for, and have it done."""
    studio = studio_of(request)
    asked, turned, lines = forms.read(form), forms.turned(form), text_of(form, "more_levers")
    side = ">=" if text_of(form, "side") == ">=" else "<="
    target = Target(text_of(form, "metric"), side, text_of(form, "bound").strip())
    if text_of(form, "action") == "look":
        return _page(request, asked, target, turned, lines)
    try:
        days, seed = forms.numbers(form)
        wanted = Order(
            forms.one_of(studio.folder, asked),
            forms.path_of(studio.folder, asked.market),
            forms.texts(form, turned),
            (),
            ["".join(target)],
            str(LIKELY * WORLDS),
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
            check_goal(wanted)
        made = GoalOrder(wanted, forms.out_of(studio.folder, asked, "goal"), tag())
    except (BadFile, DoesNotFit, UsageError, NoSuch, Refused) as error:
        return _page(request, asked, target, turned, lines, forms.said(error), 422)
    title = gettext("{measure} {side} {bound}: {rules}").format(
        measure=gettext(METRICS[target.metric].title) if target.metric in METRICS else target.metric,
        side="≤" if side == "<=" else "≥",
        bound=target.bound,
        rules=Path(asked.policies[0]).stem,
    )
    return to(f"/job/{studio.board.order(title, made).key}")


def _page(
    request: Request,
    asked: forms.Asked,
    target: Target,
    turned: list[forms.Turn],
    lines: str,
    said: list[str] | None = None,
    status: int = 200,
) -> Response:
    folder = studio_of(request).folder
    pair = forms.read_pair(folder, asked) if asked.policies else None
    return page(
        request,
        "goal_form.html",
        status,
        **forms.shared(request, asked),
        target=target,
        turns=forms.turns(folder, asked, turned) if asked.policies else [],
        more_levers=lines,
        measures=forms.measures(),
        said=said or [],
        about=forms.time(pair[0], LIKELY * WORLDS, None) if pair else "",
        studies=studies(folder, "goal"),
    )


class Row(NamedTuple):
    """What a setting does alone."""

    title: str
    name: str
    value: str
    metric: str
    gain: str
    helps: str


@got
def found(request: Request) -> Response:
    """What was found, in words, and what each setting does alone."""
    one = study(studio_of(request).folder, request.path_params["name"], "goal")
    if not one.is_done:
        return page(request, "study_unfinished.html", study=one)
    try:
        sentences = [str(said) for said in one.spoken(one.data["spoken"])]
        rows = [_row(one, row) for row in one.data["alone"]]
        changes = bool(one.data["settings"])
        reached = bool(one.data["reached"])
        base = Path(str(one.data["bases"]["policy"])).stem
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused(gettext("this study is damaged"), 404) from None
    return page(
        request,
        "goal.html",
        study=one,
        sentences=sentences,
        rows=rows,
        reached=reached,
        changes=changes,
        usual=f"{base}-goal",
    )


def _row(one: Study, row: dict[str, Any]) -> Row:
    name = str(row["setting"])
    helps = "" if row["helps"] else gettext("no more than luck, or worse")
    value = str(one.data["written"].get(name, row["value"]))
    return Row(
        forms.called(name), name, value, _said(one, row["metric"]), _said(one, one.data["gains"][name]), helps
    )


def _said(one: Study, value: Any) -> str:
    metric = METRICS[str(one.data["target"]).replace(">", "<").partition("<")[0]]
    unit = str(one.data["currency"]) if metric.unit == "currency" else metric.unit
    return "–" if value is None else with_unit(float(value), unit)


@posted
def save(request: Request, form: FormData) -> Response:
    """The change as files in the user's folder."""
    folder = studio_of(request).folder
    one = study(folder, request.path_params["name"], "goal")
    try:
        values, business = dict(one.data["settings"]), tuple(map(str, one.data["business"]))
        kept = str(one.data["bases"]["policy"]), str(one.data["bases"]["scenario"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused(gettext("this study is damaged"), 404) from None
    return to(f"/policy/{kept_as(folder, form, kept, values, business, one.name)}")


routes = [
    Route("/goal", show, methods=["GET"]),
    Route("/goal", order, methods=["POST"]),
    Route("/goal/{name}", found, methods=["GET"]),
    Route("/goal/{name}/save", save, methods=["POST"]),
]
