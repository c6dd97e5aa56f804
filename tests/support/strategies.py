"""Policies for property tests: any rule set that the schema allows, with every rule in reach."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st

from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.vocabulary import EVIDENCE_KINDS, VALID_CAUSES, PlatformKind

DAYS = 30
"""Runs are this long; no window is longer."""

shares = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1))
money = st.one_of(st.just(0.0), st.floats(0, 50))
nats = st.floats(-4, 4)
inside = st.floats(0.05, 0.95)
causes = st.lists(st.sampled_from(VALID_CAUSES), unique=True)
windows = st.one_of(
    st.just("0 h"),
    st.integers(1, DAYS * 24).map(lambda hours: f"{hours} h"),
    st.integers(0, DAYS).map(lambda days: f"{days} business days"),
)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with any of these fields; those left out keep their defaults."""
    return st.fixed_dictionaries({}, optional=fields)


PANELS = st.integers(1, 9).flatmap(
    lambda size: some(
        majority=st.floats(0.5, 0.9),
        quorum=st.integers(1, size),
        early_stop=st.booleans(),
        voting=windows,
        fallback=st.sampled_from(["desk", "buyer", "merchant"]),
        reveal=windows,
        visible=st.booleans(),
        stake=money,
        slashed=shares,
        fee=money,
        eligible=st.floats(0.01, 1),
        training=money,
        cap=st.one_of(st.none(), st.integers(1, 2)),
        cap_period=st.integers(1, 200),
    ).map(lambda rest: {"size": size, **rest})
)
OF_RECORDS = {"false_alarms": shares, "cost": money}
OF_PICTURES = {**OF_RECORDS, "machine_made": st.one_of(st.none(), shares)}
DETECTORS = st.fixed_dictionaries(
    {},
    optional={
        kind: st.fixed_dictionaries({"detection": shares}, optional=own)
        for own, kinds in (
            (OF_PICTURES, ("photo", "video")),
            (OF_RECORDS, ("dispatch_record", "purchase_voucher")),
        )
        for kind in kinds
    },
)
CHECKS = some(
    share=shares,
    detection=shares,
    hours=st.floats(0, 9),
    inference=nats,
    detectors=DETECTORS,
    on_request=st.booleans(),
    request_fee=money,
)
REPRESENTED = money.flatmap(
    lambda fee: some(
        enabled=st.booleans(),
        credit=st.floats(0, fee),
        free=st.integers(0, 3),
        period=st.integers(1, 2000),
    ).map(lambda rest: {"fee": fee, **rest})
)
DECISIONS = some(
    decider=st.sampled_from(["desk", "panel"]),
    discipline=st.sampled_from(["fifo", "largest_amount", "smallest_amount", "oldest_order"]),
    standard=inside,
    band=st.floats(0, 2),
    partial_share=shares,
    remedy=st.sampled_from(["full", "proportional"]),
    thin_inference=nats,
    history=some(buyer=nats, merchant=nats),
    automatic=some(
        enabled=st.booleans(),
        max_amount=st.floats(0, 500),
        margin=st.floats(0, 2),
        max_buyer_strikes=st.integers(0, 3),
        causes=causes,
        ex_parte=st.booleans(),
    ),
    checks=CHECKS,
    reasons=st.sampled_from(["none", "short", "full"]),
    binding=st.booleans(),
    hearings=some(
        number=st.integers(1, 4), gap=st.integers(0, 100), order=st.sampled_from(["hearing", "case"])
    ),
    panel=PANELS,
)
REVIEWS = some(
    limit=st.integers(0, 4),
    who=st.sampled_from([["buyer"], ["merchant"], ["buyer", "merchant"]]),
    new_evidence=st.booleans(),
    decider=st.sampled_from(["desk", "panel"]),
    other_arbiter=st.booleans(),
    size_factor=st.floats(1, 2),
    size_plus=st.integers(0, 3),
    fee_share=st.floats(0, 0.1),
    fee_fixed=money,
    loser_pays=st.booleans(),
    deference=nats,
    fee_per_seat=money,
    match_share=st.one_of(st.just(0.0), st.floats(0, 3)),
    suspends=st.booleans(),
    admit_new=st.booleans(),
    panel_size=st.one_of(st.none(), st.integers(1, 9)),
)
WINDOWS = some(
    **dict.fromkeys(
        (
            "file",
            "negotiate",
            "merchant_reply",
            "escalate",
            "merchant_evidence",
            "buyer_evidence",
            "mediate",
            "ship",
            "confirm",
            "review",
            "consent",
            "offers",
            "accept",
            "match",
            "cure",
        ),
        windows,
    )
)
SANCTIONS = some(
    rating_step=shares,
    points_loss=money,
    points_default=money,
    points_forgery=money,
    rating_half_life=st.floats(0, 900),
    points_limit=st.one_of(st.none(), st.floats(0.5, 30)),
    suspension=windows.filter(lambda window: "business" not in window),
    strike_for_loss=st.booleans(),
)
PARTS: dict[str, st.SearchStrategy[Any]] = {
    "windows": WINDOWS,
    "negotiation": some(
        required=st.booleans(),
        rounds=st.integers(0, 5),
        silence=st.sampled_from(["escalate", "refund"]),
        escalation=st.sampled_from(["buyer", "automatic"]),
    ),
    "consent": some(of=st.sampled_from([[], ["merchant"], ["buyer", "merchant"]])),
    "offers": some(enabled=st.booleans(), officer_needs=st.sampled_from(["both", "either"])),
    "screening": some(
        mode=st.sampled_from(["desk", "automatic"]),
        minimum_evidence=st.integers(0, 6),
        request_cap=st.one_of(st.none(), st.integers(1, 3)),
        request_period=st.integers(0, 2000),
        abuse_limit=st.one_of(st.none(), st.integers(1, 3)),
        filing_fee=money,
        heard=st.sampled_from([True, True, False]),
        record_window=st.integers(0, 500),
        merchant_fee=money,
        loser_pays=st.booleans(),
        not_admitted=st.sampled_from(["final", "cure"]),
        represented=REPRESENTED,
    ),
    "answer": some(
        silence=st.sampled_from(["buyer_wins", "adverse_inference", "decide_on_file", "close"]),
        inference=nats,
        extension_share=shares,
        extension=st.integers(0, 200),
        supplement=st.booleans(),
        required=st.sampled_from([[], ["dispatch_record"], ["chat_log", "photo"]]),
        fee=money,
        requested=st.lists(st.sampled_from(EVIDENCE_KINDS), unique=True, max_size=3),
        non_cooperation=nats,
        rebuttal=st.booleans(),
    ),
    "evidence": some(
        platform_sees=st.dictionaries(st.sampled_from(get_args(PlatformKind)), shares),
        packaging_causes=causes,
        packaging_inference=nats,
    ),
    "mediation": some(rounds=st.integers(0, 4), push=shares, give_up=shares),
    "burden": some(
        prior=inside,
        weight=nats,
        default=st.sampled_from(["buyer", "merchant", "nobody"]),
        by_cause=st.dictionaries(st.sampled_from(VALID_CAUSES), st.sampled_from(["buyer", "merchant"])),
    ),
    "decision": DECISIONS,
    "review": REVIEWS,
    "returns": some(
        required=st.booleans(),
        exempt=causes,
        freight=st.sampled_from(["buyer", "merchant"]),
        freight_cost=money,
        no_reason=st.booleans(),
    ),
    "funding": some(
        payer=st.sampled_from(["merchant", "platform"]),
        platform_below=st.floats(0, 300),
        platform_if_rating=shares,
        platform_cap=st.one_of(st.none(), st.floats(1, 90)),
        platform_after_review=st.booleans(),
    ),
    "sanctions": SANCTIONS,
}
WHEN = some(
    causes=causes,
    goods=st.sampled_from([["ordinary"], ["durable"]]),
    goods_in_hand=st.booleans(),
    amount_from=st.floats(0, 300),
    amount_below=st.floats(1, 300),
    within=st.integers(0, 200),
    rating_from=shares,
    rating_below=st.floats(0.1, 1),
    filings_from=st.integers(0, 3),
    refunds_from=shares,
    strikes_from=st.integers(0, 2),
    review=st.integers(0, 3),
    seats=st.integers(0, 12),
)
EXCEPTIONS = st.lists(
    st.tuples(
        WHEN,
        st.sampled_from(sorted(PARTS)).flatmap(lambda name: PARTS[name].map(lambda values: {name: values})),
    ),
    max_size=2,
).map(lambda rows: {f"e{i}": {"when": when, "changes": changes} for i, (when, changes) in enumerate(rows)})
FIELDS = {**PARTS, "exceptions": EXCEPTIONS}
REFORMS = st.lists(st.tuples(st.integers(0, DAYS), st.booleans(), some(**FIELDS)), max_size=2).map(
    lambda rows: [
        {"starts": starts, "retroactive": retroactive, "changes": changes}
        for starts, retroactive, changes in sorted(rows, key=lambda row: row[0])
    ]
)


def _valid(data: dict[str, Any]) -> Policy | None:
    """The policy, unless a reform's panel has a quorum that does not fit the size it inherits."""
    try:
        policy = Policy.model_validate({"title": "Generated rules", **data})
        policy.versions()
    except ValueError:
        return None
    return policy


def fits(policy: Policy | None) -> bool:
    """Default windows may be longer than these runs; a generated policy then stands for none."""
    if policy is None:
        return False
    return all(
        window.hours <= DAYS * 24
        for _, version in policy.versions()
        for steps in version.steps
        for plan, _ in steps
        for window in [getattr(plan.windows, name) for name in type(plan.windows).model_fields]
    )


def policies(*, reforms: bool = True) -> st.SearchStrategy[Policy]:
    """Valid policies, with up to two reforms."""
    fields = {**FIELDS, "reforms": REFORMS} if reforms else FIELDS
    return some(**fields).map(_valid).filter(fits)  # type: ignore[return-value]
