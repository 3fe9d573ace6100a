"""Recipes for containers in the repository, as far as a rule has to know of them."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fixers.text import Unreadable

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_RECIPES = re.compile(r"(?:^|[./_-])(?:dockerfile|containerfile|(?:docker-)?compose[^/]*\.ya?ml$)", re.I)
_MOST = 50


def container_without(file: "PythonFile", variable: str) -> str:
    """The path of a recipe that may run the file in a container and sets no such variable; or nothing.

    It may if it lies beside the file or above it, or says the file's name and has no such file of its own.
    """
    name = PurePosixPath(file.path).name
    folders = {str(folder) for folder in PurePosixPath(file.path).parents}
    recipes = [path for path in file.repo.paths if _RECIPES.search(path)]
    near = [path for path in recipes if str(PurePosixPath(path).parent) in folders]
    for path in [*near, *recipes][:_MOST]:
        try:
            text = file.repo.read(path).decode("utf-8", "replace")
        except Unreadable:
            return path
        is_meant = name in text and str(PurePosixPath(path).parent / name) not in file.repo
        if variable not in text and (path in near or is_meant):
            return path
    return ""
