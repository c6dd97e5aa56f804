"""What a user gets from `evenhand`: answers on stdout, one line for each mistake on stderr."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from evenhand.cli.main import app
from evenhand.sim.sampling.streams import ALL
from tests.support.app_files import PATIENCE, ROOT, start, write_files


def commands(above: Any = None, *names: str) -> Iterator[str]:
    """Every command that there is, those of a group one by one."""
    group = get_command(app) if above is None else above
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *names, name)
        else:
            yield " ".join((*names, name))


COMMANDS = tuple(commands())


def evenhand(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def parsed(words: list[str]) -> str:
    """Name of the command that takes the words; nothing runs. Raises what the command would say."""
    command: Any = get_command(app)
    found: list[str] = []
    while hasattr(command, "commands"):
        found.append(words.pop(0))
        command = command.commands[found[-1]]
    command.make_context(found[-1], words)
    return " ".join(found)


def examples(text: str) -> list[list[str]]:
    """Words of the examples in a help text, without what is said of them and what they are piped into."""
    lines = [line.strip() for line in re.sub(r"\\\n +", "", text).splitlines()]
    whole = [
        line if line.count('"') % 2 == 0 else f"{line} {after}"  # a question in SQL of two lines
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
    ]
    typed = [re.split(r"  +(?!-)| \| ", line)[0] for line in whole if line.startswith("evenhand ")]
    return [shlex.split(line)[1:] for line in typed]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_examples_that_can_be_typed(command: str):
    """An example is what people read first; one that names an unknown option would teach a mistake."""
    told = evenhand(*command.split(), "--help")
    assert told.exit_code == 0
    shown = examples(told.stdout)
    assert shown
    assert {parsed(words) for words in shown} == {command}


def test_the_first_help_shows_commands_that_there_are():
    """It is where a newcomer starts."""
    assert {parsed(words) for words in examples(evenhand("--help").stdout)} >= {"run", "compare", "explain"}


@pytest.mark.process
def test_commands_in_the_pages_can_be_typed():
    """What people copy from a page must be understood."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = [words for page in pages for words in examples(page.read_text(encoding="utf-8"))]
    assert {"run", "compare", "fairness", "gate"} <= {parsed(words) for words in shown}


def test_help_needs_none_of_the_heavy_libraries():
    """Help that takes a second is help that nobody asks for; imports are what takes the time."""
    heavy = [
        "numba",
        "numpy",
        "scipy",
        "matplotlib",
        "duckdb",
        "rich",
        "evenhand.sim",
        "evenhand.scenarios",
        "evenhand.analysis",
    ]
    code = (
        "import sys; from evenhand.cli.main import app\n"
        "try: app(['--help'])\nexcept SystemExit as done: assert done.code == 0\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.process
def test_list_names_everything_that_is_shipped_with_its_file():
    """Programs read the list: four keys, and paths that lead to files."""
    entries, listed = json.loads(evenhand("list", "--format", "json").stdout), evenhand("list").stdout
    assert {"scenario", "policy"} == {entry["kind"] for entry in entries}
    for entry in entries:
        assert list(entry) == ["kind", "name", "title", "path"]
        assert entry["title"]
        assert Path(entry["path"]).is_file()
    assert all(entry["name"] in listed for entry in entries)


def test_draws_are_listed_with_number_name_owner_and_law():
    """What is random is declared, and anybody can read the declaration."""
    listed = json.loads(evenhand("draws", "--format", "json").stdout)
    assert [draw["name"] for draw in listed] == list(ALL)
    assert all(list(draw) == ["number", "name", "owner", "law"] for draw in listed)
    assert "merchant.evidence_delay" in evenhand("draws").stdout


def test_show_gives_every_setting_with_its_provenance_and_marks_the_assumed(tmp_path):
    """A number without a source must look like one."""
    text = """
    kind: policy
    title: Mine
    windows: {file: {value: 10 d, source: a rule book, confidence: first-party}}
    answer: {inference: {value: 2, confidence: assumed, note: a guess}}
    """
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    document = json.loads(evenhand("show", str(tmp_path / "mine.yaml"), "--format", "json").stdout)
    assert (document["kind"], document["name"], document["title"]) == ("policy", "mine", "Mine")
    settings = {setting["path"]: setting for setting in document["settings"]}
    assert settings["windows.file"]["source"] == "a rule book"
    assert settings["answer.inference"]["value"] == "2"
    lines = evenhand("show", str(tmp_path / "mine.yaml")).stdout.splitlines()
    assert "! assumed" in next(line for line in lines if line.startswith("answer.inference"))
    assert "!" not in next(line for line in lines if line.startswith("windows.file"))


def test_a_title_with_markup_and_control_characters_is_printed_as_text(tmp_path):
    """A file from elsewhere must not colour or clear the reader's screen."""
    (tmp_path / "odd.yaml").write_text('kind: policy\ntitle: "[red]x[/red] \\e[2J"\n', encoding="utf-8")
    told = evenhand("show", str(tmp_path / "odd.yaml"))
    if told.exit_code == 0:
        assert "[red]x[/red]" in told.stdout
    assert "\x1b" not in told.output


def test_check_reports_all_mistakes_of_all_files_and_the_good_ones(tmp_path, monkeypatch):
    """One look must be enough to mend everything."""
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path)
    Path("bad.yaml").write_text("kind: policy\ntitle: x\nwindos: {}\nreview: {limit: -1}\n", encoding="utf-8")
    told = evenhand("check", "rules.yaml", "bad.yaml")
    assert told.exit_code == 2
    good, note = told.stdout.splitlines()
    assert good == "ok: rules.yaml: policy 'rules'"
    assert note.startswith("note: rules.yaml:1:1: base: none is given: ")
    errors = told.stderr.splitlines()
    assert errors[0].startswith("bad.yaml:3:1: windos: ")
    assert "did you mean 'windows'?" in errors[0]
    assert errors[1].startswith("bad.yaml:4:17: review.limit: ")


