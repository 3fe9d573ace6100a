"""Who and what is there when a test begins: people, organisations, the App and where it is installed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

EVENTS = (
    "check_run",
    "check_suite",
    "create",
    "delete",
    "issue_comment",
    "issues",
    "merge_group",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "push",
    "repository",
    "status",
)
PERMISSIONS = {
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "read",
}
TOKENS_OF_A_PERSON = 40
"""emulate counts 5,000 requests an hour for each token; a soak of the harness's own reads needs more."""


def new_key() -> str:
    """A private key as GitHub hands it out, made at test time: none is committed."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(kind, form, serialization.NoEncryption()).decode()


@dataclass(frozen=True, slots=True)
class Setup:
    """`installations` is account → installation id; `members` is organisation → login → role."""

    private_key: str
    app_id: int = 4242
    slug: str = "suture"
    name: str = "Suture"
    webhook_secret: str = field(default_factory=lambda: secrets.token_hex(20))
    events: tuple[str, ...] = EVENTS
    permissions: Mapping[str, str] = field(default_factory=lambda: dict(PERMISSIONS))
    people: tuple[str, ...] = ("ann", "bob", "eve")
    members: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: {"acme": {"ann": "admin", "bob": "member"}}
    )
    installations: Mapping[str, int] = field(default_factory=lambda: {"acme": 9001})

    @property
    def bot(self) -> str:
        return f"{self.slug}[bot]"

    def tokens(self, login: str) -> list[str]:
        return [f"ghp_{login}_{number}" for number in range(TOKENS_OF_A_PERSON)]

    def owner(self, account: str) -> str:
        """A person who may see and do everything in the account."""
        return next((who for who, role in self.members.get(account, {}).items() if role == "admin"), account)

    def seed(self) -> dict[str, Any]:
        users = [{"login": who, "name": who.title(), "email": f"{who}@example.com"} for who in self.people]
        flow = {"login": "web-flow", "name": "GitHub", "email": "noreply@github.com"}
        orgs = [
            {"login": org, "members": [{"login": who, "role": role} for who, role in members.items()]}
            for org, members in self.members.items()
        ]
        permissions = dict(self.permissions)
        installed = [
            {"installation_id": number, "account": account, "permissions": permissions}
            for account, number in self.installations.items()
        ]
        app = {
            "app_id": self.app_id,
            "slug": self.slug,
            "name": self.name,
            "private_key": self.private_key,
            "permissions": permissions,
            "events": list(self.events),
            "webhook_url": "http://kept-by-the-driver.invalid/",
            "installations": installed,
        }
        tokens = {token: {"login": who} for who in self.people for token in self.tokens(who)}
        return {"tokens": tokens, "github": {"users": [*users, flow], "orgs": orgs, "apps": [app]}}
