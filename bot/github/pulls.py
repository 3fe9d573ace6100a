"""Pull requests: ours as they stand, any one, what it changes; opening and editing ours."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from bot.github import shapes
from bot.github.access import PER_PAGE, Access
from bot.github.graph import asked
from bot.github.limits import LONGEST_BODY, LONGEST_TITLE, within
from bot.github.problems import Conflict, Unavailable
from bot.github.values import FileChange, PullRequestFacts

_OURS = "suture/"
_PAGES = 20
_OLDER = 100
"""Older ones of ours that are asked for one by one, where a repository has more than those pages."""


class Pulls:
    """For an Installation. Each method raises Problem."""

    _access: Access
    _us: Callable[[], str]

    def pull_requests(self, state: str = "all", since: float = 0.0) -> list[PullRequestFacts]:
        """Those that this App opened from a branch `suture/…` of this repository, the newest first.

        `state` is open, closed or all; `since`, in seconds since the epoch, leaves out what nothing has
        happened to from then on, and costs one request where little has. Without it, beyond the last
        2,000 pull requests of a repository ours among the older ones are searched for by their author.
        """
        query = {"state": state, "sort": "updated" if since else "created", "direction": "desc"}
        listed: list[shapes.PullRequest] = []
        for page in self._access.pages(list[shapes.PullRequest], "/pulls", query, most=_PAGES):
            recent = [one for one in page if one.updated_at is None or one.updated_at.timestamp() >= since]
            listed += recent
            if len(recent) < len(page):
                break
        if not since and len(listed) >= _PAGES * PER_PAGE:
            listed += self._older(state, listed[-1])
        found = {one.number: one.facts() for one in listed if self._is_ours(one)}
        return sorted(found.values(), key=lambda one: -one.number)

    def pull_request(self, number: int) -> PullRequestFacts:
        """Anybody's, with whether it can be merged (None while GitHub finds out)."""
        return self._pull(number).facts()

    def pull_requests_of(self, branch: str, state: str = "open") -> list[PullRequestFacts]:
        """All from this branch of this repository, the newest first."""
        owner = self._access.full_name().partition("/")[0]
        query = {"head": f"{owner}:{branch}", "state": state}
        (page,) = self._access.pages(list[shapes.PullRequest], "/pulls", query, most=1)
        facts = [one.facts() for one in page if one.head.ref == branch and not one.is_from_fork]
        return sorted(facts, key=lambda one: -one.number)

    def closed_by(self, number: int) -> str:
        """Who closed it; empty while it is open, or where GitHub doesn't say."""
        issue = self._access.get(shapes.Issue, "/issues/{number}", number=number)
        return issue.closed_by.login if issue.closed_by else ""

    def changes(self, number: int) -> tuple[FileChange, ...]:
        """The files of a pull request with their hunks; GitHub lists 3,000 at most."""
        pages = self._access.pages(list[shapes.ChangedFile], "/pulls/{number}/files", most=30, number=number)
        return tuple(one.facts() for page in pages for one in page)

    def open_pull_request(
        self, branch: str, base: str, title: str, body: str, *, is_draft: bool = False
    ) -> int:
        """Its number. One that is open already from this branch is returned as it is (an earlier try was
        done and its answer got lost); where drafts aren't to be had, it is a plain one."""
        data = {
            "head": branch,
            "base": base,
            "title": within(title, LONGEST_TITLE, "title"),
            "body": within(body, LONGEST_BODY, "body"),
            "draft": is_draft,
            "maintainer_can_modify": False,
        }
        try:
            return self._open(data)
        except Conflict as problem:
            if problem.says("already exists"):
                return self._existing(branch, base)
            if not (is_draft and problem.says("draft")):
                raise
        return self.open_pull_request(branch, base, title, body)

    def edit_pull_request(
        self, number: int, title: str | None = None, body: str | None = None, state: str | None = None
    ) -> None:
        """Change what is given. `state` is open or closed."""
        data: dict[str, object] = {}
        if title is not None:
            data["title"] = within(title, LONGEST_TITLE, "title")
        if body is not None:
            data["body"] = within(body, LONGEST_BODY, "body")
        if state is not None:
            data["state"] = state
        if data:
            self._access.write("PATCH", "/pulls/{number}", data, is_told=True, number=number)

    def mark_ready(self, number: int) -> None:
        """Make a draft a plain pull request: only GraphQL can."""
        pull = self._pull(number)
        if not pull.draft:
            return
        question = (
            "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) "
            "{ pullRequest { isDraft } } }"
        )
        with self._access.pace.turn(is_told=True):
            _, problems = asked(
                self._access, shapes.GraphAnswer, question, {"id": pull.node_id}, is_reading=False
            )
        for problem in problems:
            raise problem

    def _is_ours(self, pull: shapes.PullRequest) -> bool:
        user = pull.user.login if pull.user else ""
        return pull.head.ref.startswith(_OURS) and not pull.is_from_fork and user == self._us()

    def _older(self, state: str, than: shapes.PullRequest) -> Iterator[shapes.PullRequest]:
        """By GitHub's search, which knows an App as an author (docs.github.com: "Searching issues and
        pull requests", "Search by author")."""
        day = datetime.fromtimestamp(than.created_at.timestamp(), UTC).date()
        slug = self._us().removesuffix("[bot]")
        words = f"repo:{self._access.full_name()} is:pr author:app/{slug} created:<={day}"
        words += "" if state == "all" else f" state:{state}"
        asked = 0
        for page in self._access.elsewhere().pages(shapes.Issues, "/search/issues", {"q": words}):
            for issue in page.items:
                if issue.number < than.number and asked < _OLDER:
                    asked += 1
                    yield self._pull(issue.number)

    def _pull(self, number: int) -> shapes.PullRequest:
        return self._access.get(shapes.PullRequest, "/pulls/{number}", number=number)

    def _open(self, data: dict[str, object]) -> int:
        answer = self._access.write("POST", "/pulls", data, is_told=True)
        return answer.read(shapes.Numbered).number

    def _existing(self, branch: str, base: str) -> int:
        for one in self.pull_requests_of(branch):
            if one.base == base:
                return one.number
        raise Unavailable(f"GitHub says that {branch} has a pull request and doesn't show it yet")
