"""The App's side in the harness's own tests: a JWT, an installation's token, plain requests."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import jwt

from emulator.setup import PERMISSIONS
from emulator.world import GitHub

SECONDS = 20.0


class AppClient:
    """Installed on acme, with a token that reaches all of it."""

    def __init__(self, github: GitHub, http: httpx.Client) -> None:
        self._github = github
        self.http = http
        self.token = ""

    def jwt(self, seconds: int = 500) -> dict[str, str]:
        now = int(time.time())
        claims = {"iss": str(self._github.app_id), "iat": now - 30, "exp": now + seconds}
        signed = jwt.encode(claims, self._github.private_key, algorithm="RS256")
        return {"authorization": f"Bearer {signed}"}

    def as_app(self, method: str, path: str, data: object = None) -> httpx.Response:
        return self.http.request(method, path, json=data, headers=self.jwt())

    def new_token(self, **narrowed: object) -> dict[str, Any]:
        path = f"/app/installations/{self._github.installation_id}/access_tokens"
        made: dict[str, Any] = self.as_app("POST", path, narrowed).raise_for_status().json()
        self.token = made["token"]
        return made

    def ask(
        self, method: str, path: str, data: object = None, *, accept: str = "application/json"
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", "accept": accept}
        return self.http.request(method, path, json=data, headers=headers)

    def get(self, path: str) -> Any:
        return self.ask("GET", path).raise_for_status().json()

    def post(self, path: str, data: object) -> Any:
        return self.ask("POST", path, data).raise_for_status().json()

    def commit(
        self, name: str, files: dict[str, str], parent: str, message: str = "Fix", **more: object
    ) -> str:
        """As Suture makes it: a tree on the parent's, a commit with nobody named."""
        entries = [
            {"path": path, "mode": "100644", "type": "blob", "content": text} for path, text in files.items()
        ]
        base = self.get(f"/repos/{name}/git/commits/{parent}")["tree"]["sha"]
        tree = self.post(f"/repos/{name}/git/trees", {"base_tree": base, "tree": entries})["sha"]
        made = {"message": message, "tree": tree, "parents": [parent], **more}
        sha: str = self.post(f"/repos/{name}/git/commits", made)["sha"]
        return sha

    def propose(self, name: str, branch: str, files: dict[str, str], **more: object) -> int:
        """A branch with one commit on the default branch, and its pull request."""
        base = self.get(f"/repos/{name}")["default_branch"]
        parent = self.get(f"/repos/{name}/git/ref/heads/{base}")["object"]["sha"]
        sha = self.commit(name, files, parent)
        self.post(f"/repos/{name}/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha})
        asked = {"head": branch, "base": base, "title": "Fix", "body": "Body", **more}
        number: int = self.post(f"/repos/{name}/pulls", asked)["number"]
        return number


@contextmanager
def app_client(github: GitHub) -> Iterator[AppClient]:
    with httpx.Client(base_url=github.base_url, timeout=SECONDS, verify=False) as http:
        client = AppClient(github, http)
        client.new_token(permissions=PERMISSIONS)
        yield client
