"""`/market/NAME`: a market as a form, one section at a time, with the load that it brings to each desk."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from evenhand import scenarios, sim
from evenhand.locale.current import gettext
from evenhand.locale.formats import numerals
from evenhand.scenarios import BACK, BadFile, Loaded, check_text
from evenhand.scenarios.catalogue import find
from evenhand.scenarios.changes import base_of
from evenhand.scenarios.expected_load import DeskLoad, expected_load
from evenhand.studio.drafts import Conflict, Sheet, keep, may_undo, sheet, undo
from evenhand.studio.folder import ENDINGS, NoSuch, hash_of
from evenhand.studio.forms.fields import Look
from evenhand.studio.forms.market import SECTIONS, part, tabs, whole_lists
from evenhand.studio.forms.posted import Draft, apply, changes
from evenhand.studio.pages.editor import Asked, asked_of, conflict_page
from evenhand.studio.pages.home import shipped
from evenhand.studio.pages.page import got, page, posted, studio_of, text_of, to, written

RULES = "tmall"
"""Under which rules the load is told unless the user chooses others."""


class Load(NamedTuple):
    """The load of a desk in words."""

    said: str
    is_heavy: bool


class Beside(NamedTuple):
    """What stands beside the form: changes, mistakes, and the load of the desks."""

    sheet: Sheet | None
    problems: tuple[scenarios.Problem, ...]
    loads: list[Load]
    rules: str
    misfit: tuple[str, ...]


@got
def show(request: Request) -> Response:
    """The form of a market of the user's."""
    name = request.path_params["name"]
    folder = studio_of(request).folder
    text = folder.text(name)
    found = check_text(text, name, None, folder.path).loaded
    if found is None or found.kind != "scenario":
        return to(f"/file/{name}" if found is None else f"/policy/{name}")
    return _form(request, name, text)


@got
def show_shipped(request: Request) -> Response:
    """The form of a shipped market, to read and to copy."""
    name = request.path_params["name"]
    if name not in {one.name for one in shipped("scenario")}:
        raise NoSuch(name)
    path = find(name, "scenario")
    text = path.read_text(encoding="utf-8")
    loaded = scenarios.read(name, "scenario")
    base = base_of(text, path.name, "scenario", path.parent)
    return _page(request, name, text, Look(loaded, base), _beside_shipped(request, loaded), is_shipped=True)


@posted
def act(request: Request, form: FormData) -> Response:
    """Save the section, and go on to another; or only look at it."""
    studio, asked = studio_of(request), asked_of(request, form)
    action = text_of(form, "action", "save")
    if action == "undo":
        undo(studio, asked.name)
        return to(f"/market/{asked.name}?part={_part(request)}")
    draft = _draft(request, asked, text_of(form, "back"))
    if draft.problems:
        return _again(request, asked, draft, _rules(request, form))
    if action == "look":
        return _form(request, asked.name, draft.text, seen=asked.seen, rules=_rules(request, form))
    try:
        keep(studio, asked.name, draft.text, asked.seen, text_of(form, "over"))
    except Conflict as conflict:
        return conflict_page(request, asked.name, conflict)
    return to(f"/market/{asked.name}?part={_part(request)}&saved={hash_of(draft.text)[:8]}")


@posted
def look(request: Request, form: FormData) -> Response:
    """What stands beside the form, as it is filled in now."""
    asked = asked_of(request, form)
    draft = _draft(request, asked, "")
    beside = _beside(request, asked.name, draft.text, _rules(request, form), draft.problems)
    return HTMLResponse(written(request, "market_side.html", beside=beside, policies=_policies(request)))


def loads(market: sim.Scenario, rules: sim.Policy) -> list[Load]:
    """What each desk that the rules use gets at most, what it can do, and how many more it would take."""
    return [_load(one, market) for one in expected_load(market, rules)]


def _load(one: DeskLoad, market: sim.Scenario) -> Load:
    staff = getattr(market.desks, one.desk).staff
    said = gettext(
        "{desk} desk: up to {claims} cases a day come to it; its staff of {staff} has time for {possible}"
    )
    told = said.format(
        desk=gettext(one.desk.capitalize()),
        claims=numerals(f"{one.claims:.3g}"),
        staff=staff,
        possible=numerals(f"{one.possible:.3g}"),
    )
    more = ceil(staff * one.load) - staff
    if one.load <= 1:
        return Load(gettext("{told}. That is enough.").format(told=told), is_heavy=False)
    if one.talks:
        said = gettext("{told}: enough while at most {share} % go on to it; {more} more would do for all.")
    else:
        said = gettext("{told}: it cannot keep up. Add {more} staff.")
    share = numerals(f"{100 / one.load:.0f}")
    return Load(said.format(told=told, share=share, more=more), is_heavy=not one.talks)


