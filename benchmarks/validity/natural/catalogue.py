"""All natural experiments, in the order of the list that they were published from."""

from __future__ import annotations

from benchmarks.validity.natural import (
    automatic_decisions,
    cheaper_buying,
    consent_notice,
    fee_on_representatives,
    first_bad_mark,
    flat_fee,
    guarantee,
    hassle_of_returns,
    honest_ratings,
    later_buying,
    machine_first,
    who_answers,
)
from benchmarks.validity.natural.declaration import NaturalExperiment

WORLDS = 10
NATURAL: dict[str, NaturalExperiment] = {
    one.EXPERIMENT.key: one.EXPERIMENT
    for one in (
        fee_on_representatives,
        flat_fee,
        hassle_of_returns,
        cheaper_buying,
        first_bad_mark,
        honest_ratings,
        guarantee,
        consent_notice,
        automatic_decisions,
        who_answers,
        later_buying,
        machine_first,
    )
}
