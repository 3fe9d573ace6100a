"""GitHub's API as plain calls and values; what goes wrong is a Problem, named by what helps."""

from bot.github.app import App
from bot.github.checks import Annotation, CheckAction, CheckRun, Output
from bot.github.installation import Installation
from bot.github.problems import (
    Conflict,
    Missing,
    Oversized,
    Problem,
    RateLimited,
    Refused,
    Suspended,
    Unavailable,
)
from bot.github.values import (
    CheckFacts,
    CommentFacts,
    CommitFacts,
    Comparison,
    Credentials,
    DeliveryFacts,
    FileChange,
    InstallationFacts,
    IssueFacts,
    PullRequestFacts,
    RepositoryFacts,
    Tree,
)
from bot.github.wire import OnCall

__all__ = [
    "Annotation",
    "App",
    "CheckAction",
    "CheckFacts",
    "CheckRun",
    "CommentFacts",
    "CommitFacts",
    "Comparison",
    "Conflict",
    "Credentials",
    "DeliveryFacts",
    "FileChange",
    "Installation",
    "InstallationFacts",
    "IssueFacts",
    "Missing",
    "OnCall",
    "Output",
    "Oversized",
    "Problem",
    "PullRequestFacts",
    "RateLimited",
    "Refused",
    "RepositoryFacts",
    "Suspended",
    "Tree",
    "Unavailable",
]
