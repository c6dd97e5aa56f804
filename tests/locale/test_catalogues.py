"""Every shipped catalogue is whole: all that pages say, nothing else, and the same placeholders."""

from __future__ import annotations

from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from docs.build.messages import template
from evenhand.locale.catalogue import ENGLISH, FOLDER, WHERE, languages

SHIPPED = tuple(one for one in languages() if one != ENGLISH)


@pytest.fixture(scope="module")
def messages() -> Catalog:
    """Everything that the code says."""
    return template()


@pytest.fixture(scope="module", params=SHIPPED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    """A shipped catalogue."""
    with (FOLDER / request.param / WHERE).open("rb") as file:
        return read_po(file)


def forms(message: Message, part: str) -> tuple[str, ...]:
    """The text of a message, or its texts for one and for many."""
    found = getattr(message, part)
    return tuple(found) if isinstance(found, (tuple, list)) else (found,)


def placeholders(text: str) -> list[str]:
    """Names in braces, each as often as it stands there."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_there_is_chinese() -> None:
    """The first language of the platforms that are simulated."""
    assert "zh" in SHIPPED


def test_a_catalogue_has_the_messages_of_the_code_and_no_more(messages: Catalog, catalogue: Catalog) -> None:
    """After a change of words: `python -m docs.build.messages`, and translate what is new."""
    wanted, there = ({one.id for one in each if one.id} for each in (messages, catalogue))
    assert there - wanted == set(), "gone from the code"
    assert wanted - there == set(), "not in the catalogue"
    assert not catalogue.obsolete


def test_every_message_is_translated_and_looked_at(catalogue: Catalog) -> None:
    """An empty or fuzzy entry would be an English sentence on the page."""
    assert [one.id for one in catalogue if one.id and (one.fuzzy or not all(forms(one, "string")))] == []


def test_translations_have_the_placeholders_of_their_message(catalogue: Catalog) -> None:
    """A name that is missing loses a number, and one too many breaks the page."""
    for one in catalogue:
        if one.id:
            wanted, made = forms(one, "id")[-1], forms(one, "string")
            assert {tuple(placeholders(text)) for text in made} == {tuple(placeholders(wanted))}, one.id


def test_the_words_of_the_code_are_found_by_name_and_by_call(messages: Catalog) -> None:
    """One message from each place that is searched."""
    for one in (
        "Where disputes end",  # words of a page
        "Late dispatch",  # a cause
        ("{n} case", "{n} cases"),  # a plural
        "Median time to close",  # the title of a metric
        "Share of disputes whose window closed before the buyer filed.",  # its sentence
        "{series} {change} ({low} to {high})",  # a call of gettext
        "claims with a reason",  # a series of the test for rest
        "Tmall customer-service intervention",  # a shipped policy
        "Flagship stores",  # a group of a shipped scenario
    ):
        assert messages.get(one) is not None, one
