"""From the order to the end of the talks: the grievance arises, the parties talk, or do not."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.claiming import is_claimed, keep_quiet, surely_quiet
from evenhand.sim.lifecycle.codes import (
    BY_SILENCE,
    COMPLAINED,
    DEFAULTED,
    HEAR_OFFER,
    LOST_PATIENCE,
    NOTICE,
    REPLY_LAPSED,
    REPLY_WINDOW_CLOSED,
    SILENT_IN_TALKS,
    TALKS_CLOSED,
    TALKS_FAILED,
    TALKS_OVER,
)
from evenhand.sim.lifecycle.enforcement import enforce
from evenhand.sim.lifecycle.filing import consider_filing
from evenhand.sim.lifecycle.presence import is_here
from evenhand.sim.lifecycle.reply import reply_of_merchant
from evenhand.sim.lifecycle.rule_variants import select_variant
from evenhand.sim.lifecycle.sales import sales
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import (
    Transition,
    deadline,
    log_event,
    stage,
    stop,
    talk_of,
    version_at,
    wait,
)
from evenhand.sim.lifecycle.turnover import present
from evenhand.sim.policy.compile import MERCHANT, MERCHANT_REPLY_WINDOW, NEGOTIATE_WINDOW, PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import N_VALID, REMORSE


@stage
def chance_at_shop(m: int, cause: int, now: float, world: World, state: State) -> float:
    """Share of the candidates of a cause that its merchant lets happen, whoever the buyer is."""
    likely = sales(m, now, world, state) / world.habits.ranking_highest
    if cause < N_VALID:
        likely *= state.merchants[m].problem / world.habits.problem_ceiling
    return likely


@stage
def comes(d: int, now: float, world: World, state: State) -> bool:
    """Whether an order goes wrong, or a claim is made up; the chance depends on what has happened.

    The candidate was drawn at the highest possible rate; its own uniform decides whether it happens. Asked
    twice at the same time, the answer is the same.
    """
    case = world.cases[d]
    if not present(case.merchant, now, world, state):
        return False
    likely = chance_at_shop(long(case.merchant), long(case.cause), now, world, state)
    return case.happens < likely and comes_to_shop(d, likely, now, world, state)


@stage
def comes_to_shop(d: int, likely: float, now: float, world: World, state: State) -> bool:
    """The same of a candidate that its merchant lets happen, with the chance that it gives."""
    case = world.cases[d]
    if not is_here(d, now, world, state):
        return False
    if case.cause > REMORSE and not world.habits.claims_enabled:
        likely *= state.buyers[case.buyer].boldness / world.habits.habit_ceiling
    return case.happens < likely


@stage
def order_placed(d: int, now: float, world: World, state: State) -> Transition:
    """The goods are on their way, and will give reason to complain, or an occasion to."""
    if not comes(d, now, world, state):
        return stop()
    return occasion_arises(d, world, state)


@stage
def occasion_arises(d: int, world: World, state: State) -> Transition:
    """The order of a candidate of which something comes."""
    case = world.cases[d]
    state.disputes[d].exists = True
    state.disputes[d].life = state.merchants[case.merchant].life
    return wait(NOTICE, case.delivery + case.inspection)


@stage
def looks_at_rules(d: int, now: float, world: World, policy: PolicyRules, state: State) -> bool:
    """The buyer notices, under the rules of this day; whether it may be worth a claim, whatever he holds."""
    mine = state.disputes[d]
    mine.weighed = True
    select_variant(d, now, version_at(policy, now), world, policy, state)
    mine.quiet = world.habits.claims_enabled and surely_quiet(d, now, world, policy, state)
    return not mine.quiet


@stage
def looks_at_case(d: int, now: float, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether what the buyer holds is enough for him to claim."""
    mine = state.disputes[d]
    mine.quiet = world.habits.claims_enabled and not is_claimed(d, now, world, policy, state)
    return not mine.quiet


@stage
def noticed(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The buyer complains to the merchant, or goes straight to the platform."""
    mine = state.disputes[d]
    mine.opened_at = now
    if not mine.weighed and looks_at_rules(d, now, world, policy, state):
        looks_at_case(d, now, world, policy, state)
    if mine.quiet:
        return keep_quiet(d, now, world, state)
    mine.talks_until = deadline(world, policy, mine.row, NEGOTIATE_WINDOW, now)
    if world.cases[d].skips or policy.rules[mine.row].negotiation_rounds == 0:
        return consider_filing(d, now, world, policy, state)
    log_event(d, now, COMPLAINED, state)
    return open_round(d, now, world, policy, state)


@stage
def open_round(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The merchant answers, the buyer loses patience, or a window closes, whichever is first.

    An answer that comes exactly when patience or the window ends is in time.
    """
    case, mine = world.cases[d], state.disputes[d]
    seller = state.merchants[case.merchant]
    talk = world.talks[talk_of(d, world, state)]
    closes = deadline(world, policy, mine.row, MERCHANT_REPLY_WINDOW, now)
    cut_short = mine.talks_until < closes
    if cut_short:
        closes = mine.talks_until
    ignores = case.ignore_luck < world.merchants[case.merchant].never_replies * seller.reply
    reply = talk.reply * seller.reply
    if not ignores and reply <= talk.patience and now + reply <= closes:
        return wait(HEAR_OFFER, reply)
    if now + talk.patience < closes:
        return wait(TALKS_FAILED, talk.patience)
    # Silence counts against a merchant only when its own window, not that of the talks, has closed.
    return wait(TALKS_OVER if cut_short else REPLY_LAPSED, closes - now)


@stage
def hear_offer(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The merchant offers; the buyer takes it if it beats what he expects from the platform."""
    heard = reply_of_merchant(d, now, world, policy, state)
    if heard.taken:
        return heard.then
    return talk_on(d, now, world, policy, state)


@stage
def talk_on(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Another round, if one is left and there is time for it."""
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    if mine.round < rules.negotiation_rounds and now < mine.talks_until:
        return open_round(d, now, world, policy, state)
    return talks_over(d, now, world, policy, state)


@stage
def talks_over(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """No round is left, or no time for one."""
    log_event(d, now, TALKS_CLOSED, state)
    return consider_filing(d, now, world, policy, state)


@stage
def reply_lapsed(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The merchant let the window close: a refund by default, or the way to the platform is open."""
    mine = state.disputes[d]
    log_event(d, now, REPLY_WINDOW_CLOSED, state)
    if policy.rules[mine.row].negotiation_silence_refund:
        mine.silence = MERCHANT
        mine.decider = BY_SILENCE
        mine.reason = SILENT_IN_TALKS
        mine.pending = DEFAULTED
        mine.share = 1.0
        mine.upheld = True
        return enforce(d, now, world, policy, state)
    return consider_filing(d, now, world, policy, state)


@stage
def talks_failed(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The buyer waits no longer."""
    log_event(d, now, LOST_PATIENCE, state)
    return consider_filing(d, now, world, policy, state)
