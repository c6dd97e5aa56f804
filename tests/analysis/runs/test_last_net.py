"""Whatever goes wrong is a line and an exit status, and Ctrl-C is heard in whatever the program waits."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from numba.core.caching import IndexDataCacheFile

from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.database import connect, interruptible
from evenhand.cli import errors as failures
from evenhand.sim.jit.mended import Mended, NotCompiled
from tests.support.app_files import PATIENCE, ROOT, finished, write_files

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and closed streams are those of POSIX")
NOTEBOOK = """
import sys, types
shell = types.ModuleType("IPython")
shell.get_ipython = lambda: types.SimpleNamespace(config={"IPKernelApp": {}})
sys.modules["IPython"] = shell
sys.modules["ipywidgets"] = None
from evenhand import analysis
print(*analysis.open_runs("r").sql("select 1 as one").rows())
"""
"""What DuckDB takes for a notebook that has no ipywidgets."""


SMALL_RUN = ("run", "rules.yaml", "--scenario", "world.yaml", "--days", "20", "--out", "made")


def evenhand(
    folder: Path, *words: Any, before: str = "", limits: str = "", **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run the command by a shell, with the redirections `before` and after it has set its `limits`."""
    command = f'{limits} exec "$0" "$@" {before}'
    return subprocess.run(
        ["sh", "-c", command, sys.executable, "-m", "evenhand", *words],
        cwd=folder,
        text=True,
        encoding="utf-8",
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **extra},
        check=False,
        timeout=120,
    )


@pytest.fixture
def cached(tmp_path: Path) -> Mended:
    """A function's files with one entry, as Numba writes them."""
    files = Mended(str(tmp_path), "f", ("stamp", 1))
    files.save("key", {"code": b"machine code" * 50})
    return files


