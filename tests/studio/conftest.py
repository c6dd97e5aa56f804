"""A studio without processes: its work is done by children that the tests hold in their hands."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path
from threading import Event, Thread

import pytest

from evenhand.jobs.event import Stopped
from evenhand.studio.folder import Folder
from evenhand.studio.guard import Session
from evenhand.studio.studio import Studio
from evenhand.studio.work.board import Board
from evenhand.studio.work.child import News, lines_of

pytest.importorskip("starlette", reason="the studio is an extra: pip install 'evenhand[studio]'")
pytest.importorskip("httpx2", reason="the test client of Starlette needs httpx2")
from starlette.testclient import TestClient

PORT = 8377
HOME = f"http://127.0.0.1:{PORT}"


class Process:
    """What a lane asks of a process."""

    def __init__(self) -> None:
        self.lives, self.exitcode = True, None

    def is_alive(self) -> bool:
        return self.lives

    def join(self, _: float | None = None) -> None:
        return


class Inside:
    """A child that carries orders out in a thread of the test."""

    def __init__(self, _: Path) -> None:
        self.line, self.theirs = Pipe()
        self.process, self.unwanted = Process(), Event()
        self.theirs.send(News("warm"))

    def give(self, order) -> None:
        self.unwanted.clear()
        Thread(target=self.carry_out, args=(order,), daemon=True).start()

    def carry_out(self, order) -> None:
        try:
            found = order.carry_out(
                lambda event: self.theirs.send(News("event", event)), self.unwanted.is_set
            )
            self.theirs.send(News("done", found))
        except Stopped:
            self.theirs.send(News("stopped"))
        except Exception as error:  # noqa: BLE001 (as the real child does)
            self.theirs.send(News("failed", lines_of(error)))

    def ask_to_stop(self) -> None:
        self.unwanted.set()

    def terminate(self) -> None:
        self.process.lives = False
        self.theirs.close()

    def end(self) -> None:
        self.process.lives = False


class Still(Inside):
    """A child that takes orders and never says anything."""

    def give(self, order) -> None:
        self.unwanted.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def studio(folder: Folder) -> Iterator[Studio]:
    """A studio whose jobs begin and never end."""
    made = Studio(folder, Session(PORT), board=Board(folder.path, Still))
    yield made
    made.close()


@pytest.fixture
def working(folder: Folder) -> Iterator[Studio]:
    """A studio whose jobs are done in this process."""
    made = Studio(folder, Session(PORT), board=Board(folder.path, Inside))
    yield made
    made.close()


def browser_of(studio: Studio) -> TestClient:
    """A browser that has opened the printed address."""
    from evenhand.studio.app import create_app

    client = TestClient(create_app(studio), base_url=HOME)
    assert client.get(f"/?token={studio.session.token}").status_code == 200
    client.headers["origin"] = HOME
    return client


@pytest.fixture
def client(studio: Studio) -> TestClient:
    return browser_of(studio)


def with_token(studio: Studio, **fields):
    return {"form_token": studio.session.form_token, **fields}
