"""`--lang` and EVENHAND_LANG: pages of commands in a language, and what they say of one that they lack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand.cli.main import app
from evenhand.locale import tag
from tests.support.app_files import PATIENCE, finished, start, write_files
from tests.support.languages import english_sentences

SHORT = ("--scenario", "tmall_unresponsive", "--days", "30", "--replications", "2", "--engine", "simpy")


def evenhand(*words: str, **variables: str) -> Any:
    return CliRunner().invoke(app, list(words), env=variables, catch_exceptions=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scenario and a policy, to work in."""
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.process
def test_run_writes_its_page_in_the_language_and_its_data_in_english(here: Path) -> None:
    """The same run in two languages differs in the page alone, and the page can be made from the folder."""
    asked = ("run", "rules.yaml", "--scenario", "world.yaml", *SHORT)
    said = evenhand(*asked, "--out", "en")
    assert said.exit_code == 0
    told = evenhand(*asked, "--out", "zh", EVENHAND_LANG="zh")
    assert told.exit_code == 0
    assert "Measure" in said.stdout
    assert "指标" in told.stdout
    assert '<html lang="zh">' in written(here / "zh" / "report.html")
    assert written(here / "zh" / "manifest.json") == written(here / "en" / "manifest.json")
    assert evenhand("report", "en", "--lang", "zh", "--out", "again.html").stdout == "报告：again.html\n"
    assert written(here / "again.html") == written(here / "zh" / "report.html")
    assert evenhand("report", "zh").stdout == written(here / "en" / "report.html")
    assert tag() == "en"


@pytest.mark.process
def test_an_option_counts_more_than_the_variable(here: Path) -> None:
    """As everywhere: what is typed is meant."""
    finished(here / "run", replications=1, days=30)
    assert '<html lang="en">' in evenhand("report", "run", "--lang", "en", EVENHAND_LANG="zh").stdout
    page = evenhand("report", "run", EVENHAND_LANG="zh_CN").stdout
    assert '<html lang="zh">' in page
    assert english_sentences(page) == []  # the titles of the small files are two words


@pytest.mark.parametrize(
    ("words", "variables", "line"),
    [
        (("--lang", "zn"), {}, "--lang: must be one of en, zh, found 'zn'; did you mean 'zh'?"),
        ((), {"EVENHAND_LANG": "tlh"}, "EVENHAND_LANG: must be one of en, zh, found 'tlh'"),
        (
            ("--lang", "zh", "--stress-des"),
            {},
            "--lang: 与 --stress-des 并用没有意义：该清单为英文",
        ),
    ],
)
def test_a_language_that_cannot_be_spoken_is_one_line(
    here: Path, words: tuple[str, ...], variables: dict[str, str], line: str
) -> None:
    """The option or the variable by its name, what was found, and what there is."""
    finished(here / "run", replications=1, days=30)
    told = evenhand("report", "run", *words, **variables)
    assert (told.exit_code, told.stdout, told.stderr) == (2, "", f"evenhand: {line}\n")


@pytest.mark.process
def test_a_page_on_the_screen_is_utf_8_whatever_the_console_speaks(here: Path) -> None:
    """It says so of itself, and is piped into files."""
    finished(here / "run", replications=1, days=30)
    child = start(here, "report", "run", "--lang", "zh", extra={"PYTHONIOENCODING": "ascii"})
    page, _ = child.communicate(timeout=PATIENCE)
    assert child.returncode == 0
    assert "<h2>纠纷如何了结</h2>" in page


def test_the_checklist_is_english_where_the_variable_says_otherwise(here: Path) -> None:
    """Only an option that is typed is refused: a variable is set for everything."""
    finished(here / "run", replications=1, days=30)
    told = evenhand("report", "run", "--stress-des", EVENHAND_LANG="zh")
    assert (told.exit_code, told.stdout[:13]) == (0, "# STRESS-DES:")


