"""How a change of Terraform files is tried: in the folders where Terraform is run."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from bot.components import MAX_FILES, SOURCES, callers, terraform_root
from bot.conventions.reading import text_of, workflows
from bot.conventions.trial import Trial, operand, trial
from fixers.repository import Repository

_MAKEFILES = ("Makefile", "GNUmakefile", "makefile")
_RUNS_TOFU = re.compile(
    r"setup-opentofu|\btofu[ \t]+(?:init|plan|validate|apply|fmt)\b|^terraform_binary[ \t]*=[ \t]*\"tofu\"",
    re.M,
)


def trials(repo: Repository, paths: Sequence[str]) -> Iterator[Trial | None]:
    """Validate each changed folder; plan where Terraform is run, also for a module that is called there."""
    says_tofu = repo.fact(_tofu, "")
    tool = "tofu" if says_tofu else "terraform"
    changed = {posixpath.dirname(path): path for path in reversed(paths) if path.endswith(SOURCES)}
    folders = list(reversed(changed))
    for folder in folders:
        shown_by = repo.fact(terraform_root, folder)
        if not shown_by:
            yield _validate_module(tool, folder, says_tofu or changed[folder])
        else:
            local = (tool, "init", "-backend=false")
            yield trial(says_tofu or shown_by, local, (tool, "validate"), folder=folder)
    for root in _roots(repo, folders):
        shown_by = repo.fact(terraform_root, root)
        yield trial(says_tofu or shown_by, (tool, "init"), (tool, "plan"), folder=root)


def _validate_module(tool: str, folder: str, source: str) -> Trial | None:
    there = (tool, f"-chdir={operand(folder)}") if folder else (tool,)
    return trial(source, (*there, "init", "-backend=false"), (*there, "validate"))


def _roots(repo: Repository, folders: list[str]) -> list[str]:
    """The folders where the changed ones are planned: those themselves, or the callers of a module."""
    roots, seen, waiting = [], set(folders), list(folders)
    while waiting:
        folder = waiting.pop(0)
        if repo.fact(terraform_root, folder):
            roots.append(folder)
            continue
        new = [caller for caller in callers(repo).get(folder, []) if caller not in seen]
        seen.update(new)
        waiting += new
    return roots


def _tofu(repo: Repository, _: str) -> str:
    """The file that shows that the repository runs OpenTofu; nothing where it runs Terraform."""
    for path in repo.paths:
        if path.endswith(".tofu") or posixpath.basename(path) == ".opentofu-version":
            return path
    running = [path for path in repo.paths if posixpath.basename(path) in (*_MAKEFILES, "terragrunt.hcl")]
    read = (*workflows(repo), *running[:MAX_FILES])
    return next((path for path in read if _RUNS_TOFU.search(text_of(repo, path))), "")
