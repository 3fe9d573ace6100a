"""Who wrote a line, which GitHub tells by GraphQL alone."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from bot.github import shapes
from bot.github.access import Access
from bot.github.graph import asked
from bot.github.problems import Unavailable

_MOST_FILES = 60
_AT_ONCE = 20
"""Files in one request: GitHub works ten seconds on a question at most."""


class Blame:
    """For an Installation. The method raises Problem."""

    _access: Access

    def blame(self, commit: str, lines: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], str]:
        """The commits that wrote these lines (from 1) of these files, as they are at `commit`.

        60 files are asked for at most, the first by path. One that GitHub can't answer for is left out, and
        so is one whose name its API can't say, as that isn't UTF-8.
        """
        sayable = [path for path in sorted(lines) if path == path.encode("utf-8", "replace").decode()]
        paths = sayable[:_MOST_FILES]
        found: dict[tuple[str, int], str] = {}
        for start in range(0, len(paths), _AT_ONCE):
            some = paths[start : start + _AT_ONCE]
            for path, blame in zip(some, self._blames(commit, some), strict=True):
                found |= {(path, line): writer for line, writer in _writers(blame, lines[path])}
        return found

    def _blames(self, commit: str, paths: Sequence[str]) -> list[shapes.Blame]:
        """Of each file, in this order; an empty one where there is none."""
        owner, _, name = self._access.full_name().partition("/")
        variables = {"owner": owner, "name": name, "commit": commit}
        variables |= {f"path{number}": path for number, path in enumerate(paths)}
        answer, problems = asked(
            self._access, shapes.BlameAnswer, _question(len(paths)), variables, is_reading=True
        )
        repository = answer.data.repository if answer.data else None
        if repository is None:
            raise problems[0] if problems else Unavailable("GitHub's answer has no repository")
        listed = (repository.get(f"file{number}") for number in range(len(paths)))
        return [(one and one.blame) or shapes.Blame() for one in listed]


def _question(count: int) -> str:
    """Each file is in a commit of its own: a blame can't be null, so that what GitHub can't answer for makes
    the commit around it null."""
    kinds = "".join(f", $path{number}: String!" for number in range(count))
    ranges = "{ ranges { startingLine endingLine commit { oid } } }"
    files = " ".join(
        f"file{number}: object(oid: $commit) {{ ... on Commit {{ blame(path: $path{number}) {ranges} }} }}"
        for number in range(count)
    )
    return (
        f"query($owner: String!, $name: String!, $commit: GitObjectID!{kinds}) "
        f"{{ repository(owner: $owner, name: $name) {{ {files} }} }}"
    )


def _writers(blame: shapes.Blame, lines: Sequence[int]) -> Iterator[tuple[int, str]]:
    wanted = sorted(lines)
    for one in blame.ranges:
        for line in wanted[bisect_left(wanted, one.first) : bisect_right(wanted, one.last)]:
            yield line, one.commit.oid
