"""After filing: cures, waits that the parties end, what losers make of rulings, consent, compliance."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.analysis import outcomes
from evenhand.sim.lifecycle import codes
from evenhand.sim.policy.compile import BUYER, MERCHANT
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.scenario import Scenario
from tests.support import invariants, patch, waiting
from tests.support.runs import compiled, differing, simpy
from tests.support.signs import filings as signs
from tests.support.signs.effect import hold
from tests.support.signs.filings import doors, not_admitted, reviewed

POLICIES: dict[str, dict[str, Any]] = {
    "as it is": waiting.ANYHOW,
    "cure": waiting.CURE,
    "consent": {"consent": {"of": ["merchant", "buyer"]}, "decision": {"binding": False}},
    "mediation": {"mediation": {"rounds": 3, "push": 0.2}, "screening": {"mode": "automatic"}},
}
DRAWN = (
    "position",
    "order_at",
    "delivery",
    "inspection",
    "buyer",
    "merchant",
    "cause",
    "claimed",
    "valid",
    "amount",
    "severity",
    "loss",
    "hostile",
    "effort",
    "buyer_weight",
    "merchant_weight",
    "buyer_kinds",
)


GROUPS = ("new", "regular")


@cache
def run_of(name: str) -> Run:
    """Two replications under one of these."""
    return compiled(waiting.scenario(), waiting.rules(POLICIES[name]), seed=13, replications=2)


@pytest.mark.parametrize("name", POLICIES)
def test_both_engines_agree_to_the_bit(name: str) -> None:
    """Choices after filing are arithmetic that both engines do in the same order."""
    slow = simpy(waiting.scenario(), waiting.rules(POLICIES[name]), seed=13, replications=2)
    assert differing(run_of(name), slow) == []


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("invariant", invariants.ALL, ids=lambda some: some.__name__)
def test_accounts_are_in_order(invariant: Any, name: str) -> None:
    """Cures, agreements while waiting and rulings not carried out leave no hole in the accounts."""
    invariant(run_of(name))


def pair(one: Scenario, other: Scenario, changes: dict[str, Any], **arguments: Any) -> tuple[Run, Run]:
    """The same worlds under the same rules with two kinds of people, who do not learn."""
    given: dict[str, Any] = {"seed": 3, "open_loop": True, **arguments}
    policy = waiting.rules(changes)
    return compiled(one, policy, **given), compiled(other, policy, **given)


def drawn_alike(one: Run, other: Run) -> list[str]:
    """Drawn columns that differ."""
    return [name for name in DRAWN if one.disputes[name].tobytes() != other.disputes[name].tobytes()]


# --- filings that are sent back ----------------------------------------------------------------------


def test_a_cure_loses_fewer_valid_claims() -> None:
    """Sign 11: sent back with the reason, fewer real grievances end at the door, in the same worlds."""
    hold(signs.cure())


def test_a_cure_lets_real_grievances_in_rather_than_others() -> None:
    """Of those sent back more valid claims are cured than groundless ones: there is something to bring."""
    d = doors("cure").disputes
    back = (d["sent_back_for"] == codes.TOO_LITTLE_EVIDENCE) & (d["ending"] != codes.OPEN)
    cured, valid = d["cured"].astype(bool), d["valid"].astype(bool)
    assert cured[back & valid].mean() > cured[back & ~valid].mean() + 0.1
    assert (d["reason"][back & ~cured & not_admitted(doors("cure"))] == codes.TOO_LITTLE_EVIDENCE).all()


def test_a_cure_moves_nobodys_luck_and_nobody_else() -> None:
    """Disputes that are not sent back have the same draws, and those that are not filed the same record."""
    one, other = doors("cure"), doors("final")
    assert drawn_alike(one, other) == []
    unfiled = np.isnan(one.disputes["filed_at"])
    moved = [
        name
        for name in one.disputes
        if name != "rating_after"
        and one.disputes[name][unfiled].tobytes() != other.disputes[name][unfiled].tobytes()
    ]
    assert moved == []
    assert not other.disputes["cured"].any()
    assert (other.disputes["sent_back_for"] == codes.NO_REASON).all()


def test_talks_that_were_skipped_are_made_up_for() -> None:
    """Who has skipped required talks is told to have them; some agree in these, the others are heard."""
    d = doors("cure").disputes
    skipped = d["sent_back_for"] == codes.TALKS_SKIPPED
    assert (d["reason"][skipped] == codes.AGREED_IN_TALKS).sum() > 5
    assert np.isin(d["ending"][skipped & d["cured"].astype(bool)], [codes.RULED, codes.DEFAULTED]).sum() > 5


def test_no_time_is_no_cure() -> None:
    """A window of nothing is a final refusal, but for a proof that takes no time."""
    rules = patch.lay_over(waiting.CURE, {"windows": {"cure": "0 h"}, "negotiation": {"required": False}})
    d = compiled(waiting.only("waiting", False), waiting.rules(rules), seed=5).disputes
    assert (d["sent_back_for"] == codes.TOO_LITTLE_EVIDENCE).sum() > 20
    assert not d["cured"].any()


# --- waits -------------------------------------------------------------------------------------------


def parted(run: Run, *reasons: int) -> NDArray[np.bool_]:
    """Disputes that their parties ended while they waited."""
    chosen = reasons or (codes.AGREED_WHILE_WAITING, codes.LOST_INTEREST, codes.PERFORMED)
    return np.isin(run.disputes["reason"], chosen)


def test_the_switch_of_waits_moves_waits_and_nobodys_luck() -> None:
    """On, some settle, withdraw and perform; off, nobody does; unfiled disputes are the same to the bit."""
    on, off = pair(waiting.only("waiting"), waiting.only("waiting", False), {}, replications=3)
    assert drawn_alike(on, off) == []
    for reason in (codes.AGREED_WHILE_WAITING, codes.LOST_INTEREST, codes.PERFORMED):
        assert parted(on, reason).sum() > 5, reason
    assert not parted(off).any()
    assert np.isnan(off.disputes["parts_after"]).all()
    unfiled = np.isnan(on.disputes["filed_at"])
    same = [n for n in on.disputes if n != "rating_after"]
    moved = [n for n in same if on.disputes[n][unfiled].tobytes() != off.disputes[n][unfiled].tobytes()]
    assert moved == []


def test_longer_waits_are_ended_more_often() -> None:
    """A hazard takes its time: twice the window for the answer, more of the cases end in it."""
    shares = []
    for days in (2, 12):
        rules = {"windows": {"merchant_evidence": f"{days} d"}}
        slow = {"merchants": {"groups": {"small": {"reply": {"law": "constant", "value": "30 d"}}}}}
        people = patch.lay_over({"behaviour": {"after_filing": {"opinions": {"enabled": False}}}}, slow)
        run = compiled(waiting.scenario(people), waiting.rules(rules), seed=3, replications=2)
        shares.append(parted(run).sum() / (~np.isnan(run.disputes["filed_at"])).sum())
    assert shares[1] > shares[0] + 0.05, shares


def test_no_hazard_is_no_end() -> None:
    """Each hazard has a rate of its own, and at 0 nothing comes of it."""
    rates = {
        "settle": codes.AGREED_WHILE_WAITING,
        "withdraw": codes.LOST_INTEREST,
        "perform": codes.PERFORMED,
    }
    for name in rates:
        run = compiled(waiting.only("waiting", **{name: 0.0}), waiting.rules(), seed=3, replications=4)
        found = {other: parted(run, reason).sum() for other, reason in rates.items()}
        assert found.pop(name) == 0
        assert min(found.values()) > 3, found


def test_a_buyers_patience_counts_once() -> None:
    """Where giving up is one of the hazards of waiting, how long a buyer would stay decides nothing."""
    short, long = (
        compiled(
            waiting.scenario({"buyers": {"groups": {name: {"platform_patience": law} for name in GROUPS}}}),
            waiting.rules(),
            seed=3,
        )
        for law in ({"law": "constant", "value": "1 h"}, {"law": "constant", "value": "900 d"})
    )
    assert drawn_alike(short, long) == []
    assert (short.disputes["reason"] == codes.LOST_INTEREST).any()
    assert not (short.disputes["reason"] == codes.BUYER_WITHDREW).any()
    for name in ("ending", "reason", "closed_at"):
        assert short.disputes[name].tobytes() == long.disputes[name].tobytes(), name


def test_who_agrees_while_waiting_gets_what_he_would_have_asked_for() -> None:
    """An agreement is worth something to the buyer and is no remedy that talks do not know."""
    d = run_of("as it is").disputes
    agreed = (d["reason"] == codes.AGREED_WHILE_WAITING) & (d["ending"] == codes.SETTLED)
    assert agreed.sum() > 10
    assert (d["buyer_value"][agreed] > 0).all()
    late = (d["reason"] == codes.PERFORMED) & (d["ending"] == codes.SETTLED)
    assert (d["refund"][late & (d["remedy"] != 1)] == 0).all()


# --- reasons -----------------------------------------------------------------------------------------


@pytest.mark.process
def test_reasons_make_fewer_losers_ask_again() -> None:
    """Sign 9: with full reasons fewer losers ask than with none, and short reasons lie between."""
    hold(signs.reasons())


def test_reasons_do_not_silence_the_wronged_before_the_others() -> None:
    """Sign 9: of those who asked without reasons, no smaller a part of the wronged still asks with them."""
    for effect in signs.still_asked():
        assert effect.holds, effect
        assert effect.value >= 0.0


def test_an_opinion_moves_towards_the_ruling_and_not_past_it() -> None:
    """Only the opinion of one against whom it goes moves, by a part of its way."""
    d = reviewed("full").disputes
    ruled = ~np.isnan(d["buyer_opinion"]) & (d["reviews"] == 0)
    said = 1.5 * (2 * d["first_share"] - 1)
    for side, sign in (("buyer", -1), ("merchant", 1)):
        way = (said - d[f"{side}_opinion"])[ruled]
        moved = d[f"{side}_persuaded"][ruled]
        against = sign * way > 0
        assert (moved[~against] == 0).all()
        assert (sign * moved[against] > 0).all()
        assert (np.abs(moved[against]) < np.abs(way[against])).all()


def test_who_asks_expects_to_gain_by_it() -> None:
    """The record holds gain and cost of the first review, and they say who asked."""
    d = reviewed("none").disputes
    for side, number in (("buyer", BUYER), ("merchant", MERCHANT)):
        asks = (d["review_by"] == number) & (d["reviews"] == 1)
        assert asks.sum() > 20
        gain, cost = d[f"{side}_review_gain"], d[f"{side}_review_cost"]
        known = asks & ~np.isnan(gain)
        assert known.sum() >= asks.sum()
        assert (gain > cost)[known].all()


def test_opinions_off_no_reasons_count() -> None:
    """The switch: with it off reasons change no record."""
    runs = [
        compiled(waiting.only("opinions", False), waiting.rules({"decision": {"reasons": one}}), seed=2)
        for one in ("none", "full")
    ]
    assert differing(*runs) == []
    assert np.isnan(runs[0].disputes["buyer_opinion"]).all()


# --- consent and compliance --------------------------------------------------------------------------

CONSENT: dict[str, Any] = {"consent": {"of": ["merchant"]}}


def test_consent_is_the_least_of_three_costs() -> None:
    """Who consents would pay more otherwise, who settles too, and who ignores the notice saves by it."""
    run = compiled(waiting.only("consent"), waiting.rules(CONSENT), seed=6, replications=2)
    d = run.disputes
    asked = ~np.isnan(d["ignoring_cost"]) & (d["ending"] != codes.OPEN)
    settling = np.where(np.isnan(d["settling_cost"]), np.inf, d["settling_cost"])
    lapsed = asked & (d["reason"] == codes.NOBODY_CONSENTED)
    settled = asked & (d["reason"] == codes.AGREED_ON_NOTICE)
    judged = asked & ~np.isnan(d["ruled_at"])
    assert min(lapsed.sum(), settled.sum(), judged.sum()) > 5
    assert (settling <= np.minimum(d["ignoring_cost"], d["judged_cost"]))[settled].all()
    assert (d["judged_cost"] <= d["ignoring_cost"])[judged].all()
    cheapest = (d["ignoring_cost"] <= d["judged_cost"]) & (d["ignoring_cost"] <= settling)
    assert cheapest[lapsed].mean() > 0.8  # the others agreed too late for the window


def test_a_dearer_forum_is_entered_less() -> None:
    """A fee for the answer makes fewer merchants consent to be judged; a coin would not care."""
    shares = []
    for fee in (0, 40):
        rules = patch.lay_over(CONSENT, {"answer": {"fee": fee}})
        run = compiled(waiting.only("consent"), waiting.rules(rules), seed=6, replications=2)
        d = run.disputes
        asked = ~np.isnan(d["ignoring_cost"])
        shares.append((d["judged_cost"] < d["ignoring_cost"])[asked].mean())
    assert shares[1] < shares[0] - 0.02, shares


def test_rulings_that_do_not_bind_are_carried_out_by_chance() -> None:
    """Few, more or all; where all comply the record is that of rulings that bind, to the bit."""
    free = {"decision": {"binding": False}}
    shares = {}
    for complies in (0.3, 0.6, 1.0):
        people = waiting.scenario({"behaviour": {"after_filing": {"complies": complies}}})
        run = compiled(people, waiting.rules(free), seed=4, replications=2)
        shares[complies] = outcomes(run, ["compliance_share"])["compliance_share"].value
        defied = run.disputes["defied"].astype(bool)
        assert (run.disputes["refund"][defied] == 0).all()
        assert (run.disputes["reason"][defied] == codes.NOT_COMPLIED).all()
    assert 0.1 < shares[0.3] < 0.5
    assert 0.45 < shares[0.6] < 0.75
    assert shares[1.0] == 1
    assert differing(compiled(people, waiting.rules(), seed=4, replications=2), run) == []


def test_a_platform_that_nobody_obeys_is_not_asked() -> None:
    """What is never carried out is worth nothing to a buyer, who weighs it before he files."""
    people = waiting.scenario({"behaviour": {"after_filing": {"complies": 0.0}}})
    asked = []
    for binding in (True, False):
        run = compiled(people, waiting.rules({"decision": {"binding": binding}}), seed=4)
        asked.append((~np.isnan(run.disputes["filed_at"])).sum())
    assert asked[1] < 0.1 * asked[0]


# --- hearings ----------------------------------------------------------------------------------------


@cache
def heard(order: str = "hearing", number: int = 3, gap: str = "3 d") -> Run:
    """Cases that a busy desk decides after so many hearings."""
    rules = {"decision": {"hearings": {"number": number, "gap": gap, "order": order}}}
    busy = {"desks": {"decision": {"staff": 1, "service": {"law": "constant", "value": "3 h"}}}}
    return compiled(waiting.scenario(busy), waiting.rules(rules), seed=7, replications=2)


def test_hearings_agree_in_both_engines() -> None:
    """Adjourned cases, and parties that end them between hearings, are the same to the bit."""
    rules = waiting.rules({"decision": {"hearings": {"number": 3, "gap": "3 d", "order": "case"}}})
    runs = [engine(waiting.scenario(), rules, seed=7) for engine in (compiled, simpy)]
    assert differing(*runs) == []
    for invariant in invariants.ALL:
        invariant(runs[0])


def test_hearings_take_time_and_no_more_work() -> None:
    """Three hearings instead of one: the same hours of the desk, at least two gaps more."""
    one, three = heard(number=1).disputes, heard().disputes
    ruled = ~np.isnan(three["ruled_at"]) & (three["hearings"] > 0)
    assert (three["hearings"][ruled] == 3).all()
    assert (three["ruled_at"] - three["handed_at"])[ruled].min() >= 144
    work = {}
    for name, d in (("one", one), ("three", three)):
        rows = (d["hearings"] > 0) & ~np.isnan(d["ruled_at"])
        keys = zip(d["replication"][rows], d["dispute"][rows], strict=True)
        work[name] = dict(zip(keys, d["decision_hours"][rows], strict=True))
    both = work["one"].keys() & work["three"].keys()
    assert len(both) > 50
    assert [work["three"][key] for key in both] == pytest.approx([work["one"][key] for key in both])


def test_cases_that_have_begun_end_sooner_where_they_go_first() -> None:
    """By case, a case is through sooner after its first hearing than where each hearing waits its turn."""
    took = []
    for order in ("case", "hearing"):
        run = heard(order, gap="0 h")
        e, d = run.events, run.disputes
        held = e["activity"] == codes.HEARING_HELD
        first = {}
        for world, case, at in zip(e["replication"][held], e["case"][held], e["time"][held], strict=True):
            first.setdefault((world, case), at)
        ruled = ~np.isnan(d["ruled_at"])
        rows = zip(d["replication"][ruled], d["dispute"][ruled], d["ruled_at"][ruled], strict=True)
        took.append(np.mean([at - first[key] for *key_, at in rows if (key := tuple(key_)) in first]))
    assert took[0] < 0.5 * took[1], took
