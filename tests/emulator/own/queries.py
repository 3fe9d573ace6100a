"""GraphQL, as little as Suture may ask of it: draft to ready and back, and who wrote which lines."""

from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, GraphQLError, build_schema, graphql_sync

from emulator import access, merging, moves, polish
from emulator.routes import Args, route
from emulator.wire import Answer, Data, Refusal, Request, answer

if TYPE_CHECKING:
    from emulator.hub import Hub

SCHEMA = build_schema("""
scalar DateTime
scalar GitObjectID
scalar URI

type Query {
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
}
type Repository { nameWithOwner: String!, object(expression: String, oid: GitObjectID): GitObject }
interface GitObject { oid: GitObjectID! }
type Commit implements GitObject {
  oid: GitObjectID!
  committedDate: DateTime!
  author: GitActor
  blame(path: String!): Blame!
}
type GitActor { name: String, email: String, user: User }
type User { login: String! }
type Blame { ranges: [BlameRange!]! }
type BlameRange { startingLine: Int!, endingLine: Int!, age: Int!, commit: Commit! }

type Mutation {
  markPullRequestReadyForReview(
    input: MarkPullRequestReadyForReviewInput!
  ): MarkPullRequestReadyForReviewPayload
  convertPullRequestToDraft(input: ConvertPullRequestToDraftInput!): ConvertPullRequestToDraftPayload
}
input MarkPullRequestReadyForReviewInput { pullRequestId: ID!, clientMutationId: String }
input ConvertPullRequestToDraftInput { pullRequestId: ID!, clientMutationId: String }
type MarkPullRequestReadyForReviewPayload { clientMutationId: String, pullRequest: PullRequest }
type ConvertPullRequestToDraftPayload { clientMutationId: String, pullRequest: PullRequest }
type PullRequest { id: ID!, number: Int!, isDraft: Boolean!, url: URI!, state: PullRequestState! }
enum PullRequestState { OPEN, CLOSED, MERGED }
""")
"""All of it is named and typed as in GitHub's schema (docs.github.com: "Public schema")."""

KINDS = {403: "FORBIDDEN", 404: "NOT_FOUND", 422: "UNPROCESSABLE"}


def graphql(hub: "Hub", request: Request, args: Args) -> Answer:
    """Errors are answers with status 200, beside what could be answered."""
    if not request.token:
        raise Refusal(401, "This endpoint requires you to be authenticated.")
    asked = request.data()
    values = asked.get("variables") or {}
    done = graphql_sync(SCHEMA, str(asked.get("query", "")), Root(hub, request), variable_values=values)
    return answer(_shown(done))


def _shown(done: ExecutionResult) -> Data:
    errors = [_error(one) for one in done.errors or ()]
    return {"data": done.data} | ({"errors": errors} if errors else {})


def _error(error: GraphQLError) -> Data:
    """A refusal with its type; what is no GraphQL has none. What breaks here breaks the test."""
    cause = error.original_error
    if isinstance(cause, Refusal):
        return {"type": KINDS.get(cause.status, "INTERNAL"), **error.formatted}
    if cause is not None and not isinstance(cause, GraphQLError):
        raise cause
    return dict(error.formatted)


