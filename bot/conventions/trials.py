"""How a reviewer tries a change, with commands that the repository itself uses."""

from collections.abc import Iterator, Sequence

from bot.conventions import kubernetes, python_tests, targets, terraform
from bot.conventions.trial import Trial
from fixers.repository import Repository

MAX_TRIALS = 3


def trials(repo: Repository, component: str, paths: Sequence[str], language: str) -> tuple[Trial, ...]:
    """At most three commands for a change of `paths` in a component, the most telling first.

    Each is there only because a file of the repository speaks for it; `language` is a rule's.
    """
    found = (each for each in _candidates(repo, component, paths, language) if each is not None)
    by_command = {each.command: each for each in reversed(list(found))}
    return tuple(reversed(by_command.values()))[:MAX_TRIALS]


def _candidates(
    repo: Repository, component: str, paths: Sequence[str], language: str
) -> Iterator[Trial | None]:
    match language:
        case "python":
            yield from python_tests.trials(repo, component, paths)
            yield from python_tests.runners(repo, component)
            yield from targets.trials(repo, component, ("test", "check"), "python")
        case "terraform":
            yield from terraform.trials(repo, paths)
            yield from targets.trials(repo, component, ("validate", "lint"), "terraform")
        case "kubernetes":
            yield from kubernetes.trials(repo, paths)
            yield from targets.trials(repo, component, ("validate", "lint"), "kubernetes")