def _damages() -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    yield "empty", lambda _: b""
    yield "cut", lambda held: held[: len(held) // 2]
    yield "flipped", lambda held: held[:-1] + bytes([held[-1] ^ 1])


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
@pytest.mark.parametrize(("damage"), [d for _, d in _damages()], ids=[name for name, _ in _damages()])
def test_damaged_machine_code_is_thrown_away(
    cached: Mended, tmp_path: Path, suffix: str, damage: Callable[[bytes], bytes]
) -> None:
    """It is found missing and compiled anew, where Numba alone ends in EOFError or runs what is there."""
    assert cached.load("key") == {"code": b"machine code" * 50}
    file = next(tmp_path.glob(f"*{suffix}"))
    file.write_bytes(damage(file.read_bytes()))
    assert cached.load("key") is None
    assert not file.exists()
    cached.save("key", "anew")
    assert cached.load("key") == "anew"


def test_files_that_numba_wrote_itself_are_not_trusted(tmp_path: Path) -> None:
    """They carry no checksum."""
    IndexDataCacheFile(str(tmp_path), "f", ("stamp", 1)).save("key", "code")
    assert Mended(str(tmp_path), "f", ("stamp", 1)).load("key") is None


def test_an_end_of_file_is_no_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typer takes EOFError for Ctrl-C; here it is an error like any other."""
    from typer.testing import CliRunner

    from evenhand.cli.main import app

    def ends(**_: object) -> None:
        raise EOFError("Ran out of input")

    monkeypatch.setattr("evenhand.cli.catalogue.print_draws", ends)
    told = CliRunner().invoke(app, ["draws"])
    assert told.exit_code == failures.FAILED
    assert "EOFError: Ran out of input" in told.stderr
    assert "interrupted" not in told.stderr


@pytest.mark.parametrize(
    ("error", "said", "status"),
    [
        (KeyError(1), "an error that should not happen: KeyError: 1", failures.FAILED),
        (ImportError("x.so: failed to map segment"), "out of memory", failures.FAILED),
        (RuntimeError("can't start new thread"), "out of memory", failures.FAILED),
        (OSError(errno.ENOSPC, "No space left on device", "a/b.csv"), "a/b.csv: No space", failures.FAILED),
        (failures.UsageError("title \x1b[31mred"), r"title \x1b[31mred", failures.BAD_INPUT),
        (NotCompiled("NUMBA_DISABLE_JIT is set"), "NUMBA_DISABLE_JIT is set", failures.BAD_INPUT),
    ],
)
def test_every_failure_is_one_line(
    error: Exception, said: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, nothing that moves a cursor, and what to do where something can be done."""
    assert failures.tell(error) == status
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert said in lines[0]


def test_a_traceback_is_there_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line says how: by a variable of the environment."""
    monkeypatch.setenv("EVENHAND_TRACEBACK", "1")
    with pytest.raises(KeyError):
        failures.tell(KeyError(1))


def test_a_full_disk_is_told_with_the_file(tmp_path: Path) -> None:
    """The system names no file that is open already."""
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OSError, match="No space") as told, whole(tmp_path / "out.csv"):
        raise full
    assert told.value.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []


@pytest.mark.process
@POSIX
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_stop_no_command(tmp_path: Path, closed: str) -> None:
    """What is opened next must not get their numbers, and no command needs them."""
    done = evenhand(tmp_path, "list", before=closed)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (">&-" not in closed.replace("2>&-", ""))


@POSIX
def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """It could be written into no manifest; that is said before the work."""
    done = evenhand(tmp_path, "run", os.fsdecode(b"\xff.yaml"))
    assert done.returncode == failures.BAD_INPUT
    assert done.stderr == r"evenhand: '\xff.yaml': is not text in UTF-8; rename the file or folder" + "\n"


@pytest.mark.process
def test_without_compiled_code_the_program_says_why(tmp_path: Path) -> None:
    """NUMBA_DISABLE_JIT is a variable of Numba's that debuggers leave behind."""
    done = evenhand(tmp_path, "run", "tmall", NUMBA_DISABLE_JIT="1")
    assert done.returncode == failures.BAD_INPUT
    assert done.stderr.startswith("evenhand: NUMBA_DISABLE_JIT is set")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.process
def test_runs_open_in_a_notebook_without_widgets(tmp_path: Path) -> None:
    """DuckDB would draw its progress with them, and refuses to be told not to."""
    finished(tmp_path / "r", replications=1, days=20)
    done = subprocess.run(
        [sys.executable, "-c", NOTEBOOK],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (0, "(1,)\n"), done.stderr


@pytest.mark.process
def test_a_report_needs_no_backend(tmp_path: Path) -> None:
    """Figures are drawn into files; what notebooks leave in MPLBACKEND may not be installed here."""
    code = "from matplotlib.figure import Figure; from evenhand.analysis.charts.file import save, svg"
    code += "; import pathlib"
    code += "; f = Figure(); f.subplots().plot([1, 2]); svg(f); save(f, pathlib.Path('a.png'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "module://no_such_package.backend"},
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.png").is_file()


@pytest.mark.process
@pytest.mark.parametrize(
    "backend", ["module://no_such_package.backend", "module://matplotlib_inline.backend_inline", "nonsense"]
)
def test_a_whole_run_needs_no_backend(backend: str, tmp_path: Path) -> None:
    """Everything that a run imports on its way to the report is spared it, and names that it refuses."""
    write_files(tmp_path)
    done = evenhand(tmp_path, *SMALL_RUN, "--engine", "simpy", MPLBACKEND=backend)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "made" / "report.html").is_file()


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit, or do not keep it")
def test_too_little_memory_is_told_in_a_line(tmp_path: Path) -> None:
    """Libraries fail to load or to start threads, each in words of its own; or it is enough.

    Where memory for a thread's own data is short, the C library ends the process itself, with a line.
    """
    write_files(tmp_path)
    done = evenhand(tmp_path, *SMALL_RUN, limits="ulimit -v 700000;")
    assert "Traceback" not in done.stderr
    told = {failures.FAILED: "evenhand: out of memory", 127: "cannot allocate memory"}
    if done.returncode:
        assert done.stderr.splitlines()[-1].startswith(told[done.returncode])


@POSIX
def test_ctrl_c_stops_a_database() -> None:
    """A question that would take for ever ends at the signal, and the database can be asked again."""
    with connect() as database:
        many = "range(10000000000)"
        endless = f"select count(*) from {many} a, {many} b where a.range + b.range < 0"

        def ask() -> None:
            os.kill(os.getpid(), signal.SIGINT)
            database.execute(endless)

        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with pytest.raises(KeyboardInterrupt):
                interruptible(database, ask)
        finally:
            signal.signal(signal.SIGINT, before)
        assert interruptible(database, lambda: database.execute("select 1").fetchone()) == (1,)


BUSY = """
import hashlib, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from evenhand.cli.interrupts import watch
watch()
print("ready", flush=True)
while True:
    try:
        hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)
    except KeyboardInterrupt:
        pass  # it came on the way into C, and was heard
"""
"""Half an hour in C, on which no signal has an effect."""


@pytest.mark.process
@POSIX
def test_ctrl_c_is_heard_where_python_does_not_hear_it() -> None:
    """Code in C that goes on after the signal, as a compiler does, is ended by the watching thread."""
    busy = subprocess.Popen(
        [sys.executable, "-c", BUSY],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert busy.stdout is not None
    assert busy.stdout.readline() == "ready\n"
    time.sleep(0.5)  # so that it is in C as a rule; where it is not, it is asked again
    ends = time.monotonic() + PATIENCE
    while busy.poll() is None and time.monotonic() < ends:
        busy.send_signal(signal.SIGINT)
        time.sleep(0.5)
    _, errors = busy.communicate(timeout=120)
    assert (busy.returncode, errors) == (failures.INTERRUPTED, "evenhand: interrupted\n")
