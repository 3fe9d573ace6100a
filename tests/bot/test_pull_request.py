"""The pull request of a campaign: its own words as they are, the repository's as code, and no secret."""

from dataclasses import replace

import pytest
from made_campaigns import BACKGROUND, BASE, body_of, made, requested, with_outcomes
from rules_on_calls import NESTED, QUIET, REVIEW, SAFE, on_calls

from bot.conventions.commit_style import CommitStyle
from bot.outcomes import Outcome, Status
from bot.published import read_marker
from bot.pull_request import Background, web_address
from bot.pull_request.body import LEVELS, MAX_CHARACTERS, MAX_VISIBLE_LINES, visible_lines
from fixers.python.source import Call
from fixers.rule import Changes, Check, Edit, Refusal, Verdict

SOURCE = "import sys\nprint(1)\nprint(2)  # suture: ignore[python/loud-print] the log\n"


def body(source: str) -> str:
    return requested({"a.py": source}, (REVIEW,)).text


def test_the_whole_of_one() -> None:
    request = requested({"a.py": SOURCE}, (REVIEW,))
    assert request.title == "Mind loud-print"
    assert (
        request.text
        == """\
Why it matters, in one paragraph.

1 finding in 1 file, +1 −1 lines, behaviour may change.

| severity | where | found |
|---|---|---|
| medium | `a.py:2` | 2026-11-23 |

~~~diff
--- a/a.py
+++ b/a.py
@@ -1,3 +1,3 @@
 import sys
-print(1)
+print(1, fixed=True)
 print(2)  # suture: ignore[python/loud-print] the log
~~~

**Who notices:** Nobody.

**Checked:** parses · compiles · new names are bound · nothing outside of the diff moved · nothing is \
found there any more · no rule finds anything new · a second run changes nothing.

**Not checked:** your own tests.

**Try it**

1. Run it.

**Roll back:** `git revert <commit>` (`-m 1` for a merge), then restart the process.

**Left alone:**

- `a.py:3` · ignored · the log

<details><summary>References</summary>

CWE-1 · `python/loud-print`

</details>

Closing this means no: it won't come back.
"""
    )


def test_a_safe_fix_says_so() -> None:
    assert "behaviour stays the same." in requested({"a.py": "open(1)\n"}, (SAFE,)).text


def test_what_a_fix_takes_stands_above_its_size() -> None:
    steps = f"{REVIEW.documentation}\n## Before merging\n\nLook.\n"
    rule = replace(REVIEW, documentation=steps, replaces=True, adds_package=True, before_deploy=True)
    words = "This adds a package. First do what *Before merging* lists."
    paragraphs = requested({"a.py": "print(1)\n"}, (rule,)).text.split("\n\n")
    assert paragraphs[1] == f"**Applying this destroys and recreates the resource. {words}**"
    paragraphs = requested({"a.py": "print(1)\n"}, (replace(REVIEW, adds_package=True),)).text.split("\n\n")
    assert paragraphs[1] == "**This adds a package.**"


def test_lines_that_look_like_a_diff_s_own_are_counted() -> None:
    rule = on_calls("signs", "print", lambda call: (Edit(call.span, "--1\n++1"),))
    assert "+2 −1 lines" in requested({"a.py": "-- print(1)\n"}, (rule,)).text


def test_separators_that_python_takes_for_line_ends_break_no_line() -> None:
    text = body("x = '\x0c\x1c\u2028\x85'\nprint(1)\n")
    assert " x = '\\x0c\\x1c\\u2028\\x85'" in text.splitlines()
    assert "+1 −1 lines" in text


@pytest.mark.parametrize("count", [30, 300, 900])
def test_what_is_long_is_folded_and_what_is_cut_is_said(count: int) -> None:
    request = requested({"a.py": "".join(f"print({n}, 'x')\n" for n in range(count))}, (REVIEW,))
    assert visible_lines(request.text) <= MAX_VISIBLE_LINES
    assert len(request.body(BASE)) <= MAX_CHARACTERS
    shown = request.text.count("| medium |")
    assert shown < count or f"and {count - shown} more." not in request.text
    assert shown == count or f"and {count - shown} more." in request.text
    assert f"The whole diff, {3 + 2 * count:,} lines in 1 file" in request.text
    kept = sum(line.startswith(("+print", "-print")) for line in request.text.splitlines())
    assert ("more lines: see the changed files." in request.text) is (kept < 2 * count)


def test_the_last_level_has_room_for_the_longest_lines() -> None:
    wide = "print(1)  # " + "x" * 50_000 + "\n"
    files = {f"{'a' * 200}/{'b' * 200}/{n}.py": wide * 20 for n in range(60)}
    request = requested(files, (REVIEW,))
    assert len(request.body(BASE)) <= MAX_CHARACTERS
    assert visible_lines(request.text) <= MAX_VISIBLE_LINES
    assert read_marker(request.body(BASE)) == replace(request.marker, head=BASE)