def _form(request: Request, name: str, text: str, *, seen: str | None = None, rules: str = RULES) -> Response:
    found = sheet(studio_of(request).folder, name, text, "scenario")
    beside = _beside(request, name, text, rules, ())
    return _page(request, name, text, Look(found.loaded, found.base), beside, seen=seen)


def _page(
    request: Request,
    name: str,
    text: str,
    form_of: Look,
    beside: Beside,
    *,
    seen: str | None = None,
    is_shipped: bool = False,
    status: int = 200,
) -> Response:
    studio, hash_ = studio_of(request), studio_of(request).texts.keep(text)
    market = form_of.loaded.model
    described = " ".join(market.description.split())
    return page(
        request,
        "market.html",
        status,
        name=name,
        title=market.title or name,
        description=gettext(described) if described else "",
        base=form_of.base,
        tabs=tabs(form_of),
        part=part(form_of, _part(request)),
        seen=seen or hash_,
        is_saved=seen is None or seen == hash_,
        said=gettext("Saved.") if "saved" in request.query_params else "",
        is_shipped=is_shipped,
        may_undo=not is_shipped and may_undo(studio.folder, name, text),
        beside=beside,
        policies=_policies(request),
    )


def _beside(
    request: Request, name: str, text: str, rules: str, problems: tuple[scenarios.Problem, ...]
) -> Beside:
    if problems:
        return Beside(None, problems, [], rules, ())
    try:
        found = sheet(studio_of(request).folder, name, text, "scenario")
    except BadFile as error:
        return Beside(None, error.problems, [], rules, ())
    return _loaded_beside(request, found, found.loaded, rules)


def _beside_shipped(request: Request, loaded: Loaded) -> Beside:
    return _loaded_beside(request, None, loaded, request.query_params.get("rules", RULES))


def _loaded_beside(request: Request, found: Sheet | None, loaded: Loaded, rules: str) -> Beside:
    assert isinstance(loaded.model, sim.Scenario)
    try:
        policy = _policy(request, rules).model
        assert isinstance(policy, sim.Policy)
        return Beside(found, (), loads(loaded.model, policy), rules, ())
    except (BadFile, LookupError) as error:
        return Beside(found, (), [], rules, tuple(str(error).splitlines()))


def _policy(request: Request, name: str) -> Loaded:
    """Rules by the choice of the user. Raises BadFile, NoSuch."""
    folder = studio_of(request).folder
    return scenarios.read(folder.file(name) if name.endswith(ENDINGS) else name, "policy")


def _policies(request: Request) -> list[tuple[str, str]]:
    own = studio_of(request).folder.files()
    mine = [(one.name, one.title) for one in own if one.kind == "policy" and one.checked.loaded]
    return mine + [(one.name, one.title) for one in shipped("policy")]


def _part(request: Request) -> str:
    """The section that is asked for; the first where there is none of that name."""
    asked = request.query_params.get("part", "")
    return asked if asked in SECTIONS else next(iter(SECTIONS))


def _rules(request: Request, form: FormData) -> str:
    """Whose load is told: rules that can be read."""
    asked = text_of(form, "rules", RULES)
    return asked if asked in {name for name, _ in _policies(request)} else RULES


def _draft(request: Request, asked: Asked, back: str) -> Draft:
    """The text as it would become."""
    folder = studio_of(request).folder
    found = sheet(folder, asked.name, asked.before, "scenario")
    wanted = whole_lists(Look(found.loaded, found.base), changes(found.loaded, asked.typed))
    wanted |= {back: BACK} if back else {}
    return apply(asked.before, wanted, asked.name, folder.path)


def _again(request: Request, asked: Asked, draft: Draft, rules: str) -> Response:
    """The form as it was sent, with its mistakes."""
    found = sheet(studio_of(request).folder, asked.name, asked.before, "scenario")
    form_of = Look(found.loaded, found.base, asked.typed, draft.errors)
    beside = _beside(request, asked.name, asked.before, rules, draft.problems)
    return _page(request, asked.name, asked.before, form_of, beside, seen=asked.seen, status=422)


routes = [
    Route("/market/{name}", show, methods=["GET"]),
    Route("/market/{name}", act, methods=["POST"]),
    Route("/market/{name}/look", look, methods=["POST"]),
    Route("/shipped-market/{name}", show_shipped, methods=["GET"]),
]
