"""Checksums: what was changed after it was written is not read as if it were a result."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand import analysis
from evenhand.analysis.eventlog import BadLog, open_run_log
from evenhand.analysis.runs.digest import sealed
from evenhand.analysis.runs.folder import TABLES, BadRun
from evenhand.analysis.runs.stored import open_stored
from evenhand.cli.main import app
from evenhand.errors import UsageError
from evenhand.storage import plan as planning
from evenhand.storage.run_dir import open_run
from tests.support.app_files import finished, write_files
from tests.support.often import often

FIRST, SECOND = "parts/000000-000000", "parts/000001-000001"
READERS: dict[str, Callable[[Path], object]] = {
    "query": analysis.open_runs,
    "whole": open_run,
    "pieces": open_stored,
    "log": open_run_log,
}
COMMANDS: dict[str, tuple[str, ...]] = {
    "query": ("query", "RUN", "select count(*) from disputes"),
    "export": ("export", "RUN", "--to", "csv", "--out", "-"),
    "conform": ("conform", "RUN"),
    "explain": ("explain", "RUN", "1"),
    "fairness": ("fairness", "RUN", "--measure", "voice"),
    "report": ("report", "--stress-des", "RUN"),
}


def evenhand(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)


def begun(place: Path, name: str, *more: str, strict: bool = False) -> Path:
    """A run of three parts that stopped before its report."""
    rules = {"name": "strict", "decision": {"standard": 0.7}} if strict else None
    write_files(place, None, rules)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setitem(planning.GRIEVANCES_A_JOB, "simpy", 1)
        patch.setattr(
            "evenhand.analysis.report.write", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "full"))
        )
        done = evenhand(
            "run",
            "rules.yaml",
            "--scenario",
            "world.yaml",
            "--days",
            "20",
            "--replications",
            "3",
            "--engine",
            "simpy",
            "--workers",
            "1",
            "--out",
            name,
            *more,
        )
    assert done.exit_code == 1, done.output
    assert len(list((place / name / "parts").iterdir())) == 3
    return place / name


@pytest.fixture(scope="module")
def originals(tmp_path_factory) -> dict[str, Path]:
    """Three unfinished runs, of two seeds and two policies, and the first of them finished."""
    place = Path(tmp_path_factory.mktemp("runs"))
    found = {
        "half": begun(place, "half"),
        "seed": begun(place, "seed", "--seed", "2"),
        "policy": begun(place, "policy", strict=True),
    }
    found["whole"] = Path(shutil.copytree(found["half"], place / "whole"))
    assert evenhand("run", "--resume", found["whole"]).exit_code == 0
    return found


@pytest.fixture
def copied(originals, tmp_path) -> Callable[[str], Path]:
    """A copy of one of them, to be spoilt."""
    return lambda name: Path(shutil.copytree(originals[name], tmp_path / name))


def flip(path: Path, at: float) -> None:
    """Turn one bit over, at a share of the file's length."""
    content = bytearray(path.read_bytes())
    content[int(at * (len(content) - 1))] ^= 4
    path.write_bytes(content)


def spoil(run: Path, how: str, originals: dict[str, Path]) -> Path:
    """Do to a run what disks and people do; gives what a message must name."""
    first, second = run / FIRST, run / SECOND
    if how in {"seed", "policy"}:
        shutil.rmtree(first)
        shutil.copytree(originals[how] / FIRST, first)
    elif how == "swapped":
        first.rename(run / "aside")
        second.rename(first)
        (run / "aside").rename(second)
    elif how == "doubled":
        shutil.rmtree(second)
        shutil.copytree(first, second)
        return second
    elif how == "stranger's":
        shutil.copytree(first, run / "parts/000003-000003")
        return run / "parts/000003-000003"
    elif how == "a file of another seed":
        shutil.copy(originals["seed"] / FIRST / "events-000.parquet", first)
        return first / "events-000.parquet"
    elif how == "zeroed":
        (first / "disputes-000.parquet").write_bytes(bytes((first / "disputes-000.parquet").stat().st_size))
        return first / "disputes-000.parquet"
    elif how == "cut":
        (first / "desks-000.parquet").write_bytes((first / "desks-000.parquet").read_bytes()[:-9])
        return first / "desks-000.parquet"
    elif how == "one more":
        shutil.copy(first / "events-000.parquet", first / "events-001.parquet")
        return first / "events-001.parquet"
    elif how == "gone":
        (first / "merchants-000.parquet").unlink()
        return first / "merchants-000.parquet"
    else:
        (first / "seal.json").unlink()
        return first / "seal.json"
    return first


