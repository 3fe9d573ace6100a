"""Suggestions: comments on lines of a pull request's diff that a person may apply with one press."""

from collections.abc import Callable

from bot.github import shapes
from bot.github.access import Access
from bot.github.limits import LONGEST_BODY, within


class Suggestions:
    """For an Installation. Each method raises Problem."""

    _access: Access
    _us: Callable[[], str]

    def suggest_once(
        self, number: int, sha: str, path: str, lines: tuple[int, int], text: str, key: str
    ) -> int:
        """The id of a comment on these lines (first and last, as they are at `sha`), made if there is none
        with this key. It can't be moved later. Raises Conflict where the lines aren't part of the diff."""
        marker = f"<!-- suture-suggestion {key} -->"
        route = "/pulls/{number}/comments"
        for page in self._access.pages(list[shapes.Comment], route, number=number):
            for one in (comment.facts(self._us()) for comment in page):
                if one.is_ours and marker in one.body:
                    return one.id
        first, last = lines
        data: dict[str, object] = {
            "body": within(f"{text}\n\n{marker}", LONGEST_BODY, "suggestion"),
            "commit_id": sha,
            "path": path,
            "line": last,
            "side": "RIGHT",
        }
        if first != last:
            data |= {"start_line": first, "start_side": "RIGHT"}
        return self._access.write("POST", route, data, is_told=True, number=number).read(shapes.Id).id
