"""What people do on the emulated GitHub, through the same rules as over HTTP."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from emulator import merging, moves
from emulator.hub import Hub
from emulator.wire import Request
from emulator.wire import answer as as_json

Files = Mapping[str, str | bytes | tuple[str, str | bytes] | None]
"""Path → text, bytes, (mode, either), or None to delete; a path that isn't named stays."""


class Refused(AssertionError):
    """A person's request wasn't carried out."""


def _default_branch(hub: Hub, name: str) -> str:
    branch: str = hub.read(f"/repos/{name}")["default_branch"]
    return branch


class Acting:
    """`by` is a login; by default somebody with full sight acts."""

    _hub: Hub

    def request(self, method: str, path: str, data: object = None, by: str = "") -> Any:
        """As that person, by default one with full sight. Raises Refused; returns the answer's value."""
        token = self._hub.token(by or self._hub.overseer(path))
        body = b"" if data is None else as_json(data).body
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        got = self._hub.serve(Request(method, path, headers, body)).answer
        if got.status >= 400:
            raise Refused(f"{method} {path}: {got.status} {got.body.decode(errors='replace')}")
        return got.value if got.is_json and got.body else None

    def seed(
        self,
        name: str = "acme/service",
        files: Files | None = None,
        *,
        is_private: bool = False,
        branch: str = "main",
        message: str = "Begin",
    ) -> str:
        """A repository with these files on its default branch; returns the commit. No webhooks.

        In an organisation its members may push; its first admin commits.
        """
        account, _, short = name.partition("/")
        owner = self._hub.setup.owner(account)
        where = f"/orgs/{account}/repos" if account in self._hub.setup.members else "/user/repos"
        with self._hub.writing, self._hub.deliveries.silence():
            self.request("POST", where, {"name": short, "private": is_private}, by=owner)
            for login in self._hub.setup.members.get(account, {}):
                self.request("PUT", f"/repos/{name}/collaborators/{login}", {"permission": "push"}, by=owner)
            sha = self.commit(
                name, files or {"README.md": f"# {short}\n"}, message=message, by=owner, parent=""
            )
            self.request(
                "POST", f"/repos/{name}/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha}, by=owner
            )
            if branch != "main":
                self.request("PATCH", f"/repos/{name}", {"default_branch": branch}, by=owner)
        return sha

    def commit(
        self,
        name: str,
        files: Files,
        *,
        by: str = "",
        message: str = "Change",
        parent: str | None = None,
        branch: str = "",
    ) -> str:
        """A person's commit on no branch yet. `parent` defaults to the head of the (default) branch."""
        branch = branch or _default_branch(self._hub, name)
        parent = moves.head(self._hub, name, branch) if parent is None else parent
        author = by or self._hub.setup.owner(name.partition("/")[0])
        tree = self._tree(name, files, parent, author)
        who = {"name": author.title(), "email": f"{author}@example.com", "date": self._hub.now()}
        made = {"message": message, "tree": tree, "parents": [parent] if parent else [], "author": who}
        sha: str = self.request("POST", f"/repos/{name}/git/commits", made, by=author)["sha"]
        return sha

    def _tree(self, name: str, files: Files, parent: str | None, by: str) -> str:
        items = []
        known = merging.entries(self._hub, name, parent) if parent else {}
        for path, value in files.items():
            mode, content = value if isinstance(value, tuple) else (known.get(path, ("100644",))[0], value)
            inside = {"sha": None} if content is None else self._content(name, content, by)
            items.append({"path": path, "mode": mode, "type": "blob", **inside})
        base = {"base_tree": merging.tree_of(self._hub, name, parent)} if parent else {}
        tree: str = self.request("POST", f"/repos/{name}/git/trees", {"tree": items, **base}, by=by)["sha"]
        return tree

    def _content(self, name: str, content: str | bytes, by: str) -> dict[str, Any]:
        """Text travels in the tree, other bytes as a blob before it."""
        if isinstance(content, str):
            return {"content": content}
        body = {"content": b64encode(content).decode(), "encoding": "base64"}
        return {"sha": self.request("POST", f"/repos/{name}/git/blobs", body, by=by)["sha"]}

    def push(
        self,
        name: str,
        files: Files,
        *,
        branch: str = "",
        by: str = "",
        message: str = "Change",
        is_forced: bool = False,
    ) -> str:
        """A person's commit on top of the branch, made where it is missing (from the default branch)."""
        branch = branch or _default_branch(self._hub, name)
        exists = moves.head(self._hub, name, branch) != moves.NOTHING
        sha = self.commit(name, files, by=by, message=message, branch=branch if exists else "")
        self.point(name, branch, sha, by=by, is_forced=is_forced)
        return sha

    def point(self, name: str, branch: str, sha: str, *, by: str = "", is_forced: bool = False) -> None:
        """Pushes an existing commit to a branch."""
        if moves.head(self._hub, name, branch) == moves.NOTHING:
            self.request(
                "POST", f"/repos/{name}/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha}, by=by
            )
        else:
            moved = {"sha": sha, "force": is_forced}
            self.request("PATCH", f"/repos/{name}/git/refs/heads/{branch}", moved, by=by)

    def delete_branch(self, name: str, branch: str, *, by: str = "") -> None:
        self.request("DELETE", f"/repos/{name}/git/refs/heads/{branch}", by=by)

    def fork(self, name: str, *, by: str = "eve") -> str:
        """The fork's full name."""
        forked: str = self.request("POST", f"/repos/{name}/forks", {}, by=by)["full_name"]
        return forked

    def open_pull_request(
        self,
        name: str,
        head: str,
        *,
        base: str = "",
        title: str = "Change",
        body: str = "",
        by: str = "",
        is_draft: bool = False,
    ) -> int:
        """`head` is a branch, or `owner:branch` of a fork."""
        asked = {
            "head": head,
            "base": base or _default_branch(self._hub, name),
            "title": title,
            "body": body,
            "draft": is_draft,
        }
        number: int = self.request("POST", f"/repos/{name}/pulls", asked, by=by)["number"]
        return number

    def close(self, name: str, number: int, *, by: str = "") -> None:
        self.request("PATCH", f"/repos/{name}/pulls/{number}", {"state": "closed"}, by=by)

    def reopen(self, name: str, number: int, *, by: str = "") -> None:
        self.request("PATCH", f"/repos/{name}/pulls/{number}", {"state": "open"}, by=by)

    def merge(self, name: str, number: int, *, by: str = "", method: str = "merge") -> str:
        """The commit that the base branch points to then."""
        asked = {"merge_method": method}
        sha: str = self.request("PUT", f"/repos/{name}/pulls/{number}/merge", asked, by=by)["sha"]
        return sha

    def update_branch(self, name: str, number: int, *, by: str = "") -> None:
        """The button "Update branch"."""
        self.request("PUT", f"/repos/{name}/pulls/{number}/update-branch", {}, by=by)

    def review(
        self, name: str, number: int, event: str = "APPROVE", *, body: str = "", by: str = "bob"
    ) -> int:
        """`event` is APPROVE, REQUEST_CHANGES or COMMENT."""
        asked = {"event": event, "body": body}
        made: int = self.request("POST", f"/repos/{name}/pulls/{number}/reviews", asked, by=by)["id"]
        return made

    def comment(self, name: str, number: int, body: str, *, by: str = "") -> int:
        made: int = self.request("POST", f"/repos/{name}/issues/{number}/comments", {"body": body}, by=by)[
            "id"
        ]
        return made

    def edit_issue(self, name: str, number: int, *, by: str = "", **fields: object) -> None:
        """`body`, `title` or `state` of an issue, as a person who ticks a box does."""
        self.request("PATCH", f"/repos/{name}/issues/{number}", fields, by=by)

    def transfer(self, name: str, to: str) -> None:
        """To another account, which is a login or an organisation."""
        self.request("POST", f"/repos/{name}/transfer", {"new_owner": to})

    def delete_repository(self, name: str) -> None:
        self.request("DELETE", f"/repos/{name}")

    def rename(self, name: str, to: str) -> None:
        self.request("PATCH", f"/repos/{name}", {"name": to})

    def set_status(self, name: str, sha: str, state: str, context: str = "ci", *, by: str = "") -> None:
        """A commit status, as older CI systems send it."""
        self.request("POST", f"/repos/{name}/statuses/{sha}", {"state": state, "context": context}, by=by)