FOREIGN = ("seed", "policy", "swapped", "doubled", "stranger's")
BROKEN = ("a file of another seed", "zeroed", "cut", "one more", "gone", "unsealed")


@pytest.mark.process
@pytest.mark.parametrize("how", often([*FOREIGN, *BROKEN], {"seed", "swapped", "zeroed", "unsealed"}))
@pytest.mark.parametrize("reader", READERS)
def test_no_reader_takes_a_run_with_a_part_that_is_not_its_own(reader, how, copied, originals):
    """Whatever was done to a part, a result from it is a result of nothing; the message names the place."""
    run = copied("whole")
    named = spoil(run, how, originals)
    with pytest.raises((BadRun, UsageError, BadLog)) as refused:
        READERS[reader](run)
    assert str(named) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("how", FOREIGN)
def test_a_part_of_another_run_is_not_resumed_with(how, copied, originals):
    """It is refused and left where it is, because somebody put it there."""
    run = copied("half")
    named = spoil(run, how, originals)
    done = evenhand("run", "--resume", run)
    assert done.exit_code == 2
    (line,) = [line for line in done.stderr.splitlines() if "take it away" in line]
    assert str(named) in line
    assert named.is_dir()
    assert not (run / "manifest.json").exists()


@pytest.mark.process
@pytest.mark.parametrize("how", BROKEN)
def test_a_damaged_part_is_done_anew_and_the_run_is_what_it_would_be(how, copied, originals):
    """The work that is lost is one part; a line says so, and every byte comes out as it was."""
    run = copied("half")
    named = spoil(run, how, originals)
    done = evenhand("run", "--resume", run)
    assert done.exit_code == 0, done.output
    (line,) = [line for line in done.stderr.splitlines() if "done anew" in line]
    assert str(named) in line
    assert bytes_of(run) == bytes_of(originals["whole"])


@pytest.mark.process
@pytest.mark.parametrize("how", often([*BROKEN, "part gone", "manifest"], {"cut"}))
def test_a_finished_run_that_was_damaged_is_made_whole_again(how, copied, originals):
    """The plan beside it says how; every byte comes out as it was, and readers are told of it."""
    run = copied("whole")
    if how == "part gone":
        shutil.rmtree(run / SECOND)
    elif how == "manifest":
        edit(run / "manifest.json", lambda manifest: manifest.update(seed=7))
    else:
        spoil(run, how, originals)
    refused = evenhand("query", run, "select 1 from runs")
    assert (refused.exit_code, f"evenhand run --resume {run} does anew" in refused.stderr) == (2, True)
    done = evenhand("run", "--resume", run)
    assert done.exit_code == 0, done.output
    assert f"'{run}' is not as it was written; what is damaged is done anew" in done.stderr
    assert bytes_of(run) == bytes_of(originals["whole"])


@pytest.mark.parametrize("how", FOREIGN)
def test_a_part_of_another_run_in_a_finished_one_is_left_to_who_put_it_there(how, copied, originals):
    """Neither it nor the manifest is touched."""
    run = copied("whole")
    named = spoil(run, how, originals)
    before = bytes_of(run)
    done = evenhand("run", "--resume", run)
    assert done.exit_code == 2
    assert f"'{named}'" in done.stderr
    assert "take it away to go on" in done.stderr
    assert bytes_of(run) == before


def test_a_damaged_run_whose_plan_is_damaged_too_is_refused(copied):
    """Nothing says any more how it was made."""
    run = copied("whole")
    for name in ("plan.json", "manifest.json"):
        edit(run / name, lambda document: document.update(seed=7))
    before = bytes_of(run)
    done = evenhand("run", "--resume", run)
    assert done.exit_code == 2
    assert "manifest.json' is not as it was written" in done.stderr
    assert "it cannot be done anew" in done.stderr
    assert bytes_of(run) == before


def bytes_of(run: Path) -> dict[str, bytes]:
    return {str(path.relative_to(run)): path.read_bytes() for path in run.rglob("*") if path.is_file()}


@pytest.mark.process
def test_every_bit_of_a_run_is_looked_at(copied, originals):
    """Two of three flips in a Parquet file give other values and no error; none may pass."""
    run = copied("whole")
    paths = [path for path in sorted(run.rglob("*")) if path.suffix in {".parquet", ".json"}]
    assert len(paths) == 3 * (len(TABLES) + 1) + 2
    for path in paths:
        if path.name == "plan.json":
            continue  # no reader of a finished run looks at it
        sound = path.read_bytes()
        for at in (0.0, 0.1, 0.35, 0.5, 0.77, 0.95):
            flip(path, at)
            if path.suffix == ".json" and same(path.read_bytes(), sound):
                continue  # a blank between two keys
            with pytest.raises(BadRun) as refused:
                analysis.open_runs(run)
            assert path.name in str(refused.value) or path.parent.name in str(refused.value)
            path.write_bytes(sound)


