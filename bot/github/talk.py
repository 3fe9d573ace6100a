"""What is said on issues and pull requests: comments of one kind, reviews, the dashboard's issue."""

import re
from collections.abc import Callable, Iterable
from typing import Literal

from bot.github import shapes
from bot.github.access import Access
from bot.github.limits import LONGEST_BODY, LONGEST_TITLE, within
from bot.github.problems import Conflict, Missing, Refused
from bot.github.values import CommentFacts, IssueFacts

Reaction = Literal["+1", "-1", "confused", "eyes", "rocket"]
_KIND = re.compile("[a-z][a-z0-9-]{0,60}")
_REVIEWERS = 15
"""A pull request has no more (docs.github.com: "Requesting a pull request review")."""
_SAYS_SOMETHING = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})


class Talk:
    """For an Installation. Each method raises Problem."""

    _access: Access
    _us: Callable[[], str]

    def comments(self, number: int) -> tuple[CommentFacts, ...]:
        """Of an issue or a pull request, the oldest first; a thousand at most."""
        pages = self._access.pages(list[shapes.Comment], "/issues/{number}/comments", number=number)
        us = self._us()
        return tuple(one.facts(us) for page in pages for one in page)

    def comment_once(self, number: int, kind: str, text: str) -> int:
        """Its id. There is one comment of each kind, found by a hidden marker and edited in place; what
        lost answers have doubled is taken away again."""
        if not _KIND.fullmatch(kind):
            raise ValueError("a kind of comment is a few small letters, digits and dashes")
        marker = f"<!-- suture-comment {kind} -->"
        body = within(f"{text}\n\n{marker}", LONGEST_BODY, "comment")
        ours = [one for one in self.comments(number) if one.is_ours and one.body.rstrip().endswith(marker)]
        if not ours:
            route, data = "/issues/{number}/comments", {"body": body}
            return self._access.write("POST", route, data, is_told=True, number=number).read(shapes.Id).id
        first, *doubled = ours
        for one in doubled:
            self._delete_comment(one.id)
        if first.body.replace("\r\n", "\n") != body:
            route = "/issues/comments/{comment}"
            self._access.write("PATCH", route, {"body": body}, is_told=True, comment=first.id)
        return first.id

    def comment(self, id: int) -> CommentFacts:
        found = self._access.get(shapes.Comment, "/issues/comments/{comment}", comment=id)
        return found.facts(self._us())

    def react(self, comment: int, content: Reaction) -> None:
        """Answer a comment with a sign; the same one twice is one."""
        route, data = "/issues/comments/{comment}/reactions", {"content": content}
        self._access.write("POST", route, data, is_told=True, comment=comment)

    def approvals(self, number: int) -> tuple[str, ...]:
        """The logins whose last review that says something is an approval; a later comment keeps it."""
        last: dict[str, str] = {}
        for page in self._access.pages(list[shapes.Review], "/pulls/{number}/reviews", number=number):
            for review in page:
                if review.state in _SAYS_SOMETHING and review.user:
                    last[review.user.login] = review.state
        return tuple(login for login, state in last.items() if state == "APPROVED")

    def request_review(self, number: int, owners: Iterable[str]) -> tuple[str, ...]:
        """Ask `@user` and `@organisation/team`; those whom GitHub doesn't take are returned, and no error."""
        asked = tuple(dict.fromkeys(owner.removeprefix("@") for owner in owners))
        first, refused = asked[:_REVIEWERS], asked[_REVIEWERS:]
        if first and not self._is_requested(number, first):
            one_by_one = first if len(first) > 1 else ()  # one stranger makes GitHub refuse all of them
            taken = {owner for owner in one_by_one if self._is_requested(number, (owner,))}
            refused = (*(owner for owner in first if owner not in taken), *refused)
        return tuple(f"@{owner}" for owner in refused)

    def permission(self, login: str) -> str:
        """admin, write, read or none: what a person may do in this repository."""
        route = "/collaborators/{login}/permission"
        try:
            return self._access.get(shapes.Permission, route, login=login).permission
        except Missing:
            return "none"

    def issues(self) -> tuple[IssueFacts, ...]:
        """Those that this App opened, open or closed, the oldest first; a thousand at most."""
        us, route = self._us(), "/issues"
        query = {"state": "all", "creator": us, "sort": "created", "direction": "asc"}
        found = (one for page in self._access.pages(list[shapes.Issue], route, query) for one in page)
        return tuple(
            one.facts() for one in found if one.pull_request is None and one.user and one.user.login == us
        )

    def issue(self, number: int) -> IssueFacts:
        return self._access.get(shapes.Issue, "/issues/{number}", number=number).facts()

    def open_issue_once(self, title: str, body: str, marker: str) -> int:
        """Its number. An issue of ours whose body holds `marker` is that one, open or closed."""
        for one in self.issues():
            if marker in one.body:
                return one.number
        data = {"title": within(title, LONGEST_TITLE, "title"), "body": within(body, LONGEST_BODY, "body")}
        return self._access.write("POST", "/issues", data, is_told=True).read(shapes.Numbered).number

    def edit_issue(
        self, number: int, title: str | None = None, body: str | None = None, state: str | None = None
    ) -> None:
        """Change what is given. `state` is open or closed."""
        given = {"title": title, "body": body, "state": state}
        data = {name: value for name, value in given.items() if value is not None}
        within(title or "", LONGEST_TITLE, "title")
        within(body or "", LONGEST_BODY, "body")
        if data:
            self._access.write("PATCH", "/issues/{number}", data, is_told=True, number=number)

    def _delete_comment(self, id: int) -> None:
        try:
            self._access.write("DELETE", "/issues/comments/{comment}", is_told=True, comment=id)
        except Missing:
            return

    def _is_requested(self, number: int, owners: Iterable[str]) -> bool:
        users = [owner for owner in owners if "/" not in owner]
        teams = [owner.partition("/")[2] for owner in owners if "/" in owner]
        data = {"reviewers": users, "team_reviewers": teams}
        route = "/pulls/{number}/requested_reviewers"
        try:
            self._access.write("POST", route, data, is_told=True, number=number)
        except (Conflict, Refused, Missing):
            return False
        return True
