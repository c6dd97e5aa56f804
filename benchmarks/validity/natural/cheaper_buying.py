"""N4: cheaper buying without cheaper returning (free-shipping promotions). It cannot be run yet."""

from __future__ import annotations

from benchmarks.validity.natural.declaration import NaturalExperiment, Quantity, Source

EXPERIMENT = NaturalExperiment(
    key="N4",
    title="cheaper buying without cheaper returning",
    sources=(
        Source(
            "R1",
            "Shehu, Papies & Neslin, Journal of Marketing Research 57(4) 2020, abstract",
            "peer-reviewed",
        ),
    ),
    published=(
        "Free-shipping promotions of a European retailer: orders +11 %, a larger share returned, profit "
        "−0.7 %; a field experiment agrees on the sign."
    ),
    standing="foretold",
    set_by="",
    sets={},
    counted="Orders, returned share and profit with and without the promotion would be compared.",
    assumed=("margin, and handling of 15 to 27 % of the price",),
    lacking=(
        (
            "prices and shipping fees, and demand that responds to them: orders follow rank, season and "
            "who is there"
        ),
        "the buyer's choice to keep or send back what he bought on the margin",
        "merchants' profit on a sale",
    ),
    quantities=(
        Quantity("orders", "+11 %", "change", (0.05, 0.15), 1, possible=False),
        Quantity("share returned", "up", "points", sign=1, possible=False),
        Quantity("profit", "−0.7 %", "change", (-0.03, 0.01), possible=False),
    ),
    measure=None,
    reason="It cannot be run: buying is no choice in the model.",
)
