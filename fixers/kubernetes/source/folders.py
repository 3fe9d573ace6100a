"""What the folders of a manifest say of it: whether people write it to be deployed."""

import re
from itertools import pairwise
from pathlib import PurePosixPath

_TESTS = frozenset(
    {"test", "tests", "testdata", "test-data", "test_data", "e2e", "fixtures", "smoke-test-data"}
)
_STAGES = frozenset({"overlays", "environments", "envs", "clusters"})
_RELEASE = re.compile(r"(?:^|/)(?:install|releases?|dist)/v?\d+\.\d+\.\d+[\w.+-]*/")


def why_not_source(path: str) -> str:
    """Why a manifest isn't the place to change what is deployed, or nothing.

    `test` among the environments of a deployment is one of them.
    """
    folders = PurePosixPath(path).parent.parts
    if any(name in _TESTS and above not in _STAGES for above, name in pairwise(("", *folders))):
        return "its folder says that it serves tests alone"
    if _RELEASE.search(path):
        return "its folder says that it was released so: change what the next release is made from"
    return ""
