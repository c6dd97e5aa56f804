"""Calibration on three real logs that stand beside the project; skipped where they do not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from evenhand import scenarios
from evenhand.analysis.calibration.delays import fit_delay, times_of
from evenhand.analysis.calibration.direct import fit_direct
from evenhand.analysis.calibration.distances import distances, measures_of, noise_floor, score
from evenhand.analysis.calibration.log import Log, read_log
from evenhand.analysis.calibration.merchants import beta_binomial, tally
from evenhand.analysis.calibration.samples import between_moments
from evenhand.analysis.calibration.shares import share
from evenhand.cli.calibrate_mapping import read_mapping

DATA = Path(__file__).parents[4] / "shared" / "data"
MAPS = Path(__file__).parents[3] / "docs" / "calibration"


def real(file: str, mapping: str) -> Log:
    if not (DATA / file).exists():
        pytest.skip(f"{file} is not beside the project")
    return read_log(DATA / file, read_mapping(MAPS / f"{mapping}.yaml"))


@pytest.fixture(scope="module")
def nyc() -> Log:
    return real("nyc_mediation_2015_2016.csv", "nyc")


@pytest.fixture(scope="module")
def cfpb() -> Log:
    return real("cfpb_2013_2016.csv", "cfpb")


@pytest.fixture(scope="module")
def fines() -> Log:
    return real("road_traffic_fines.csv.gz", "fines")


@pytest.mark.parametrize("name", ["nyc", "cfpb", "fines"])
def test_the_mappings_in_the_docs_can_be_read(name: str) -> None:
    """Without the data, too."""
    assert read_mapping(MAPS / f"{name}.yaml").source


@pytest.mark.parametrize("name", ["fines_rules", "cfpb_rules"])
def test_the_rules_in_the_docs_can_be_run(name: str) -> None:
    """They are what these logs are simulated under."""
    assert scenarios.policy(MAPS / f"{name}.yaml").title


def test_mediation_has_the_figures_that_are_published_of_it(nyc: Log) -> None:
    """Won .541, median 32 days, Weibull about 1.75 and 38 days, merchants' correlation .32, n 4,491."""
    assert len(nyc) == 4491
    assert nyc.won.mean() == pytest.approx(0.541, abs=0.001)
    assert np.median(nyc.durations) / 24 == 32
    law = fit_delay(times_of(nyc.durations, np.ones(len(nyc), bool), 24.0))
    assert law.family == "weibull"
    assert law.parts["shape"].value == pytest.approx(1.75, abs=0.06)
    assert law.parts["scale"].value / 24 == pytest.approx(38.5, abs=1.0)
    assert beta_binomial(*tally(nyc.merchant, nyc.won)).rho.value == pytest.approx(0.32, abs=0.01)


@pytest.mark.process
def test_mediation_itself_drifts_beyond_one_and_a_half_floors(nyc: Log) -> None:
    """The first ten months are that far from the other six, by durations and not by how disputes end."""
    fitted, unseen = nyc.between(None, date(2015, 10, 31)), nyc.between(date(2015, 11, 1), None)
    measures = measures_of(unseen)
    found, floor = distances(fitted, unseen, measures), noise_floor(unseen, measures)
    assert score(found, measures) > 1.5 * sum(one.mean for one in floor.values()) / len(floor)
    assert found["durations"] > 4 * floor["durations"].mean
    assert found["outcomes"] < floor["outcomes"].high


def test_mediation_arrivals_are_those_of_an_office(nyc: Log) -> None:
    """About nine a day, none at weekends, bursts of a shape between 4 and 15."""
    found = fit_direct(
        nyc.between(None, date(2015, 10, 31)),
        read_mapping(MAPS / "nyc.yaml"),
        scenarios.load("tmall_unresponsive"),
        scenarios.policy("mediation"),
    ).arrivals
    assert found is not None
    assert 8 < found.per_day.value < 10.5
    assert [fit.value for fit in found.weekdays[5:]] == [0, 0]
    assert found.burst is not None
    assert 4 < found.burst.value < 15


def test_other_months_are_further_than_halves_of_the_same(nyc: Log) -> None:
    """The office became faster: no fit to the first months can score at the floor on the others."""
    first, later = nyc.between(None, date(2015, 10, 31)), nyc.between(date(2015, 11, 1), None)
    measures = measures_of(later)
    floor = noise_floor(later, measures, times=20)
    apart = score(distances(first, later, measures), measures)
    assert apart > sum(floor[one.name].mean for one in measures) / len(measures)


def test_a_remedy_lowers_the_share_who_dispute_the_answer(cfpb: Log) -> None:
    """About .09 after relief and .21 after an explanation."""

    def asked(mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
        known = mask & ~np.isnan(cfpb.review_asked)
        return share(int(cfpb.review_asked[known].sum()), int(known.sum())).value

    assert asked(cfpb.won) == pytest.approx(0.09, abs=0.03)
    assert asked(~cfpb.won) == pytest.approx(0.21, abs=0.03)


def test_few_drivers_appeal_and_fewer_a_second_time(fines: Log) -> None:
    """Of notified fines .050 reach the prefecture; the time from there to its result is gamma."""
    filed = ~np.isnan(fines.moments["filed"])
    assert len(fines) == 4635
    assert filed.mean() == pytest.approx(0.050, abs=0.001)
    taken = between_moments(fines, fines.moments["filed"], fines.moments["ruled"])
    law = fit_delay(times_of(taken, ~np.isnan(taken), 24.0))
    assert law.family == "gamma"
    assert law.parts["shape"].value == pytest.approx(3.45, abs=0.6)
    assert (~np.isnan(fines.moments["review"])).sum() == 5 + 14
