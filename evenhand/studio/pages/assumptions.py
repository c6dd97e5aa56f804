"""`/assumptions`: what is believed about the market, what holds whatever is so, and where it flips."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand import scenarios
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.robust.running import DETAILED, SHOWN_ALONE
from evenhand.errors import UsageError, refused
from evenhand.jobs.robust_order import Order, check
from evenhand.locale.current import gettext, tag
from evenhand.parallel.pool import Asked as Workers
from evenhand.scenarios import BadFile, Loaded
from evenhand.scenarios.belief_file import beliefs_of
from evenhand.scenarios.beliefs import Belief, Beliefs
from evenhand.scenarios.keys import content_key
from evenhand.sim import DoesNotFit
from evenhand.studio.folder import Folder, NoSuch
from evenhand.studio.pages import asked as forms
from evenhand.studio.pages.page import Refused, got, number_of, page, posted, studio_of, text_of, to
from evenhand.studio.previews import market_of
from evenhand.studio.studies import Study, studies, study
from evenhand.studio.work.studies import RobustOrder

FUTURES, WORLDS, STARTS = 128, 2, 4
MEASURES = 2


class Filled(NamedTuple):
    """What the form holds beside what all studies share."""

    metrics: tuple[str, ...]
    limits: list[tuple[str, str, str]]
    futures: str


USUAL = Filled(("wrongful_denial_rate", ""), forms.NO_LIMITS, str(FUTURES))


class Row(NamedTuple):
    """A belief: its plausible ends, how much depends on it, and where the conclusion flips."""

    title: str
    low: str
    high: str
    because: str
    rank: str
    break_even: str


@got
def show(request: Request) -> Response:
    """The beliefs and the form, with the rules of the address chosen."""
    asked = forms.first(request)
    chosen = asked.policies if len(asked.policies) > 1 else _two(asked.policies)
    return _page(request, asked._replace(policies=chosen), USUAL)


def _two(chosen: tuple[str, ...]) -> tuple[str, ...]:
    return ("tmall", *chosen) if chosen and chosen[0] != "tmall" else ("tmall", "wechat_shop_2024")


@posted
def order(request: Request, form: FormData) -> Response:
    """Check what is asked for, and have it done."""
    studio = studio_of(request)
    asked = forms.read(form)
    rows, whole = forms.limits(form)
    metrics = tuple(text_of(form, f"metric{number}") for number in range(MEASURES))
    filled = Filled(metrics, rows, text_of(form, "futures"))
    if text_of(form, "action") == "look":
        return _page(request, asked, filled)
    try:
        days, seed = forms.numbers(form)
        chosen = [one for one in dict.fromkeys(metrics) if one]
        forms.needed(chosen, gettext("Choose at least one measure."))
        wanted = Order(
            [forms.path_of(studio.folder, one) for one in asked.policies],
            forms.path_of(studio.folder, asked.market),
            chosen,
            None,
            number_of(form, "futures", gettext("Futures")) or FUTURES,
            WORLDS,
            STARTS,
            (),
            whole,
            None,
            days,
            seed,
            "auto",
            open_loop=False,
            cohort=None,
            asked=Workers(),
        )
        with refused():
            check(wanted)
        made = RobustOrder(wanted, forms.out_of(studio.folder, asked, "assumptions"), tag())
    except (BadFile, DoesNotFit, UsageError, NoSuch, Refused) as error:
        return _page(request, asked, filled, forms.said(error), 422)
    title = gettext("Plausible futures: {rules} in {market}").format(
        rules=", ".join(Path(one).stem for one in asked.policies), market=Path(asked.market).stem
    )
    return to(f"/job/{studio.board.order(title, made).key}")


def _page(
    request: Request, asked: forms.Asked, filled: Filled, said: list[str] | None = None, status: int = 200
) -> Response:
    folder = studio_of(request).folder
    read = _read(folder, asked)
    stored = studies(folder, "assumptions")
    rows, by, counts, about = [], None, (0, 0), ""
    if read is not None:
        market, beliefs = read
        by = _latest(stored, content_key(market.model))
        rows, counts = ranked(beliefs, by), (beliefs.moved, beliefs.assumed)
        about = _time(market, len(beliefs), filled, max(len(asked.policies), 2))
    return page(
        request,
        "assumptions.html",
        status,
        **forms.shared(request, asked),
        rows=rows,
        by=by,
        counts=counts,
        metrics=filled.metrics,
        measures=forms.measures(),
        limit_rows_filled=filled.limits,
        futures=filled.futures,
        said=said or [],
        about=about,
        studies=stored,
    )


def _read(folder: Folder, asked: forms.Asked) -> tuple[Loaded, Beliefs] | None:
    """The market and the beliefs about it, where it can be read."""
    try:
        market = market_of(folder, asked.market)
        rules = []
        for one in asked.policies:
            with suppress(BadFile, LookupError):
                rules.append(scenarios.read(forms.path_of(folder, one), "policy"))
        return market, beliefs_of(market, rules)
    except (BadFile, LookupError):
        return None


def _time(market: Loaded, beliefs: int, filled: Filled, rules: int) -> str:
    points = forms.whole(filled.futures, FUTURES) + STARTS * (beliefs + 4) + 2 * (SHOWN_ALONE + DETAILED)
    return forms.time(market.model, points * WORLDS * rules, None)  # type: ignore[arg-type]  # a scenario


def _latest(stored: list[Study], key: str) -> Study | None:
    """The latest study of a market as it is now."""
    for one in stored:
        about = one.data.get("scenario")
        if one.is_done and isinstance(about, dict) and about.get("key") == key:
            return one
    return None


def ranked(beliefs: Beliefs, by: Study | None) -> list[Row]:
    """Beliefs, the most influential of a study first; in their own order where none was made."""
    weight: dict[str, tuple[float, bool]] = {}
    flips: dict[str, float] = {}
    for answer in (by.data.get("answers") or []) if by else []:
        with suppress(KeyError, TypeError, ValueError, AttributeError):
            _weigh(answer, weight, flips)
    order = sorted(beliefs.beliefs, key=lambda one: -weight.get(one.name, (-1.0, False))[0])
    return [_row(one, place, weight.get(one.name), flips.get(one.name)) for place, one in enumerate(order, 1)]


def _weigh(answer: Any, weight: dict[str, tuple[float, bool]], flips: dict[str, float]) -> None:
    """Take in the effects of an answer, in multiples of what luck alone shows."""
    floor, above = float(answer["floor"] or 0), set(answer["above_floor"])
    for name, (size, _) in answer["effects"].items():
        times = float(size) / floor if floor > 0 else float(size)
        was, sure = weight.get(name, (0.0, False))
        weight[name] = max(was, times), sure or name in above
    for name, curve in answer["alone"].items():
        if curve["break_even"] is not None:
            flips.setdefault(name, float(curve["break_even"]))


def _row(one: Belief, place: int, weight: tuple[float, bool] | None, flip: float | None) -> Row:
    low, high = (gettext(end) for end in one.ends())
    rank = "" if weight is None else str(place) if weight[1] else gettext("no more than luck")
    even = "" if flip is None else one.written(flip)
    because = gettext(one.because) if one.because else ""
    return Row(gettext(one.title), low, high, because, rank, even)


class Answer(NamedTuple):
    """What futures say of one measure and one policy."""

    measure: str
    policy: str
    sentence: str
    better: str
    worse: str
    within: str
    luck: str


@got
def found(request: Request) -> Response:
    """A study: its sentences, its numbers, its page."""
    folder = studio_of(request).folder
    one = study(folder, request.path_params["name"], "assumptions")
    if not one.is_done:
        return page(request, "study_unfinished.html", study=one)
    try:
        answers = [_answer(one, each) for each in one.data["answers"]]
        facts = {key: int(one.data[key]) for key in ("futures", "worlds", "seed")}
        beliefs = {key: int(one.data["beliefs"][key]) for key in ("count", "moved", "assumed")}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused(gettext("this study is damaged"), 404) from None
    worst = sorted(path.name for path in one.path.glob("worst-*.yaml"))
    return page(
        request, "assumption.html", study=one, answers=answers, facts=facts, beliefs=beliefs, worst=worst
    )


def _answer(one: Study, answer: dict[str, Any]) -> Answer:
    metric = str(answer["metric"])
    title = gettext(METRICS[metric].title) if metric in METRICS else metric
    better, worse, within = (_share(answer[name]) for name in ("better", "worse", "within"))
    policy, luck = str(answer["policy"]), answer.get("luck")
    percent = "–" if luck is None else f"{100 * float(luck):.0f} %"
    return Answer(title, policy, str(one.spoken(answer["sentence"])), better, worse, within, percent)


def _share(share: dict[str, Any]) -> str:
    if share["value"] is None:
        return "–"
    value, low, high = (100 * float(share[name]) for name in ("value", "low", "high"))
    return gettext("{value} % ({low} to {high} %)").format(
        value=f"{value:.0f}", low=f"{low:.0f}", high=f"{high:.0f}"
    )


routes = [
    Route("/assumptions", show, methods=["GET"]),
    Route("/assumptions", order, methods=["POST"]),
    Route("/assumptions/{name}", found, methods=["GET"]),
]
