"""What an App is registered with: each permission with its reason, and the events that come by it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

_LONGEST_NAME = 34
"""Characters (docs.github.com: "Registering a GitHub App")."""
_LONGEST_ADDRESS = 1000
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?")
_ADDRESS = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Permission:
    """`name` and `access` as a manifest has them, `title` as GitHub's pages call it."""

    name: str
    access: str
    title: str
    reason: str
    events: tuple[str, ...] = ()
    """GitHub refuses a manifest with an event whose permission isn't asked for."""

    def __str__(self) -> str:
        return f"{self.title}: {'read and write' if self.access == 'write' else 'read'}"


NEEDED = (
    Permission(
        "contents",
        "write",
        "Contents",
        "Reads the files that it scans, and pushes fixes to branches of its own.",
        ("push",),
    ),
    Permission(
        "pull_requests",
        "write",
        "Pull requests",
        "Opens, updates and closes its pull requests; reads what people's pull requests change.",
        ("pull_request", "pull_request_review"),
    ),
    Permission(
        "checks",
        "write",
        "Checks",
        "Reports on pull requests in a check run, and sees how other checks end on those that it opened.",
        ("check_run", "check_suite"),
    ),
    Permission(
        "issues",
        "write",
        "Issues",
        "Comments on pull requests, reads commands there, and keeps one issue of what is open and withheld.",
        ("issues", "issue_comment"),
    ),
    Permission(
        "statuses",
        "read",
        "Commit statuses",
        "Sees how checks end on them that report as commit statuses.",
        ("status",),
    ),
    Permission(
        "metadata",
        "read",
        "Metadata",
        "Every App has it: a repository's name, its default branch, whether it is archived.",
        ("repository",),
    ),
)
OPTIONAL = (
    Permission(
        "members",
        "read",
        "Members (of an organisation)",
        "To let a team decide on pull requests, Suture has to see who is in it. Nothing uses this yet.",
    ),
    Permission(
        "security_events",
        "write",
        "Code scanning alerts",
        "To show findings as alerts, which only those who may write see. Nothing uses this yet.",
    ),
    Permission(
        "merge_queues",
        "read",
        "Merge queues",
        "Answers merge queues too: they wait for Suture's check where your rules require it.",
        ("merge_group",),
    ),
)
"""Asked for where a person chooses so."""
ALWAYS_SENT = ("installation", "installation_repositories", "installation_target")
"""GitHub sends these to every App, and refuses a manifest that lists them."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose on the page."""

    name: str = "Suture"
    organisation: str = ""
    """Empty for the person's own account."""
    webhook: str = ""
    """Where GitHub delivers to."""
    optional: frozenset[str] = frozenset()

    @property
    def permissions(self) -> tuple[Permission, ...]:
        return (*NEEDED, *(one for one in OPTIONAL if one.name in self.optional))

    def problems(self) -> dict[str, str]:
        """Field → what is wrong with it."""
        found = {}
        if not 0 < len(self.name) <= _LONGEST_NAME or not self.name.isprintable():
            found["name"] = f"A name has 1 to {_LONGEST_NAME} characters."
        if self.organisation and not _LOGIN.fullmatch(self.organisation):
            found["organisation"] = "That is no login: give the last part of the organisation's address."
        if not _is_address(self.webhook):
            found["webhook"] = "Give the whole address, like https://suture.example.com/webhooks/github."
        return found


def choices_of(form: Mapping[str, str], webhook: str) -> Choices:
    """What a form says; `webhook` is the address where that isn't asked for."""
    return Choices(
        form.get("name", Choices().name).strip(),
        form.get("organisation", "").strip(),
        webhook or form.get("webhook", "").strip(),
        frozenset(one.name for one in OPTIONAL if form.get(one.name)),
    )


def manifest(choices: Choices, homepage: str, redirect_url: str) -> dict[str, Any]:
    """As GitHub takes it (docs.github.com: "Registering a GitHub App from a manifest")."""
    return {
        "name": choices.name,
        "url": homepage,
        "description": "Finds weaknesses of AI systems and opens small, proven fixes.",
        "public": False,
        "redirect_url": redirect_url,
        "hook_attributes": {"url": choices.webhook},
        "default_permissions": {one.name: one.access for one in choices.permissions},
        "default_events": [event for one in choices.permissions for event in one.events],
    }


def owner_url(github_url: str, choices: Choices) -> str:
    return f"{github_url}/{choices.organisation}" if choices.organisation else github_url


def form_address(github_url: str, choices: Choices, state: str) -> str:
    """Where the manifest is posted to; GitHub hands `state` back."""
    place = f"/organizations/{choices.organisation}" if choices.organisation else ""
    return f"{github_url}{place}/settings/apps/new?{urlencode({'state': state})}"


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    is_plain = bool(_ADDRESS.fullmatch(text)) and not parts.username and not parts.fragment
    return is_whole and is_plain and len(text) <= _LONGEST_ADDRESS
