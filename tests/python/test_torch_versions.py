"""What a load of a checkpoint says of the torch that gets installed."""

import pytest

from fixers.engine import scan
from fixers.python import unsafe_torch_load
from fixers.repository import Repository
from fixers.rule import Finding

LOADS = b"import torch\n\na = torch.load(path)\nb = torch.load(path, weights_only=False)\n"


def findings(requirement: str) -> list[Finding]:
    files = {"app.py": LOADS, "requirements.txt": requirement.encode()}
    return [hit.finding for hit in scan(Repository.of(files), [unsafe_torch_load.check]).hits]


@pytest.mark.parametrize("requirement", ["torch==2.5.1", "torch>=2.1,<2.6", "torch<2.6"])
def test_below_2_6_the_version_to_move_to_is_named(requirement: str) -> None:
    found = findings(requirement)
    assert len(found) == 2
    for finding in found:
        (note,) = finding.notes
        assert "CVE-2025-32434" in note
        assert "move to 2.6.0" in note


@pytest.mark.parametrize("requirement", ["torch>=2.0", "torch", "numpy"])
def test_where_older_ones_are_allowed_it_says_so(requirement: str) -> None:
    found = findings(requirement)
    assert len(found) == 2
    for finding in found:
        (note,) = finding.notes
        assert "2.6" in note
        assert "CVE-2025-32434" in note


@pytest.mark.parametrize("requirement", ["torch>=2.6", "torch==2.13.0", "torch~=2.7"])
def test_from_2_6_on_only_what_is_switched_off_speaks(requirement: str) -> None:
    (finding,) = findings(requirement)
    assert "weights_only=False" in finding.message
    assert finding.notes == ()
