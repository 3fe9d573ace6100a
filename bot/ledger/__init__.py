"""The history from which metrics and audits are read, in SQLite or PostgreSQL; never the queue."""

from bot.ledger.book import Ledger
from bot.ledger.entries import FindingLife, JobEnd, PullRequestRow, RepositoryRow, Scan

__all__ = ["FindingLife", "JobEnd", "Ledger", "PullRequestRow", "RepositoryRow", "Scan"]