def test_only_the_first_of_many_left_alone_are_listed() -> None:
    ignored = "print(1)  # suture: ignore[python/loud-print] ours\n"
    text = body("print(2)\n" + ignored * (LEVELS[0].all_rows + 3))
    assert text.count("· ignored · ours") == LEVELS[0].all_rows
    assert "- and 3 more" in text.splitlines()
    assert "<details><summary>Left alone: 43 ignored</summary>" in text


def test_in_public_what_is_left_alone_is_only_counted() -> None:
    files = {"a.py": "print(1)\n", "secret_place.py": "print(2)  # suture: ignore[python/loud-print] ours\n"}
    public = requested(files, (REVIEW,), replace(BACKGROUND, is_private=False)).text
    assert "**Left alone:** 1 other finding of this kind; `suture plan --format json` lists" in public
    assert "secret_place" not in public
    assert "secret_place" in requested(files, (REVIEW,)).text


def test_the_words_of_a_repository_are_code() -> None:
    hostile = "@everyone [look](https://e.example) <img src=x> \u202e `x`"
    source = f"print(1)\nprint(2)  # suture: ignore[python/loud-print] {hostile}\n"
    line = next(line for line in body(source).splitlines() if line.startswith("- "))
    shown = "- `a.py:2` · ignored · `` @everyone [look](https://e.example) <img src=x> \\u202e `x` ``"
    assert line == shown


def test_notes_are_quoted_once_and_harmless() -> None:
    def noted(outcome: Outcome) -> Outcome:
        finding = replace(outcome.hit.finding, notes=("Mind `x`.", "<b>@x</b>"))
        return replace(outcome, hit=replace(outcome.hit, finding=finding))

    campaign, found, _ = made({"a.py": "print(1)\nprint(2)\n"}, (REVIEW,))
    text = body_of(with_outcomes(campaign, noted), found)
    assert [line for line in text.splitlines() if line.startswith(">")] == ["> Mind `x`.", "> `<b>@x</b>`"]


def test_a_template_s_braces_in_a_repository_are_text() -> None:
    assert "{{ 7 * 7 }} {% raw %}" in body("print(1)  # {{ 7 * 7 }} {% raw %}\n")


def test_a_fence_in_a_file_ends_no_fence_of_ours() -> None:
    assert "~~~~~diff\n" in body("x = '''\n~~~\n~~~~\n'''\nprint(1)\n")


@pytest.mark.parametrize("secrets", [("hush-hush-hush",), ()])
def test_secrets_are_masked_everywhere(secrets: tuple[str, ...]) -> None:
    def secret(outcome: Outcome) -> Outcome:
        finding = replace(
            outcome.hit.finding,
            secrets=() if secrets else ("hush-hush-hush",),
            notes=("It's hush-hush-hush.",),
        )
        return replace(outcome, hit=replace(outcome.hit, finding=finding, symbol="hush-hush-hush"))

    campaign, found, _ = made({"a.py": "print(1)  # hush-hush-hush\n"}, (REVIEW,))
    campaign = with_outcomes(campaign, secret)
    campaign = replace(campaign, outcomes=campaign.fixed)
    text = body_of(campaign, found, replace(BACKGROUND, secrets=secrets))
    assert "hush" not in text
    assert text.count("•••") == 4


def test_a_check_that_passed_nowhere_is_not_claimed() -> None:
    campaign, found, _ = made({"a.py": "print(1)\n"}, (REVIEW,))
    fix = campaign.fixes[0]
    proof = replace(fix.proof, checks=(Check("parses", Verdict.NOT_CHECKED, "no `parser` here"),))
    text = body_of(replace(campaign, fixes=(replace(fix, proof=proof),)), found)
    assert "**Checked:** nothing.\n\n**Not checked:** parses (no `parser` here)." in text


def test_a_check_that_one_rule_s_fix_lacks_is_not_claimed_for_all() -> None:
    campaign, found, _ = made({"a.py": "print(1)\n"}, (REVIEW, QUIET))
    first, second = campaign.fixes
    lacking = Check("compiles", Verdict.NOT_CHECKED, "no compiler")
    proof = replace(second.proof, checks=(lacking,))
    text = body_of(replace(campaign, fixes=(first, replace(second, proof=proof))), found)
    checked = next(line for line in text.splitlines() if line.startswith("**Checked:**"))
    assert "compiles" not in checked
    assert "parses" in checked


def test_left_alone_is_what_its_rules_found_and_did_not_fix() -> None:
    def choosy(call: Call) -> Changes:
        argument = call.positional(0)
        is_one = argument is not None and argument.code == "1"
        return (Edit(call.span, "1"),) if is_one else (Refusal("only you know"),)

    rules = (on_calls("choosy", "print", choosy), NESTED)
    campaign, found, mended = made({"a.py": "print(1)\nprint(2)\nabs(1)\n"}, rules)
    assert [one.status for one in mended.outcomes] == [Status.FIXED, Status.REFUSED, Status.FIXED]
    alone = replace(campaign, fixes=tuple(fix for fix in campaign.fixes if fix.rule is rules[0]))
    assert [line for line in body_of(alone, found).splitlines() if line.startswith("- ")] == [
        "- `a.py:2` · refused · only you know"
    ]


