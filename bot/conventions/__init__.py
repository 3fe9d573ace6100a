"""How a repository does things: its components' trials, its commits, who owns which files."""

from bot.conventions.codeowners import owners
from bot.conventions.commit_style import CommitStyle, commit_style, plain
from bot.conventions.trial import Trial
from bot.conventions.trials import trials

__all__ = ["CommitStyle", "Trial", "commit_style", "owners", "plain", "trials"]
