"""The history from which metrics and audits are read, in SQLite or PostgreSQL; never the queue."""

from bot.ledger.book import Ledger
from bot.ledger.entries import (
    Contact,
    FindingLife,
    JobEnd,
    ListedInstallation,
    ListedRepository,
    Onboarding,
    PullRequestRow,
    Reached,
    RepositoryRow,
    Scan,
)

__all__ = [
    "Contact",
    "FindingLife",
    "JobEnd",
    "Ledger",
    "ListedInstallation",
    "ListedRepository",
    "Onboarding",
    "PullRequestRow",
    "Reached",
    "RepositoryRow",
    "Scan",
]
