"""`/open`: a study of another machine comes into the folder, and is run again to compare every number."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import quote, urlencode

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand.analysis.runs.scratch import scratch
from evenhand.locale.current import gettext
from evenhand.studio.folder import NoSuch, result
from evenhand.studio.pages.home import title_of
from evenhand.studio.pages.page import Refused, got, page, posted, studio_of, to, uploaded
from evenhand.studio.study_file import archive_of, open_study
from evenhand.studio.work.orders import CheckOrder


@uploaded
def take(request: Request, form: FormData) -> Response:
    """Look at the file, and put what it holds into the folder."""
    sent = form.get("study")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Refused(gettext("choose the file of a study"), 422)
    with scratch() as home:
        archive: Path = home / "study.zip"
        with archive.open("wb") as file:
            shutil.copyfileobj(sent.file, file)
        stem = Path(sent.filename.replace("\\", "/")).name.removesuffix(".zip").removesuffix(".study")
        found = open_study(studio_of(request).folder, archive, stem)
    said = [*(("put", one) for one in found.put), *(("left", one) for one in found.left)]
    query = f"?{urlencode(said)}" if said else ""
    return to(f"/study/{quote(found.name, safe='')}{query}")


@got
def show(request: Request) -> Response:
    """What was opened, and that it can be run again."""
    found = result(studio_of(request).folder.run(request.path_params["name"]))
    if found.manifest is None:
        raise NoSuch(found.name)
    query = request.query_params
    return page(
        request,
        "study.html",
        result=found,
        title=title_of(found),
        put=query.getlist("put"),
        left=query.getlist("left"),
    )


@posted
def check(request: Request, form: FormData) -> Response:
    """Run it again and compare every number, as `evenhand bundle --check` does."""
    studio, name = studio_of(request), request.path_params["name"]
    archive = archive_of(studio.folder, name)
    title = gettext("{name}, run again").format(name=name)
    job = studio.board.order(title, CheckOrder(archive, name, studio.choices.lang))
    return to(f"/job/{job.key}")


routes = [
    Route("/open", take, methods=["POST"]),
    Route("/study/{name}", show, methods=["GET"]),
    Route("/study/{name}/check", check, methods=["POST"]),
]
