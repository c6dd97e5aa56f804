"""Starts the studio: a socket on this machine only, the address, a browser, and a clean end."""

from __future__ import annotations

import errno
import socket
import sys
import webbrowser
from pathlib import Path
from threading import Thread

import uvicorn

from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.studio.app import create_app
from evenhand.studio.folder import Folder
from evenhand.studio.guard import Session
from evenhand.studio.studio import Studio

PORT = 8377
PATIENCE = 1
"""Seconds that open answers have at the end."""


def serve(folder: Path, port: int, *, browser: bool, lang: str | None) -> None:
    """Serve a folder, made where it is missing, until Ctrl-C. Raises UsageError, OSError."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(gettext("studio: '{folder}' is no folder").format(folder=folder))
    folder.mkdir(parents=True, exist_ok=True)
    line = _listen(port)
    session = Session(line.getsockname()[1])
    studio = Studio(Folder(folder), session, lang)
    config = uvicorn.Config(
        create_app(studio),
        log_level="error",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=PATIENCE,
    )
    server = uvicorn.Server(config)
    # in a thread of its own uvicorn leaves the signals alone: ours are heard here
    thread = Thread(target=server.run, kwargs={"sockets": [line]}, daemon=True)
    thread.start()
    where = f"evenhand studio: {folder.resolve()}\n\n  {session.address}\n\n"
    try:
        print(where + gettext("Ctrl-C ends it."), flush=True)  # noqa: T201
        if browser:
            webbrowser.open(session.address)
        while thread.is_alive():
            thread.join(0.5)
    except KeyboardInterrupt:
        print(gettext("evenhand studio: ended; whole parts of runs are kept"), file=sys.stderr, flush=True)  # noqa: T201
    finally:
        studio.closing = server.should_exit = True
        studio.close()
        thread.join(2 * PATIENCE + 1)
        line.close()


def _listen(port: int) -> socket.socket:
    """A socket of this machine that nobody else has. Raises UsageError."""
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let two programs have one port
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind(("127.0.0.1", port))
        line.listen(64)
    except OSError as error:
        line.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            taken = error.errno == errno.EADDRINUSE
            said = (
                gettext("--port: {port} is taken; try --port {next}, or 0 for any that is free")
                if taken
                else gettext(
                    "--port: {port} is not for you to take; try --port {next}, or 0 for any that is free"
                )
            )
            raise UsageError(said.format(port=port, next=port + 1)) from None
        raise
    return line