def test_no_folder_of_a_run_is_one_line(here: Path) -> None:
    """A page needs records."""
    told = evenhand("report", "nowhere")
    assert (told.exit_code, told.stdout, told.stderr.count("\n")) == (2, "", 1)


@pytest.mark.process
def test_compare_writes_its_page_in_the_language(here: Path) -> None:
    """The page alone: differences and manifest are the same files."""
    write_files(here, rules={"windows": {"review": "2 d"}})
    (here / "rules.yaml").rename(here / "other.yaml")
    write_files(here)
    asked = ("compare", "rules.yaml", "other.yaml", "--scenario", "world.yaml", *SHORT)
    assert evenhand(*asked, "--out", "en").exit_code == 0
    assert evenhand(*asked, "--out", "zh", "--lang", "zh").exit_code == 0
    assert '<html lang="zh">' in written(here / "zh" / "comparison.html")
    assert '<html lang="en">' in written(here / "en" / "comparison.html")
    for name in ("comparison.json", "manifest.json"):
        assert written(here / "zh" / name) == written(here / "en" / name)


def test_the_language_of_the_system_is_that_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sets a variable of ours who has told the system; one that has no catalogue is English."""
    monkeypatch.delenv("EVENHAND_LANG", raising=False)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    english = evenhand("list", LANG="C.UTF-8").stdout
    assert english == evenhand("list", LANG="fr_FR.UTF-8").stdout
    assert "Kind" in english
    assert "类型" in evenhand("list", LANG="zh_CN.UTF-8").stdout
    assert "类型" in evenhand("list", LANG="en_US.UTF-8", LC_ALL="zh_TW.UTF-8").stdout
    assert evenhand("list", LANG="zh_CN.UTF-8", EVENHAND_LANG="en").stdout == english
    assert tag() == "en"


@pytest.mark.parametrize(
    "words", [("--lang", "zh", "list"), ("list", "--lang", "zh"), ("list", "--lang=zh-CN")]
)
def test_every_command_understands_the_option(words: tuple[str, ...]) -> None:
    """Before the command or after it, whether its help lists the option or not."""
    assert "天猫客服介入" in evenhand(*words).stdout


def test_help_is_in_the_language() -> None:
    """What a command does, what its options mean, and the words of the library that reads them."""
    told = evenhand("run", "--help", EVENHAND_LANG="zh").stdout
    for one in (
        "用法：evenhand",
        "在场景中运行规则",
        "选项：",
        "显示此帮助并退出。",
        "[默认：tmall]",
        "--replications",
    ):
        assert one in told
    assert "  check " in evenhand("--help", EVENHAND_LANG="zh").stdout
    assert "Options:" in evenhand("run", "--help").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "没有命令 'nothing'。"),
        (("list", "--some"), "没有选项 --some"),
        (("run", "--seed", "x", "tmall"), "'--seed' 的值无效：须为整数"),
        (("run",), "run: 需要 POLICY，或 --resume 加未完成模拟的文件夹"),
        (("check", "nothing"), "不是文件，也不是自带的场景或规则"),
    ],
)
def test_mistakes_are_told_in_the_language(words: tuple[str, ...], said: str) -> None:
    """Those of the command line, which a library finds, too."""
    told = evenhand(*words, EVENHAND_LANG="zh")
    assert told.exit_code == 2
    assert said in told.stderr


def test_mistakes_of_a_file_keep_place_and_path(here: Path) -> None:
    """A place, a path and the words to write are the same in every language."""
    text = "title: x\nbase: tmall\nwindows:\n  merchant_repyl: 48 h\ndecision:\n  standard: 1.6\n"
    (here / "mine.yaml").write_text(text, encoding="utf-8")
    assert evenhand("check", "mine.yaml", EVENHAND_LANG="zh").stderr.splitlines() == [
        "mine.yaml:4:3: windows.merchant_repyl: 没有这项设置；是不是想写 'merchant_reply'？",
        "mine.yaml:6:13: decision.standard: 须为小于 1 的数，实为 1.6",
    ]