def test_check_looks_at_a_pair_together(tmp_path, monkeypatch):
    """Each file can be right, and the two still not run together."""
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, world={"days": 3})
    told = evenhand("check", "world.yaml", "rules.yaml")
    assert told.exit_code == 2
    assert "windows.ship: must not be longer than the run of 3 days" in told.stderr
    write_files(tmp_path)
    assert "can run in scenario" in evenhand("check", "world.yaml", "rules.yaml").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "tmal"], "did you mean 'tmall'?"),
        (["run", "tmall", "--scenario", "tmal"], "did you mean 'tmall'?"),
        (["run", "tmall", "--replications", "0"], "must be 1 to 1,000,000, found 0"),
        (["run", "tmall", "--days", "0"], "--days: must be 1 to 36,500, found 0"),
        (["run", "tmall", "--seed", "-1"], "--seed: must be 0 to 4,611,"),
        (["run", "tmall", "--days", "1"], "must not be longer than the run of 1 days"),
        (["run", "tmall", "--days", "soon"], "--days"),
        (["run", "tmall", "--engine", "sundial"], "sundial"),
        (["run", "tmall", "--force"], "--force"),
        (["run"], "POLICY"),
        (["rum"], "rum"),
        (["--loud"], "--loud"),
        (["show", "nowhere.yaml"], "nowhere.yaml"),
        (["explain", "nowhere", "1"], "'nowhere' is not a finished run: there is no such folder"),
        (["explain", ".", "1"], "'.' is not a finished run: it has no manifest.json"),
    ],
)
def test_bad_input_is_one_plain_sentence_and_exit_status_2(
    arguments: list[str], said: str, tmp_path, monkeypatch
):
    """No traceback, nothing on stdout, and nothing left behind."""
    monkeypatch.chdir(tmp_path)
    told = evenhand(*arguments)
    assert told.exit_code == 2
    assert said in told.stderr
    assert "Traceback" not in told.stderr
    assert told.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"kind: policy\ntitle: x\nwindows: {merchant_repyl: 48 h}\n", "did you mean 'merchant_reply'?"),
        (b"kind: policy\ntitle: x\nwindows: {file: -2 d}\n", "windows.file"),
        (b"kind: policy\nbase: bad.yaml\ntitle: x\n", "circle"),
        (b"\x00\x01\x02\xff", "bad.yaml"),
        (b"a: [1\nb: }", "bad.yaml:"),
        (b"", "bad.yaml"),
    ],
)
def test_a_bad_policy_file_costs_lines_not_folders(content: bytes, said: str, tmp_path, monkeypatch):
    """Whatever is in the file, the answer is in words, and there is no run folder."""
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_bytes(content)
    told = evenhand("run", "bad.yaml")
    assert told.exit_code == 2
    assert said in told.stderr
    assert "Traceback" not in told.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


def test_the_mistakes_of_policy_and_scenario_come_together(tmp_path, monkeypatch):
    """Nobody should mend one file only to learn of the other."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        Path(name).write_text("titel: x\n", encoding="utf-8")
    told = evenhand("run", "a.yaml", "--scenario", "b.yaml")
    assert {"a.yaml", "b.yaml"} <= {line.split(":")[0] for line in told.stderr.splitlines()}


def test_the_version_is_printed():
    """Reports of problems start with it."""
    assert evenhand("--version").stdout.startswith("evenhand ")


def test_without_a_command_the_help_is_printed():
    """The first thing that a newcomer types is the bare name."""
    told = evenhand()
    assert told.exit_code == 0
    assert "Examples:" in told.stdout


@pytest.mark.process
def test_a_reader_who_stops_early_causes_no_traceback(tmp_path):
    """`evenhand draws | head -1` is what people do."""
    process = start(tmp_path, "draws")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    process.wait()


@pytest.mark.process
def test_a_console_without_chinese_still_gets_an_answer(tmp_path):
    """Titles are in any script, and consoles are not."""
    (tmp_path / "mine.yaml").write_text("kind: policy\ntitle: 天猫规则\n", encoding="utf-8")
    process = start(tmp_path, "show", "mine.yaml", extra={"PYTHONIOENCODING": "ascii"})
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert "???? [policy mine]" in out


def test_an_unexpected_failure_keeps_its_traceback(monkeypatch):
    """A mistake of ours must not be dressed up as one of the user's."""

    def fail(**_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("evenhand.cli.catalogue.print_draws", fail)
    monkeypatch.setenv("EVENHAND_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        evenhand("draws")
