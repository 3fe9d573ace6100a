"""The repository's own formatter, as far as it can be run without running the repository's code."""

from pathlib import PurePosixPath

from bot.formatters.black import black_by_evidence, black_for
from bot.formatters.child import CannotRun
from bot.formatters.formatter import Formatter
from bot.formatters.manifests import prettier_for, yamlfmt_for
from bot.formatters.ruff import ruff_for
from bot.formatters.yapf import yapf_for
from fixers.repository import Repository
from fixers.stitch import Formatted

__all__ = ["Formatter", "formatted", "formatter_for"]

_FOR = {
    **dict.fromkeys((".py", ".pyi"), (black_for, ruff_for, yapf_for)),
    **dict.fromkeys((".yaml", ".yml"), (prettier_for, yamlfmt_for)),
}


def formatter_for(repo: Repository, path: str) -> Formatter | None:
    """What formats the file by the repository's configuration; None where nothing does.

    What pre-commit runs comes before what merely has a section; without pre-commit, the first of
    black, ruff and yapf that is configured. A Python file for which nothing is configured speaks for
    itself.
    """
    found: list[Formatter] = []
    for choose in _FOR.get(PurePosixPath(path).suffix, ()):
        try:
            formatter = choose(repo, path)
        except CannotRun as error:
            formatter = Formatter(choose.__name__.removesuffix("_for"), reason=error.reason)
        found += [formatter] if formatter else []
    if not found and path.endswith(".py"):
        return black_by_evidence(repo, path)
    ordered = sorted(found, key=lambda formatter: not formatter.is_hook)
    return ordered[0] if ordered and not ordered[0].leaves_alone else None


def formatted(repo: Repository, path: str, data: bytes) -> Formatted | None:
    """What that formatter makes of `data`; None where there is none. Raises nothing."""
    formatter = repo.fact(formatter_for, path)
    return formatter.format(data) if formatter else None
