"""Signs 1, 2, 5, 6 and 13: claims follow what they get, cost and risk, and come to rest."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from evenhand.sim.policy.policy import merge
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.vocabulary import CAUSES
from tests.support import small
from tests.support.claimants import EVEN, claims, lived, market
from tests.support.signs.effect import Effect, Floats

GENEROUS: dict[str, Any] = {
    "decision": {
        "standard": 0.001,
        "band": 0.0,
        "automatic": {"enabled": True, "ex_parte": True, "max_amount": 1e9, "max_buyer_strikes": 1_000_000},
    },
    "screening": {"minimum_evidence": 0},
}
"""Everything is refunded unheard."""
NOTHING = {"screening": {"heard": False}}
KEPT = {"returns": {"required": False}}
SALVAGE = {"causes": {key: {"salvage": 0.7} for key in CAUSES}}
FLAT = {"screening": {"filing_fee": 25.0}}
LOSER_PAYS = {"screening": {"filing_fee": 25.0, "loser_pays": True}}
RECORD: dict[str, Any] = {
    "sanctions": {"strike_for_loss": True},
    "screening": {"record_window": "365 d"},
}
GATE = merge(RECORD, {"screening": {"abuse_limit": 3}})


@cache
def reference() -> Run:
    """Two years under the small rules."""
    return lived(market(), small.policy())


def generous_rules() -> list[Effect]:
    """Groundless claims where all is refunded unheard, and where nothing is, beside the rules as they are."""
    generous, nothing = (lived(market(), small.policy(rules)) for rules in (GENEROUS, NOTHING))
    found = []
    for kind in ("remorse", "made up"):
        usual = claims(reference(), kind)
        more, less = claims(generous, kind) / usual, claims(nothing, kind) / usual
        found += [
            Effect.over(f"{kind}: all refunded unheard, over as it is", more, "ratio", above=1.0),
            Effect.over(f"{kind}: nothing refunded, over as it is", less, "ratio", below=1.0),
        ]
    return found


def word_spreads() -> list[Effect]:
    """How much more there are in the second year than in the first: twenty worlds, as few claim."""
    generous, usual = (lived(market(), small.policy(rules), replications=20) for rules in (GENEROUS, {}))
    years = [claims(generous, "groundless", y) / claims(usual, "groundless", y) for y in (0, 1)]
    return [
        Effect.over(
            "groundless claims, all refunded: second year over first", years[1] / years[0], "ratio", above=1.0
        )
    ]


def kept_goods() -> list[Effect]:
    """Claims where the goods are kept beside those where they go back, and what merchants lose by one.

    The latter in a market where goods that come back are worth something.
    """
    kept = lived(market(), small.policy(KEPT))
    lost = [_lost_by_merchants(lived(market(SALVAGE), small.policy(rules), 1)) for rules in (KEPT, {})]
    return [
        *(
            Effect.over(
                f"{kind} claims: goods kept over goods returned",
                claims(kept, kind) / claims(reference(), kind),
                "ratio",
                above=1.0,
            )
            for kind in ("valid", "groundless")
        ),
        Effect.over(
            "merchants' loss by a paid claim, of the price: kept less returned",
            lost[0] - lost[1],
            "points",
            above=0.0,
        ),
    ]


def _lost_by_merchants(run: Run) -> Floats:
    d = run.disputes
    paid = d["merchant_paid"] > 0
    lost = (d["merchant_paid"] + d["merchant_freight"] - d["merchant_salvage"]) / d["amount"]
    worlds = d["replication"][paid]
    return np.bincount(worlds, lost[paid], run.replications) / np.bincount(worlds, minlength=run.replications)


def _small_ones(run: Run) -> Floats:
    d = run.disputes
    mine = d["valid"].astype(bool) & (d["amount"] < 60) & np.isfinite(d["filed_at"])
    return np.bincount(d["replication"][mine], minlength=run.replications).astype(float)


def fees() -> list[Effect]:
    """What a flat fee keeps out, and what one that losers bear."""
    flat, loser = (lived(market(), small.policy(rules)) for rules in (FLAT, LOSER_PAYS))
    valid = claims(flat, "valid", filed=True) / claims(reference(), "valid", filed=True)
    few = _small_ones(flat) / _small_ones(reference()) / valid
    groundless = claims(loser, "groundless", filed=True) / claims(reference(), "groundless", filed=True)
    apart = groundless / (claims(loser, "valid", filed=True) / claims(reference(), "valid", filed=True))
    return [
        Effect.over("valid filings: flat fee over none", valid, "ratio", below=1.0),
        Effect.over("the same of small amounts, over that of all", few, "ratio", below=1.0),
        Effect.over(
            "loser pays: groundless filings' fall over that of valid ones", apart, "ratio", below=1.0
        ),
    ]


def gate() -> list[Effect]:
    """Claims with three strikes and without, where few claim much and where all are alike."""
    found, made_up = [], []
    for name, changes in (("few claim much", {}), ("all alike", EVEN)):
        shut, open_ = (lived(market(changes), small.policy(rules)) for rules in (GATE, RECORD))
        made_up.append(claims(shut, "made up") / claims(open_, "made up"))
        valid = claims(shut, "valid") / claims(open_, "valid")
        found.append(Effect.over(f"valid claims, {name}: gate over none", valid, "ratio", above=0.95))
    few, even = made_up
    return [
        Effect.over("made-up claims, few claim much: gate over none", few, "ratio", below=0.97),
        Effect.over("made-up claims, all alike: gate over none", even, "ratio", above=0.93),
        Effect.over("the first less the second", few - even, "points", below=0.0),
        *found,
    ]


def rest() -> list[Effect]:
    """Claims of the third year beside those of the second."""
    run = lived(market(), small.policy(), 3)
    return [
        Effect.over(
            f"{kind} claims: third year over second",
            claims(run, kind, 2) / claims(run, kind, 1),
            "ratio",
            above=0.97,
            below=1.03,
            touches=True,
        )
        for kind in ("valid", "groundless")
    ]
