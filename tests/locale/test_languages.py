"""A language is one file, is in force where it is asked for, and costs nothing where it is not."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from evenhand.locale import (
    Counted,
    Listed,
    Named,
    Text,
    UnknownLanguage,
    Words,
    catalogue,
    date,
    gettext,
    language,
    languages,
    ngettext,
    numerals,
    tag,
)
from tests.support.languages import MADE_UP, made_up

POLISH = """
msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "{n} case"
msgid_plural "{n} cases"
msgstr[0] "{n} sprawa"
msgstr[1] "{n} sprawy"
msgstr[2] "{n} spraw"

#, fuzzy
msgid "Metric"
msgstr "Metr"
"""


class Page(Words):
    """Words of a page of the tests."""

    TITLE = Text("Where disputes end")
    HEAD = Listed("Outcome", "Share")
    SIDES = Named({"return": "Replacement"}, other="Coupon")
    CASES = Counted("{n} case", "{n} cases")
    UNKNOWN = Text("A message that no catalogue has")


@pytest.fixture
def others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of catalogues with the made-up language and a few words of Polish."""
    folder = made_up(tmp_path)
    path = folder / "pl" / catalogue.WHERE
    path.parent.mkdir(parents=True)
    path.write_text(POLISH, encoding="utf-8")
    monkeypatch.setattr(catalogue, "FOLDER", folder)
    return folder


def test_english_is_what_the_code_says() -> None:
    """No catalogue takes part where nobody asks for a language."""
    assert tag() == "en"
    assert Page().TITLE == "Where disputes end"
    assert Page().HEAD == ("Outcome", "Share")
    assert Page().SIDES == {"return": "Replacement", "other": "Coupon"}
    assert [Page().CASES(n) for n in (0, 1, 2)] == ["{n} cases", "{n} case", "{n} cases"]
    assert numerals("−1,234.50") == "−1,234.50"
    assert date(dt.date(2025, 9, 1)) == "2025-09-01"


def test_a_language_is_in_force_inside_the_with_and_nowhere_else() -> None:
    """Words are read when they are used, and an error on the way out leaves no language behind."""
    words = Page()
    with language("zh") as found:
        assert (found, tag(), words.LANGUAGE) == ("zh", "zh", "zh")
        assert words.TITLE == "纠纷如何了结"
        assert words.HEAD == ("结果", "占比")
        assert words.SIDES == {"return": "换货", "other": "优惠券"}
        assert words.CASES(1) == words.CASES(2) == "{n} 件"
        assert words.UNKNOWN == "A message that no catalogue has"
        assert date(dt.date(2025, 9, 1)) == "2025年9月1日"
        with language("en"):
            assert words.TITLE == "Where disputes end"
        assert words.TITLE == "纠纷如何了结"
        with pytest.raises(RuntimeError), language("en"):
            raise RuntimeError
        assert tag() == "zh"
    assert words.TITLE == "Where disputes end"


def test_another_thread_has_a_language_of_its_own() -> None:
    """Two readers of one server, each in a language, do not see the other's."""
    inside, ready = threading.Event(), threading.Event()
    found: list[str] = []

    def other() -> None:
        with language("zh"):
            ready.set()
            inside.wait(10)
            found.append(Page().TITLE)

    thread = threading.Thread(target=other)
    thread.start()
    assert ready.wait(10)
    assert Page().TITLE == "Where disputes end"
    inside.set()
    thread.join(10)
    assert found == ["纠纷如何了结"]


def test_one_file_more_is_one_language_more(others: Path) -> None:
    """Nothing else is touched, compiled or registered."""
    assert languages() == ("en", MADE_UP, "pl")
    with language(MADE_UP):
        assert Page().TITLE == "⟦Where disputes end⟧"
        assert Page().CASES(2) == "⟦{n} cases⟧"
        assert re.fullmatch(r"1\s234,5", numerals("1,234.5"))  # which space depends on the year of the CLDR
    assert sorted(path.name for path in others.rglob("*") if path.is_file()) == ["evenhand.po"] * 2


