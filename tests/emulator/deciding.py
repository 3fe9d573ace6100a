"""What people decide about the App (where it is installed, its buttons), and what other Apps do."""

from emulator import moves, polish, relay
from emulator.acting import Refused
from emulator.hub import Hub
from emulator.state import Installed
from emulator.wire import Data


def told(hub: Hub, event: str, payload: Data, repository: str = "") -> None:
    """An event of any kind; `repository` adds what GitHub says of it and the installation."""
    account = repository.partition("/")[0] or next(iter(hub.setup.installations))
    about = {"repository": hub.read(f"/repos/{repository}")} if repository else {}
    relay.emit(hub, event, about | payload, account)


class Deciding:
    _hub: Hub

    def press(self, name: str, run: int, identifier: str, *, by: str = "") -> None:
        """A button on one of our check runs. Refused where the run has no such button."""
        buttons = [one["identifier"] for one in self._hub.state.runs.get(run, {}).get("actions", [])]
        if identifier not in buttons:
            raise Refused(f"the check run has the buttons {buttons}, not {identifier!r}")
        self._check_event(name, run, "requested_action", by, requested_action={"identifier": identifier})

    def ask_again(self, name: str, run: int, *, by: str = "") -> None:
        """ "Re-run" on one of our check runs."""
        self._check_event(name, run, "rerequested", by)

    def _check_event(self, name: str, run: int, action: str, by: str, **more: object) -> None:
        sender = moves.user(self._hub, by or self._hub.setup.owner(name.partition("/")[0]))
        shown = polish.value(self._hub, self._hub.read(f"/repos/{name}/check-runs/{run}"))
        told(self._hub, "check_run", {"action": action, "check_run": shown, "sender": sender, **more}, name)

    def finish_check(self, name: str, sha: str, conclusion: str = "success", *, check: str = "tests") -> int:
        """A check of another App's (GitHub Actions) ends on a commit: its run, and its suite's event."""
        asked = {"name": check, "head_sha": sha, "status": "completed", "conclusion": conclusion}
        with self._hub.writing:
            token = self._hub.sight(name.partition("/")[0])
            run: Data = self._hub.write("POST", f"/repos/{name}/check-runs", asked, token)
            self._hub.state.runs[run["id"]] = {"actions": [], "annotations": [], "is_ours": False}
            relay.flush(self._hub)
        found = self._hub.read(f"/repos/{name}/branches?per_page=100")
        branches = [one["name"] for one in found if one["commit"]["sha"] == sha]
        suite = {
            "id": run["id"] + 1_000_000,
            "head_sha": sha,
            "head_branch": branches[0] if branches else None,
            "status": "completed",
            "conclusion": conclusion,
            "app": polish.OTHER_APP,
            "pull_requests": polish.value(self._hub, run)["pull_requests"],
        }
        sender = {"login": "github-actions[bot]", "id": 41898282, "type": "Bot"}
        told(self._hub, "check_suite", {"action": "completed", "check_suite": suite, "sender": sender}, name)
        number: int = run["id"]
        return number

    def choose(self, account: str, names: set[str] | None) -> None:
        """Which repositories the installation reaches (None: all), with the events that follow."""
        number, installed = self._installed(account)
        before, after = self._chosen(installed.account, installed.selection), self._chosen(account, names)
        installed.selection = names
        for action, field, changed in (
            ("added", "repositories_added", after - before),
            ("removed", "repositories_removed", before - after),
        ):
            if changed:
                payload = {
                    "action": action,
                    field: self._briefly(changed),
                    "repository_selection": "selected",
                }
                self._installation_event("installation_repositories", number, account, payload)

    def install(self, account: str, names: set[str] | None = None) -> int:
        """Announces the installation that the setup names for the account (again, after `uninstall`)."""
        number, installed = self._installed(account)
        installed.is_gone, installed.selection = False, names
        shown = self._briefly(self._chosen(account, names))
        self._installation_event(
            "installation", number, account, {"action": "created", "repositories": shown}
        )
        return number

    def uninstall(self, account: str = "acme") -> None:
        number, installed = self._installed(account)
        installed.is_gone = True
        self._installation_event("installation", number, account, {"action": "deleted"})

    def suspend(self, account: str = "acme", *, is_suspended: bool = True) -> None:
        number, installed = self._installed(account)
        installed.suspended_at = self._hub.now() if is_suspended else None
        payload = {"action": "suspend" if is_suspended else "unsuspend"}
        self._installation_event("installation", number, account, payload)

    def _installed(self, account: str) -> tuple[int, Installed]:
        return next((n, one) for n, one in self._hub.state.installations.items() if one.account == account)

    def _chosen(self, account: str, names: set[str] | None) -> set[str]:
        owned = {name for name in self._hub.state.repositories if name.startswith(f"{account}/")}
        return owned if names is None else set(names)

    def _briefly(self, names: set[str]) -> list[Data]:
        shown = ("id", "node_id", "name", "full_name", "private")
        return [{field: self._hub.read(f"/repos/{name}")[field] for field in shown} for name in sorted(names)]

    def _installation_event(self, event: str, number: int, account: str, payload: Data) -> None:
        kind = "Organization" if account in self._hub.setup.members else "User"
        installation = {
            "id": number,
            "account": {"login": account, "type": kind},
            "app_id": self._hub.setup.app_id,
        }
        sender = moves.user(self._hub, self._hub.setup.owner(account))
        relay.emit(self._hub, event, payload | {"installation": installation, "sender": sender}, account)
