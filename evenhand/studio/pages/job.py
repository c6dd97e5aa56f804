"""`/job/KEY`: how far a job is; the page may be closed, loaded again, and opened twice."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand.analysis.runs.steps import WORDS
from evenhand.jobs.event import Event
from evenhand.locale.current import gettext
from evenhand.studio.folder import NoSuch
from evenhand.studio.pages.page import got, page, posted, stream, studio_of, to, written
from evenhand.studio.studies import has_points
from evenhand.studio.work.job import Job
from evenhand.studio.work.orders import ResumeOrder


class Row(NamedTuple):
    """A stage of a job."""

    title: str
    done: int
    total: int
    is_over: bool


@got
def show(request: Request) -> Response:
    """The job, and the stream that keeps it up to date."""
    job = _job(request)
    return page(request, "job.html", job=job, part=_part(request, job))


async def events(request: Request) -> Response:
    """The job as it goes on."""
    if studio_of(request).board.job(request.path_params["key"]) is None:
        return Response("", 204)
    return await stream(request, partial(_tell, request))


@posted
def stop(request: Request, form: FormData) -> Response:
    """Stop it; whole parts are kept."""
    job = _job(request)
    studio_of(request).board.stop(job.key)
    return to(f"/job/{job.key}")


@posted
def resume(request: Request, form: FormData) -> Response:
    """Go on with a run that was stopped, here or in a terminal."""
    studio, name = studio_of(request), request.path_params["name"]
    place = studio.folder.run(name)
    job = studio.board.order(
        gettext("{name}, the rest of it").format(name=name), ResumeOrder(place, studio.choices.lang)
    )
    return to(f"/job/{job.key}")


@posted
def again(request: Request, form: FormData) -> Response:
    """Do what was stopped once more: a study goes on with what is kept in its folder."""
    job, studio = _job(request), studio_of(request)
    if job.state != "stopped":
        return to(f"/job/{job.key}")
    return to(f"/job/{studio.board.order(job.title, job.order).key}")


def stages(job: Job) -> list[Row]:
    """The stages that have begun, in the language in force."""
    every = list(job.stages.values())
    return [Row(said(one), one.done, one.total, one is not every[-1] or job.state == "done") for one in every]


def said(event: Event) -> str:
    """A step in the language in force."""
    return gettext(WORDS[event.message]).format(**event.parameters)


def _tell(request: Request) -> tuple[int, str, bool]:
    job = _job(request)
    seconds = int(job.seconds) if job.state in ("running", "stopping") else 0
    place = studio_of(request).board.place_of(job) if job.state == "waiting" else 0
    return job.version * 1_000_000 + seconds * 10 + place, _part(request, job), job.has_ended


def _part(request: Request, job: Job) -> str:
    board = studio_of(request).board
    place = board.place_of(job) if job.state == "waiting" else 0
    kept = job.kept.parameters.get("folder", "") if job.kept else ""
    name = str(kept).replace("\\", "/").rpartition("/")[2]
    return written(
        request,
        "job_part.html",
        job=job,
        rows=stages(job),
        place=place,
        kept=said(job.kept) if job.kept else "",
        goes_on=has_points(getattr(job.order, "out", None)),
        kept_name=name if job.kept and job.kept.message == "kept_replications" else "",
        is_warm=board.heavy.warm,
    )


def _job(request: Request) -> Job:
    """Raises NoSuch."""
    found = studio_of(request).board.job(request.path_params["key"])
    if found is None:
        raise NoSuch(request.path_params["key"])
    return found


routes = [
    Route("/job/{key}", show, methods=["GET"]),
    Route("/job/{key}/events", events, methods=["GET"]),
    Route("/job/{key}/stop", stop, methods=["POST"]),
    Route("/job/{key}/again", again, methods=["POST"]),
    Route("/runs/{name}/resume", resume, methods=["POST"]),
]
