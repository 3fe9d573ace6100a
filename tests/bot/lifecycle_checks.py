"""What must hold after each run, told by what git has and by what a test knows of its people."""

import re

from lifecycle_world import ADDED, Held, Ran, World, steps_with_branches

from bot.lifecycle import Action
from bot.outcomes import Status
from bot.published import State, read_marker
from fixers.rule import Severity


def state_of(world: World) -> tuple[dict[str, str], dict[str, bytes]]:
    """Where every branch stands, and every record and body to the byte."""
    folder = world.records.folder
    kept = {path.name: path.read_bytes() for path in folder.glob("*")} if folder.exists() else {}
    return world.heads(), kept


def check(world: World, ran: Ran, before: dict[str, str]) -> None:
    assert not ran.problems
    after = world.heads()
    _one_for_each_key(world, after)
    _nothing_of_people_lost(world, before, after)
    _every_finding_has_a_status(ran)
    _within_limits(world, ran)
    _branches_hold_what_is_proven(world, ran, after)
    _all_can_be_merged(world, ran, after)
    _noes_hold(world, ran)
    _words_stay(world)


def _one_for_each_key(world: World, after: dict[str, str]) -> None:
    names = [record.branch for record in world.open_records()]
    assert set(names) <= after.keys()
    keys = [re.sub(r".*-([0-9a-f]{10})(-\d+)?", r"\1", name) for name in names]
    assert len(keys) == len(set(keys)), names


def _nothing_of_people_lost(world: World, before: dict[str, str], after: dict[str, str]) -> None:
    approved = {record.branch for record in world.records if record.approved}
    out = {
        line.removeprefix("branch refs/heads/")
        for line in world.git("worktree", "list", "--porcelain").splitlines()
    }
    for branch in {*world.touched, *(approved & before.keys()), *(out & before.keys())}:
        assert after.get(branch) == before.get(branch), f"{branch} was moved"
    for branch in world.touched:
        assert branch in after, f"{branch} is gone"


def _every_finding_has_a_status(ran: Ran) -> None:
    found = [outcome.hit.fingerprint for outcome in ran.examined.outcomes]
    assert [outcome.hit.fingerprint for outcome in ran.plan.outcomes] == found
    assert len(found) == len(set(found))
    branches = {step.branch for step, _ in steps_with_branches(ran.plan)}
    for outcome in ran.plan.outcomes:
        assert outcome.status is not Status.FIXABLE, outcome
        if outcome.status is Status.FIXED:
            assert outcome.detail.removeprefix("in ") in branches, outcome
        elif outcome.status is not Status.REPORT_ONLY:
            assert outcome.detail, outcome
    mentioned = [one.hit.fingerprint for step in ran.plan.steps for one in step.outcomes]
    assert len(mentioned) == len(set(mentioned)), "a finding in two steps"


def _within_limits(world: World, ran: Ran) -> None:
    limits = ran.examined.policy.publishing.limits
    opened = [step.campaign for step in ran.plan.steps if step.action is Action.OPEN and step.campaign]
    if limits.critical_bypass:
        opened = [one for one in opened if one.severity is not Severity.CRITICAL]
    if not opened:
        return
    has_merged = any(one.state is State.MERGED for one in ran.published)
    most = limits.after_first_merge if has_merged else limits.open
    today = [record for record in world.records if record.opened == world.today]
    assert len(world.open_records()) <= (world.asked.most or most) or limits.critical_bypass
    assert len(today) <= (world.asked.most or limits.new_per_day) or limits.critical_bypass


def _branches_hold_what_is_proven(world: World, ran: Ran, after: dict[str, str]) -> None:
    """Merging a branch of ours changes the base by what was proven on it, and by nothing else.

    One that is left alone as its findings are the same may lack the file that others have added since.
    """
    for step, campaign in steps_with_branches(ran.plan):
        head = after[step.branch]
        marker = read_marker(world.records.body(step.branch))
        assert marker, "no marker"
        assert world.git("merge-base", head, marker.head) == marker.head, "the marker's head is no part of it"
        tree = world.merged_tree(ran.base, head)
        assert tree, f"{step.branch} conflicts with the base"
        changed = set(world.git("diff", "--name-only", "--no-renames", ran.base, tree).splitlines())
        files = {change.path: change.after.decode() for change in campaign.changes}
        if step.action is Action.KEEP:
            changed.discard(ADDED)
            files.pop(ADDED, None)
        assert changed == files.keys(), (step.action, step.branch, changed, files.keys())
        for path, text in files.items():
            assert world.git("show", f"{tree}:{path}") == text.strip(), (step.branch, path)


def _all_can_be_merged(world: World, ran: Ran, after: dict[str, str]) -> None:
    """What opens meets nothing that is open; what was open may meet another after the base was changed."""
    commit = ran.base
    for step, _ in steps_with_branches(ran.plan):
        tree = world.merged_tree(commit, after[step.branch])
        is_moved = step.action is not Action.OPEN and world.last_base != ran.base
        assert tree or is_moved, f"{step.branch} conflicts with another one"
        if tree:
            commit = world.on_top(tree, commit, after[step.branch])


def _noes_hold(world: World, ran: Ran) -> None:
    for step, campaign in steps_with_branches(ran.plan):
        for outcome in campaign.fixed:
            now = world.known(ran, outcome.hit)
            for no in world.rejected:
                assert not _is_no_for(world, ran, no, now), (step.action, step.branch, no, now)
            if step.action is Action.OPEN:
                assert now not in world.taken_back, (step.branch, now)


def _is_no_for(world: World, ran: Ran, no: Held, now: Held) -> bool:
    """Whether the promise is plain: the same place, or the same function, moved or renamed, and no other
    that could be taken for it."""
    if now.rule != no.rule:
        return False
    place = (now.path, now.symbol)
    if place == (no.path, no.symbol):
        return True
    hits = [one.hit for one in ran.examined.outcomes if one.hit.rule.id == no.rule]
    alike = {(h.path, h.symbol) for h in hits if no.symbol == h.symbol or no.snippet == h.snippet}
    held = {(one.path, one.symbol) for some in world.held.values() for one in some if one.rule == no.rule}
    if (no.path, no.symbol) in {(hit.path, hit.symbol) for hit in hits} or place in held:
        return False
    if alike != {place} or now.block != no.block or not now.block:
        return False
    is_gone, is_equal = no.path not in ran.examined.repo, now.snippet == no.snippet
    if now.symbol == no.symbol and now.symbol:
        return is_gone or is_equal
    return is_equal and (is_gone or now.path == no.path)


def _words_stay(world: World) -> None:
    for branch, words in world.said.items():
        body = world.records.body(branch)
        assert all(word in body for word in words), (branch, words)
