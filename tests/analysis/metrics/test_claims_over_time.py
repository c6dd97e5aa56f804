"""Claims by kind and week are the disputes of the records, each once."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.metrics.time_series import claims
from evenhand.analysis.report.exhibits.overtime import claims_over_time
from tests.support import handmade
from tests.support.handmade import row

ROWS = [
    row("settled", opened_at=1.0),
    row("open", opened_at=24 * 8.0),
    row("open", opened_at=24 * 7.0 + 1, cause="malicious", valid=False),
    row("settled", opened_at=24 * 2.0, replication=1),
    row("open", opened_at=24 * 9.5, replication=1),
    row("open", opened_at=24 * 9.6, replication=1, cause="counterfeit"),
]


def test_each_claim_counts_in_the_week_it_was_opened_in() -> None:
    """Two worlds of ten days: a week and three days, means over worlds, kinds without a claim left out."""
    found = claims(handmade.run(ROWS, replications=2))
    assert found.names == ("valid", "malicious")
    assert found.days.tolist() == [7.0, 10.0]
    np.testing.assert_allclose(found.mean, [[1.0, 1.5], [0.0, 0.5]])
    assert found.n.tolist() == [5, 1]


def test_the_exhibit_says_what_its_panel_shows() -> None:
    """Shares of the kinds in words; a run without claims says so and draws nothing."""
    shown = claims_over_time(handmade.run(ROWS, replications=2))
    assert (
        shown.sentence.replace("\N{NO-BREAK SPACE}", " ")
        == "Of 6 cases: 83.3 % with a reason, 16.7 % malicious."
    )
    assert "Nobody" in claims_over_time(handmade.run([], replications=2)).sentence
