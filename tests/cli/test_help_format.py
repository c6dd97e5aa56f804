"""Help in a language without spaces: lines as wide as the terminal, broken where its writing allows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli.help_format import CLOSING, cells, wrapped

TEXTS = st.text(st.sampled_from("a bc，。；中文字（）--x"), max_size=80)


def test_chinese_characters_take_two_columns() -> None:
    """Terminals draw them so."""
    assert cells("中文 ab") == 7
    assert wrapped("模拟的长度，含预热期", 10) == ["模拟的长", "度，含预热", "期"]
    assert wrapped("a word too longforaline b", 8) == ["a word", "too", "longforaline", "b"]


@given(TEXTS, st.integers(8, 40))
def test_no_character_is_lost_and_no_line_begins_with_a_closing_mark(text: str, width: int) -> None:
    """A comma at the beginning of a line is a misprint in Chinese."""
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines[1:]:
        assert line[:1] not in set(CLOSING) or " " in " ".join(text.split())