def same(one: bytes, other: bytes) -> bool:
    """Whether two JSON texts say the same."""
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def edit(path: Path, change: Callable[[dict[str, Any]], None], *, seal: bool = False) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    document = sealed(document) if seal else document
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(("key", "value"), [("jobs", 2), ("seed", 2), ("days", 19), ("replications", 2)])
def test_an_edited_plan_is_neither_resumed_nor_asked(key, value, copied):
    """Half of the parts would belong to another study than the other half."""
    run = copied("half")
    edit(run / "plan.json", lambda plan: plan.update({key: value}))
    for command in (("run", "--resume", run), ("query", run, "--unfinished")):
        done = evenhand(*command)
        assert done.exit_code == 2
        assert f"'{run / 'plan.json'}' is not as it was written" in done.stderr


@pytest.mark.parametrize("key", ["seed", "days", "metrics", "replications", "checksum"])
def test_an_edited_manifest_is_not_read(key, copied):
    """What stands in it is told of every row."""
    run = copied("whole")
    edit(run / "manifest.json", lambda manifest: manifest.update({key: None}))
    with pytest.raises(BadRun, match=r"manifest\.json' is not as it was written"):
        analysis.open_runs(run)


def test_the_policy_of_a_manifest_has_the_hash_that_stands_beside_it(copied):
    """Who changes the rules that a run is said to have had changes their hash, too, or is found out."""
    run = copied("whole")

    def milder(manifest: dict[str, Any]) -> None:
        manifest["policy"]["model"]["decision"]["standard"] = 0.3

    edit(run / "manifest.json", milder, seal=True)
    with pytest.raises(BadRun, match=r"manifest\.json' is not as it was written"):
        open_stored(run)


def test_a_running_run_is_asked_about_sound_parts_only(copied, originals):
    """What is not finished is checked against its plan."""
    assert len(analysis.open_runs(originals["half"], unfinished=True)) == 1
    for how in ("seed", "zeroed"):
        run = copied("half")
        named = spoil(run, how, originals)
        with pytest.raises(BadRun) as refused:
            analysis.open_runs(run, unfinished=True)
        assert str(named) in str(refused.value)
        shutil.rmtree(run)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory) -> Path:
    """A run whose manifest was edited where no reader trips over it."""
    run = Path(tmp_path_factory.mktemp("spoilt")) / "run"
    finished(run, replications=2, days=20)
    edit(run / "manifest.json", lambda manifest: manifest.update(stopped="when it pleased me"))
    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_checks_and_can_be_told_not_to(command, spoilt):
    """One option, of the same name everywhere, for those who know what they read."""
    arguments = [str(spoilt) if word == "RUN" else word for word in COMMANDS[command]]
    refused = evenhand(*arguments)
    assert refused.exit_code == 2
    assert refused.stdout == ""
    (line,) = refused.stderr.splitlines()
    assert f"'{spoilt / 'manifest.json'}' is not as it was written" in line
    assert "--no-verify" in line
    told = evenhand(*arguments, "--no-verify")
    assert told.exit_code == 0, told.output


def test_a_run_without_checksums_is_said_to_be_one(copied):
    """Older runs are as good as they were, and their reader must know that nothing was checked."""
    run = copied("whole")

    def older(manifest: dict[str, Any]) -> None:
        manifest["layout"] = 2
        for key in ("checksum", "records"):
            del manifest[key]
        for part in manifest["parts"]:
            del part["files"]

    edit(run / "manifest.json", older)
    for seal in run.rglob("seal.json"):
        seal.unlink()
    refused = evenhand("query", run, "select count(*) from disputes")
    assert refused.exit_code == 2
    assert "has no checksums" in refused.stderr
    assert "(layout 2, now 3)" in refused.stderr
    told = evenhand("query", run, "select count(*) from disputes", "--no-verify")
    assert told.exit_code == 0
    assert int(told.stdout.split()[1]) > 0
    assert len(open_run(run, verify=False)) > 0


def test_not_checking_has_no_meaning_for_a_policy():
    """An option that does nothing is refused."""
    done = evenhand("fairness", "tmall", "--no-verify")
    assert done.exit_code == 2
    assert "--no-verify: has no meaning for 'tmall'" in done.stderr
