"""A document that names a function: `os.mkdir`, with a folder that is looked for afterwards."""

from pathlib import Path

import pytest
from yaml.constructor import ConstructorError

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/unsafe-yaml-load")
HONEST = "model: org/model\nlayers: [1, 2]\nsince: 2026-11-23\n"


def test_a_hostile_document_makes_a_folder_before(tmp_path: Path) -> None:
    run(BEFORE, stream=f"!!python/object/apply:os.mkdir ['{tmp_path}/made']")
    assert (tmp_path / "made").is_dir()


def test_a_hostile_document_is_refused_after(tmp_path: Path) -> None:
    with pytest.raises(ConstructorError, match=r"python/object/apply:os\.mkdir"):
        run(AFTER, stream=f"!!python/object/apply:os.mkdir ['{tmp_path}/made']")
    assert list(tmp_path.iterdir()) == []


def test_an_honest_document_gives_the_same_values() -> None:
    before, after = run(BEFORE, stream=HONEST), run(AFTER, stream=HONEST)
    assert before["config"] == after["config"] != {}
    assert list(before["pages"]) == list(after["pages"]) == [after["config"]]