def test_plurals_follow_the_rule_of_the_language(others: Path) -> None:
    """Polish has three forms; a number that is not whole takes that of two things."""
    with language("pl"):
        said = [ngettext("{n} case", "{n} cases", n) for n in (1, 2, 5, 22, 2.5)]
    assert said == ["{n} sprawa", "{n} sprawy", "{n} spraw", "{n} sprawy", "{n} sprawy"]


def test_a_translation_that_nobody_has_looked_at_is_not_used(others: Path) -> None:
    """Fuzzy entries are guesses; the English message says what is meant."""
    with language("pl"):
        assert gettext("Metric") == "Metric"
        assert gettext("") == ""


def test_a_file_that_changes_is_read_again(others: Path) -> None:
    """A translator sees his change without starting anew."""
    with language(MADE_UP):
        assert gettext("Metric") == "⟦Metric⟧"
    path = others / MADE_UP / catalogue.WHERE
    path.write_text(path.read_text(encoding="utf-8").replace("⟦Metric⟧", "Mezuro"), encoding="utf-8")
    with language(MADE_UP):
        assert gettext("Metric") == "Mezuro"


@pytest.mark.parametrize("asked", ["zh", "zh-CN", "zh_CN", " ZH ", "ZH_tw"])
def test_a_country_does_not_matter_where_only_the_language_is_known(asked: str) -> None:
    """Systems write zh_CN where a reader means Chinese."""
    assert catalogue.find(asked) == "zh"


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("zn", "; did you mean 'zh'?"),
        ("Chinese", "; did you mean 'zh'?"),
        ("中文", "; did you mean 'zh'?"),
        ("xyzzy", ""),
    ],
)
def test_an_unknown_language_is_refused_with_those_that_there_are(asked: str, hint: str) -> None:
    """By its tag, its English name or its own."""
    with pytest.raises(UnknownLanguage) as refused, language(asked):
        pass
    assert str(refused.value) == f"must be one of en, zh, found '{asked}'{hint}"


@pytest.mark.process
def test_babel_is_loaded_for_other_languages_only() -> None:
    """`import evenhand` and an English page start as fast as without it."""
    code = (
        "import sys, evenhand, evenhand.analysis.report, evenhand.locale as l\n"
        "l.gettext('Metric'), l.numerals('1.5'), l.languages()\n"
        "print('babel' in sys.modules)\n"
        "with l.language('zh'): print(l.gettext('Metric'))\n"
    )
    words = [sys.executable, "-X", "utf8", "-c", code]
    done = subprocess.run(words, capture_output=True, check=True, encoding="utf-8", timeout=300)
    assert done.stdout.split() == ["False", "指标"]


def test_a_compiled_catalogue_is_kept_and_made_anew_where_it_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading the text of a catalogue takes a hundred times as long as reading what was made of it."""
    from evenhand.locale.compiled import compiled

    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path))
    source = tmp_path / "zh" / catalogue.WHERE
    source.parent.mkdir(parents=True)
    source.write_bytes((catalogue.FOLDER / "zh" / catalogue.WHERE).read_bytes())
    first = compiled(source)
    (made,) = (tmp_path / "evenhand" / "messages").rglob("messages.mo")
    assert first.folder is not None
    assert made.is_relative_to(first.folder)
    whole = made.read_bytes()
    made.write_bytes(whole[:100])
    os.utime(source)  # a new time: it is read again
    assert compiled(source).translations.gettext("Metric") == "指标"
    assert made.read_bytes() == whole


def test_a_catalogue_is_read_where_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file where the cache folder should be."""
    from evenhand.locale.compiled import compiled

    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path / "file"))
    source = tmp_path / "zh" / catalogue.WHERE
    source.parent.mkdir(parents=True)
    source.write_bytes((catalogue.FOLDER / "zh" / catalogue.WHERE).read_bytes())
    found = compiled(source)
    assert (found.folder, found.translations.gettext("Metric")) == (None, "指标")