class Root:
    """Answers the fields of Query and Mutation, by their names."""

    def __init__(self, hub: "Hub", request: Request) -> None:
        self._hub = hub
        self._token = request.token

    def repository(self, info: object, owner: str, name: str, **more: object) -> "Repository":
        asked = f"{owner}/{name}"
        number = self._hub.state.renamed.get(asked)
        living = self._hub.state.repositories
        full = asked if asked in living else next((one for one in living if living[one] == number), "")
        if not full or not self._reaches(full):
            raise Refusal(404, f"Could not resolve to a Repository with the name '{asked}'.")
        return Repository(self._hub, full)

    def markPullRequestReadyForReview(self, info: object, input: Data) -> Data:
        return self._draft(input, False, "ready_for_review")

    def convertPullRequestToDraft(self, info: object, input: Data) -> Data:
        return self._draft(input, True, "converted_to_draft")

    def _reaches(self, name: str) -> bool:
        return self._token not in self._hub.state.tokens or access.reaches(self._hub, self._token, name)

    def _draft(self, input: Data, is_draft: bool, action: str) -> Data:
        hub, node = self._hub, input["pullRequestId"]
        name, number = self._pull_of(node)
        before = moves.pull(hub, name, number)
        hub.upstream.hooks()
        changed = hub.write("PATCH", f"/repos/{name}/pulls/{number}", {"draft": is_draft}, self._token)
        if before["draft"] != is_draft:
            moves.pull_event(hub, name, number, action, access.login_by(hub, self._token))
        shown = {"id": node, "number": number, "isDraft": changed["draft"], "url": changed["html_url"]}
        pull = shown | {"state": changed["state"].upper()}
        return {"clientMutationId": input.get("clientMutationId"), "pullRequest": pull}

    def _pull_of(self, node: str) -> tuple[str, int]:
        for name, number in self._hub.state.repositories.items():
            for at, pull in self._hub.state.pulls:
                is_it = at == number and self._hub.read(f"/repos/{name}/pulls/{pull}")["node_id"] == node
                if is_it and self._reaches(name):
                    return name, pull
        raise Refusal(404, f"Could not resolve to a node with the global id of '{node}'.")


class Repository:
    def __init__(self, hub: "Hub", name: str) -> None:
        self._hub = hub
        self.nameWithOwner = name

    def object(self, info: object, expression: str = "", oid: str = "") -> "Commit | None":
        """A commit, by its hash or whatever leads to one; nothing where nothing does."""
        got = self._hub.ask("GET", f"/repos/{self.nameWithOwner}/commits/{oid or expression}")
        return Commit(self._hub, self.nameWithOwner, got.value["sha"]) if got.status == 200 else None


class Commit:
    __typename = "Commit"

    def __init__(self, hub: "Hub", name: str, sha: str) -> None:
        self._hub = hub
        self._name = name
        self.oid = sha

    @cached_property
    def _read(self) -> Any:
        return self._hub.read(f"/repos/{self._name}/commits/{self.oid}")

    @property
    def committedDate(self) -> str:
        return str(self._read["commit"]["committer"]["date"])

    @property
    def author(self) -> Data:
        commit = polish.value(self._hub, self._read)
        named, login = commit["commit"]["author"], (commit["author"] or {}).get("login")
        return {**named, "user": {"login": login} if login else None}

    def blame(self, info: object, path: str) -> Data:
        """The lines of a file with the commit of the first-parent history that brought each."""
        lines = self.lines(path)
        if lines is None:
            raise Refusal(404, f"Could not resolve file for path '{path}'.")
        writers: list[Commit] = [self] * len(lines)
        commit, kept = self, set(range(len(lines)))
        while kept and (parents := commit._read["parents"]):
            commit = Commit(self._hub, self._name, parents[0]["sha"])
            kept &= _same(commit.lines(path) or [], lines)
            for line in kept:
                writers[line] = commit
        return {"ranges": _ranges(writers)}

    def lines(self, path: str) -> list[bytes] | None:
        found = merging.entries(self._hub, self._name, self.oid).get(path)
        return merging.blob(self._hub, self._name, found[1]).splitlines(keepends=True) if found else None


def _same(older: list[bytes], lines: list[bytes]) -> set[int]:
    """Numbers of lines that were there before."""
    blocks = SequenceMatcher(None, older, lines, autojunk=False).get_matching_blocks()
    return {line for block in blocks for line in range(block.b, block.b + block.size)}


def _ranges(writers: list[Commit]) -> list[Data]:
    runs: list[Data] = []
    for number, commit in enumerate(writers, 1):
        if runs and runs[-1]["commit"] is commit:
            runs[-1]["endingLine"] = number
        else:
            runs.append({"startingLine": number, "endingLine": number, "age": 1, "commit": commit})
    return runs


ROUTES = (route("POST", "/graphql", graphql),)
