"""What is published of disputes, and how each of it is counted in records; written down before any fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from benchmarks.validity.finding import near_share
from benchmarks.validity.worlds import word
from evenhand.sim.runs.records import Columns

DAYS, FOLLOWED, HALF_YEAR_MONTHS = 270, 45, 180 / 30.4375
FEW, MANY = 5, 50
"""Filings of a merchant in the counted time, up to which they are few, and from which they are many."""

Target = tuple[str, str, tuple[float, float] | None]
"""What it is, what is published, and what is near it; None where nothing comparable is published."""
Part = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""Which disputes have something, and among which that counts."""
OUTCOMES: Mapping[str, Target] = {
    "valid_claims_per_thousand_orders": ("real claims, of those declared (fitted)", "100 %", None),
    "remorse_claims_per_thousand_orders": (
        "claims of remorse, of those declared (fitted)",
        "100 %",
        None,
    ),
    "abusive_claims_per_thousand_orders": ("made-up claims, of those declared (fitted)", "100 %", None),
    "round_tens_share": ("partial refunds in tens (fitted)", "42 %, New York City", None),
    "round_fifties_share": ("in fifties (foretold)", "27 %, New York City", near_share(0.27)),
    "round_hundreds_share": ("in hundreds (foretold)", "20 %, New York City", near_share(0.20)),
    "settled_partial_share": (
        "agreed remedies that are money for part of it (foretold)",
        "61 % cash or a lower bill, New York City",
        near_share(0.61),
    ),
    "settled_goods_share": (
        "... repair, exchange, goods sent (foretold)",
        "23 %, New York City",
        near_share(0.23),
    ),
    "voice_share": (
        "grievances brought forward (foretold)",
        "45 to 78 %, United Kingdom, by how it is asked",
        near_share(0.45, 0.78),
    ),
    "withdrawn_after_filing_share": (
        "filings withdrawn (foretold)",
        "1.0 %, New York City",
        near_share(0.01),
    ),
    "settled_after_filing_share": ("filings settled", "31 %, employment tribunals, a quarter of 2017", None),
    "review_share": (
        "rulings with a review (foretold)",
        "5.0 %, Italian road fines; 6 to 8 %, ombudsman",
        near_share(0.05, 0.08),
    ),
    "review_share_wronged": ("... of wronged losers", "", None),
    "review_share_rightly_refused": ("... of losers rightly refused", "", None),
    "reversal_share": ("reviews that succeed (foretold)", "59.7 %, Italian road fines", near_share(0.597)),
    "buyer_win_share": ("won by the buyer (foretold)", "54.1 %, New York City", near_share(0.541)),
    "exits_per_month": (
        "shops that leave, a month (put in by group)",
        "4.6 to 5.9 %, eBay",
        None,
    ),
    "represented_share": (
        "filings by claims firms (put in)",
        "49 % before, 9 % after a fee, ombudsman",
        None,
    ),
}


def closed_early(d: Columns) -> NDArray[np.bool_]:
    """Disputes about orders of the counted time that have been followed for long enough, and ended."""
    first, last = 24.0 * 90, 24.0 * (DAYS - FOLLOWED)
    return np.asarray((d["order_at"] >= first) & (d["order_at"] < last) & ~np.isnan(d["closed_at"]))


def ended_well(d: Columns) -> Part:
    """Real claims that end with a settlement, or a refund by silence, without a filing."""
    well = word(d, "ending", "settled") | (word(d, "ending", "defaulted") & (d["share"] > 0))
    return well & np.isnan(d["filed_at"]), closed_early(d) & d["valid"]


def filed(d: Columns) -> Part:
    """Claims that come to the platform."""
    return ~np.isnan(d["filed_at"]), closed_early(d)


def made_up(d: Columns) -> Part:
    """Claims that are made up."""
    return word(d, "cause", "opportunistic", "malicious"), closed_early(d)


def repeated(d: Columns) -> Part:
    """Claims whose buyer has made another one in the counted time."""
    counted = closed_early(d)
    return np.bincount(d["buyer"], counted)[d["buyer"]] > 1, counted


def of_busiest_shops(d: Columns) -> Part:
    """Claims that the busiest tenth of the shops with any claim have."""
    counted = closed_early(d)
    claims = np.bincount(d["merchant"], counted)
    there = np.flatnonzero(claims)
    busiest = there[np.argsort(-claims[there], kind="stable")][: max(1, round(len(there) / 10))]
    return np.isin(d["merchant"], busiest), counted


def silent(d: Columns, fewest: int, most: float) -> Part:
    """Filings, of shops with so many, that the shop has not answered in time."""
    asked = closed_early(d) & ~np.isnan(d["handed_at"])
    filings = np.bincount(d["merchant"], asked)[d["merchant"]]
    return ~d["answered"].astype(np.bool_), asked & (filings >= fewest) & (filings <= most)


def won(d: Columns, represented: bool) -> Part:
    """Rulings that uphold the claim, of buyers with a claims firm or of those without."""
    ruled = closed_early(d) & word(d, "ending", "ruled")
    return d["upheld"].astype(np.bool_), ruled & (d["represented"] == represented)


COUNTED: tuple[tuple[Target, Callable[[Columns], Part]], ...] = (
    (
        (
            "real claims that end well before the platform (fitted)",
            "67 %: 52 of the 78 % acted on, United Kingdom",
            None,
        ),
        ended_well,
    ),
    (("claims that are filed", "15 % of shop and buyer do not settle, Hangzhou (paid by code)", None), filed),
    (("claims that are made up (put in)", "5 to 15 %, returns in the United States", None), made_up),
    (("claims of buyers with another in 135 days", "", None), repeated),
    (
        (
            "claims of the busiest tenth of shops with any (foretold)",
            "36 %, New York City",
            near_share(0.36),
        ),
        of_busiest_shops,
    ),
    (
        (
            f"not answered in time, shops with fewer than {FEW} filings (foretold)",
            "16.4 % with one, 5.8 % with 2 to 9, CFPB",
            near_share(0.058, 0.164),
        ),
        lambda d: silent(d, 1, FEW - 1),
    ),
    (
        (f"..., with {MANY} and more (foretold)", "0.7 %, CFPB", near_share(0.007)),
        lambda d: silent(d, MANY, np.inf),
    ),
    (("upheld with a claims firm (foretold)", "26 %, ombudsman", near_share(0.26)), lambda d: won(d, True)),
    (("upheld without one (foretold)", "38 %, ombudsman", near_share(0.38)), lambda d: won(d, False)),
)
