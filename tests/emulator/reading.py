"""What is there now on the emulated GitHub, read with full sight and not counted."""

from typing import Any

from emulator import merging, moves, polish
from emulator.hub import Hub
from emulator.wire import Data, Request


class Reading:
    _hub: Hub

    def read(self, path: str) -> Any:
        """A GET with full sight, put right, not counted."""
        return polish.value(self._hub, self._hub.read(path))

    def default_branch(self, name: str) -> str:
        branch: str = self.read(f"/repos/{name}")["default_branch"]
        return branch

    def head(self, name: str, branch: str) -> str | None:
        sha = moves.head(self._hub, name, branch)
        return None if sha == moves.NOTHING else sha

    def branches(self, name: str) -> dict[str, str]:
        found = self._pages(f"/repos/{name}/branches")
        return {one["name"]: one["commit"]["sha"] for one in found}

    def files(self, name: str, at: str = "") -> dict[str, bytes]:
        """Path → content at a commit or branch (by default the default branch)."""
        sha = self._commit_of(name, at)
        return {
            path: merging.blob(self._hub, name, oid)
            for path, (_, oid) in merging.entries(self._hub, name, sha).items()
        }

    def modes(self, name: str, at: str = "") -> dict[str, str]:
        found = merging.entries(self._hub, name, self._commit_of(name, at))
        return {path: mode for path, (mode, _) in found.items()}

    def _commit_of(self, name: str, at: str) -> str:
        at = at or self.default_branch(name)
        return self.head(name, at) or at

    def show_commit(self, name: str, at: str) -> Data:
        shown: Data = self.read(f"/repos/{name}/commits/{at}")
        return shown

    def pull_request(self, name: str, number: int) -> Data:
        """With `mergeable`, counts and all, as GitHub shows a single one."""
        headers = {"authorization": f"Bearer {self._hub.sight(name.partition('/')[0])}"}
        shown: Data = self._hub.answer(Request("GET", f"/repos/{name}/pulls/{number}", headers)).value
        return shown

    def pull_requests(self, name: str, state: str = "all") -> list[Data]:
        """By number."""
        return sorted(self._pages(f"/repos/{name}/pulls?state={state}"), key=lambda one: int(one["number"]))

    def sarif(self) -> list[Data]:
        """Uploads to code scanning: `commit`, `ref` and the unpacked `sarif`, in order."""
        return list(self._hub.state.sarif.values())

    def issues(self, name: str, state: str = "all") -> list[Data]:
        return [
            one for one in self._pages(f"/repos/{name}/issues?state={state}") if "pull_request" not in one
        ]

    def comments(self, name: str, number: int) -> list[Data]:
        return self._pages(f"/repos/{name}/issues/{number}/comments")

    def check_runs(self, name: str, sha: str) -> list[Data]:
        """Ours and others', with what emulate doesn't keep: `actions` and `annotations`."""
        found: Data = self.read(f"/repos/{name}/commits/{sha}/check-runs?filter=all")
        kept = self._hub.state.runs
        return [
            run | {k: kept.get(run["id"], {}).get(k, []) for k in ("actions", "annotations")}
            for run in found["check_runs"]
        ]

    def _pages(self, path: str) -> list[Data]:
        found: list[Data] = []
        joint = "&" if "?" in path else "?"
        while batch := self.read(f"{path}{joint}per_page=100&page={len(found) // 100 + 1}"):
            found += batch
            if len(batch) < 100:
                break
        return found
