"""Which of GitHub's routes a path is: for the proxy's own handlers and for counting calls."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.wire import Answer, Request

if TYPE_CHECKING:
    from emulator.hub import Hub

Args = dict[str, str]
Handler = Callable[["Hub", Request, Args], Answer]

TEMPLATES = (
    "/app",
    "/app-manifests/{code}/conversions",
    "/app/hook/config",
    "/app/hook/deliveries",
    "/app/hook/deliveries/{delivery}",
    "/app/hook/deliveries/{delivery}/attempts",
    "/app/installations",
    "/app/installations/{installation}",
    "/app/installations/{installation}/access_tokens",
    "/app/installations/{installation}/suspended",
    "/codeload/{owner}/{repo}/legacy.tar.gz/{sha}",
    "/graphql",
    "/installation/repositories",
    "/installation/token",
    "/orgs/{org}",
    "/orgs/{org}/installation",
    "/orgs/{org}/repos",
    "/rate_limit",
    "/repositories/{id}",
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/branches",
    "/repos/{owner}/{repo}/branches/{branch+}/protection",
    "/repos/{owner}/{repo}/branches/{branch+}",
    "/repos/{owner}/{repo}/check-runs",
    "/repos/{owner}/{repo}/check-runs/{run}",
    "/repos/{owner}/{repo}/check-runs/{run}/annotations",
    "/repos/{owner}/{repo}/check-runs/{run}/rerequest",
    "/repos/{owner}/{repo}/check-suites/{suite}",
    "/repos/{owner}/{repo}/check-suites/{suite}/check-runs",
    "/repos/{owner}/{repo}/check-suites/{suite}/rerequest",
    "/repos/{owner}/{repo}/code-scanning/sarifs",
    "/repos/{owner}/{repo}/code-scanning/sarifs/{sarif}",
    "/repos/{owner}/{repo}/collaborators",
    "/repos/{owner}/{repo}/collaborators/{user}",
    "/repos/{owner}/{repo}/collaborators/{user}/permission",
    "/repos/{owner}/{repo}/commits",
    "/repos/{owner}/{repo}/commits/{ref+}/check-runs",
    "/repos/{owner}/{repo}/commits/{ref+}/check-suites",
    "/repos/{owner}/{repo}/commits/{ref+}/status",
    "/repos/{owner}/{repo}/commits/{ref+}/statuses",
    "/repos/{owner}/{repo}/commits/{ref+}/pulls",
    "/repos/{owner}/{repo}/commits/{ref+}",
    "/repos/{owner}/{repo}/compare/{basehead+}",
    "/repos/{owner}/{repo}/contents/{path+}",
    "/repos/{owner}/{repo}/forks",
    "/repos/{owner}/{repo}/git/blobs",
    "/repos/{owner}/{repo}/git/blobs/{sha}",
    "/repos/{owner}/{repo}/git/commits",
    "/repos/{owner}/{repo}/git/commits/{sha}",
    "/repos/{owner}/{repo}/git/matching-refs/{ref+}",
    "/repos/{owner}/{repo}/git/ref/{ref+}",
    "/repos/{owner}/{repo}/git/refs",
    "/repos/{owner}/{repo}/git/refs/{ref+}",
    "/repos/{owner}/{repo}/git/trees",
    "/repos/{owner}/{repo}/git/trees/{sha+}",
    "/repos/{owner}/{repo}/installation",
    "/repos/{owner}/{repo}/issues",
    "/repos/{owner}/{repo}/issues/comments",
    "/repos/{owner}/{repo}/issues/comments/{comment}",
    "/repos/{owner}/{repo}/issues/comments/{comment}/reactions",
    "/repos/{owner}/{repo}/issues/{number}",
    "/repos/{owner}/{repo}/issues/{number}/comments",
    "/repos/{owner}/{repo}/issues/{number}/events",
    "/repos/{owner}/{repo}/issues/{number}/labels",
    "/repos/{owner}/{repo}/issues/{number}/reactions",
    "/repos/{owner}/{repo}/issues/{number}/timeline",
    "/repos/{owner}/{repo}/labels",
    "/repos/{owner}/{repo}/languages",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/comments",
    "/repos/{owner}/{repo}/pulls/comments/{comment}",
    "/repos/{owner}/{repo}/pulls/comments/{comment}/reactions",
    "/repos/{owner}/{repo}/pulls/{number}",
    "/repos/{owner}/{repo}/pulls/{number}/comments",
    "/repos/{owner}/{repo}/pulls/{number}/commits",
    "/repos/{owner}/{repo}/pulls/{number}/files",
    "/repos/{owner}/{repo}/pulls/{number}/merge",
    "/repos/{owner}/{repo}/pulls/{number}/requested_reviewers",
    "/repos/{owner}/{repo}/pulls/{number}/reviews",
    "/repos/{owner}/{repo}/pulls/{number}/reviews/{review}",
    "/repos/{owner}/{repo}/pulls/{number}/update-branch",
    "/repos/{owner}/{repo}/statuses/{sha}",
    "/repos/{owner}/{repo}/tarball/{ref+}",
    "/repos/{owner}/{repo}/transfer",
    "/search/code",
    "/search/issues",
    "/search/repositories",
    "/user",
    "/users/{user}",
)
"""Of GitHub's REST API, what an App like Suture may call: the names under which calls are counted."""


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\+?\})", template)
    regex = ""
    for part in parts:
        if part.startswith("{"):
            name = part.strip("{}+")
            regex += f"(?P<{name}>.+)" if part.endswith("+}") else f"(?P<{name}>[^/]+)"
        else:
            regex += re.escape(part)
    return re.compile(regex)


_NAMED = tuple((_pattern(template), template) for template in TEMPLATES)


def template_of(path: str) -> str:
    """The route's template; a path of no known route stands for itself."""
    return next((name.replace("+", "") for pattern, name in _NAMED if pattern.fullmatch(path)), path)


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    handler: Handler


def route(method: str, template: str, handler: Handler) -> Route:
    return Route(method, _pattern(template), handler)


def find(routes: Sequence[Route], method: str, path: str) -> tuple[Handler, Args] | None:
    for one in routes:
        if one.method == method and (match := one.pattern.fullmatch(path)):
            return one.handler, match.groupdict()
    return None
