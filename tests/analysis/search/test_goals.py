"""Goals and limits as people write them."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand.analysis.search import aims, goal, limit


def test_a_goal_knows_its_better_side():
    """A metric that is good low is made low; one that is good neither way needs a word."""
    assert goal("wrongful_denial_rate").way == "min"
    assert goal("remedy_adequacy").way == "max"
    assert goal("disputes:min").way == "min"
    with pytest.raises(ValueError, match="neither high nor low"):
        goal("disputes")


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("wrongful_grant_rate<=10%", 0.1),
        ("wrongful_grant_rate <= 0.1", 0.1),
        ("p90_hours_to_close<=5d", 120.0),
        ("p90_hours_to_close ≤ 36 h", 36.0),
        ("remedy_adequacy>=80%", 0.8),
    ],
)
def test_bounds_have_the_units_of_their_metrics(text, bound):
    """Shares in percent, times in hours or days."""
    assert limit(text).bound == pytest.approx(bound)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("wrongful_grant_rate", "write METRIC<=BOUND"),
        ("wrongful_grant_rate<=5d", "write the bound of wrongful_grant_rate as 0.1 or 10%"),
        ("wrongful_grant_rat<=5%", "did you mean"),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(text, said):
    """A limit that nobody understands is refused before anything runs."""
    with pytest.raises(ValueError, match=said):
        limit(text)


def test_what_is_undefined_keeps_no_limit_and_reaches_no_goal():
    """NaN is worse than any number, on either side of a bound."""
    asked = aims(["remedy_adequacy"], ["p90_hours_to_close<=5d"])
    nothing = np.array([np.nan, np.nan])
    assert asked.costs(nothing)[0] == np.inf
    assert asked.excesses(nothing)[0] == np.inf


def test_a_goal_is_asked_for_once():
    """Twice the same goal would weigh nothing, and hide that somebody meant another."""
    with pytest.raises(ValueError, match="given twice"):
        aims(["wrongful_denial_rate", "wrongful_denial_rate:max"])