# --- several rules, links, styles, texts ---


def test_several_rules_of_a_threat_each_say_their_part() -> None:
    request = requested({"a.py": "print(1)\n"}, (REVIEW, QUIET))
    assert request.title == "Treat model output as data"
    assert "- **Mind loud-print** (`loud-print`). Why it matters, in one paragraph." in request.text
    assert "**Who notices:** Nobody.\n\n" in request.text
    assert [commit.message.split("\n")[0] for commit in request.commits] == [
        "Mind loud-print",
        "Mind unnamed-print",
    ]
    assert request.commits[-1].files == {"a.py": b"print(1, fixed=True, named=True)\n"}


def test_places_and_commits_are_links_where_there_is_a_page() -> None:
    background = replace(BACKGROUND, web="https://github.com/o/r", introduced={("a b/[x].py", 1): "f" * 40})
    text = requested({"a b/[x].py": "print(1)\n"}, (REVIEW,), background).text
    place = f"[`a b/[x].py:1`](https://github.com/o/r/blob/{BASE}/a%20b/%5Bx%5D.py#L1)"
    commit = f"[fffffff](https://github.com/o/r/commit/{'f' * 40})"
    assert f"| medium | {place} | 2026-11-23 | {commit} |" in text


@pytest.mark.parametrize(
    ("origin", "page"),
    [
        ("https://github.com/o/r.git", "https://github.com/o/r"),
        ("git@github.com:o/r", "https://github.com/o/r"),
        ("ssh://git@github.com/o/r.git", "https://github.com/o/r"),
        ("https://token@github.com/o/r", ""),
        ("https://github.com/o/r/x", ""),
        ("https://github.com/o/<r>", ""),
        ("https://example.com/o/r", ""),
        ("/home/o/r", ""),
        ("", ""),
    ],
)
def test_a_page_is_made_of_a_plain_address_alone(origin: str, page: str) -> None:
    assert web_address(origin) == page


def test_a_commit_says_why_and_carries_its_findings() -> None:
    style = CommitStyle(is_conventional=True, is_signed_off=True)
    background = replace(BACKGROUND, style=style, signature="Suture <suture@localhost>")
    request = requested({"a.py": "print(1)\n"}, (REVIEW,), background)
    fingerprint = made({"a.py": "print(1)\n"}, (REVIEW,))[0].fixed[0].hit.fingerprint
    assert request.title == "fix: mind loud-print"
    assert (
        request.commits[0].message
        == f"""\
fix: mind loud-print

Why it matters, in one paragraph.

Suture-Rule: python/loud-print
Suture-Finding: {fingerprint}
Signed-off-by: Suture <suture@localhost>
"""
    )


CONFIGURED = """\
pull_requests:
  sections: [rollback, summary]
  texts: {opening: "Read `this` first.", before: "Ask @team <b>", closing: "Thanks."}
"""


def test_a_repository_orders_sections_and_adds_plain_text() -> None:
    files = {".suture.yml": CONFIGURED, "a.py": "print(1)\n"}
    text = requested(files, (REVIEW,)).text
    assert text.startswith("**Roll back:** `git revert <commit>`")
    assert "\n\nRead `this` first.\n\nWhy it matters, in one paragraph.\n\n" in text
    assert "**Before merging**\n\n1. `Ask @team <b>`\n\n" in text
    assert text.endswith("Thanks.\n\nClosing this means no: it won't come back.\n")


def test_what_a_person_wrote_around_ours_stays() -> None:
    request = requested({"a.py": "print(1)\n"}, (REVIEW,))
    first = request.body(BASE)
    edited = f"Our ticket: 7\n{first}See also the wiki.\n"
    again = request.body("f" * 40, edited)
    assert again == edited.replace(BASE, "f" * 40)
    assert read_marker(again) == replace(request.marker, head="f" * 40)


def test_reviewers_are_the_owners_where_that_is_configured() -> None:
    files = {"CODEOWNERS": "* @ann @org/ml\n", "a.py": "print(1)\n"}
    assert requested(files, (REVIEW,)).reviewers == ()
    files[".suture.yml"] = "pull_requests: {reviewers: codeowners}\n"
    assert requested(files, (REVIEW,)).reviewers == ("@ann", "@org/ml")


def test_without_any_history_there_is_still_a_body() -> None:
    assert (
        "| medium | `a.py:1` | 2026-11-23 |\n"
        in requested({"a.py": "print(1)\n"}, (REVIEW,), Background(BASE, BACKGROUND.today)).text
    )
