"""Starting and ending the studio: a port of this machine, packages that may be missing, Ctrl-C."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from evenhand.cli import studio as command
from evenhand.cli.main import app
from evenhand.errors import UsageError
from evenhand.studio import serve as serving


def test_a_port_that_is_taken_is_said_with_what_to_do():
    """The line names another port."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"--port: {port} is taken; try --port {port + 1}"):
            serving._listen(port)


def test_it_listens_to_this_machine_only():
    """No other machine can reach it, whatever it sends."""
    with serving._listen(0) as line:
        assert line.getsockname()[0] == "127.0.0.1"


def test_a_missing_extra_is_said_with_the_command_that_installs_it(monkeypatch):
    """The command is always there; what it needs may not be."""
    monkeypatch.setattr(command, "NEEDED", ("no_such_package",))
    with pytest.raises(UsageError, match="pip install 'evenhand\\[studio\\]'"):
        command.studio()


def test_a_file_is_no_folder(tmp_path):
    """What is served is a folder; one that is missing is made."""
    (tmp_path / "x").write_text("")
    with pytest.raises(UsageError, match="is no folder"):
        serving.serve(tmp_path / "x", 0, browser=False, lang=None)


def test_an_unknown_language_is_refused():
    """As everywhere, with those that there are."""
    result = CliRunner().invoke(app, ["studio", "--lang", "xx"])
    assert result.exit_code == 2
    assert "must be one of en, zh" in result.output


@pytest.mark.process
def test_ctrl_c_ends_it_and_all_its_processes(tmp_path):
    """One line, status 0, and nothing goes on behind it."""
    order = [sys.executable, "-m", "evenhand", "studio", str(tmp_path / "new"), "--port", "0", "--no-browser"]
    with subprocess.Popen(order, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        said = ""
        while "Ctrl-C" not in said:
            said += program.stdout.readline()
        assert "/?token=" in said
        program.send_signal(signal.SIGINT)
        _, errors = program.communicate(timeout=60)
    assert program.returncode == 0
    assert errors == "evenhand studio: ended; whole parts of runs are kept\n"
    assert (tmp_path / "new").is_dir()
