"""The bundled service is what a company would have: it parses, it is formatted, and it opens nothing."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import hcl2
import pytest
import yaml

from bot.policy.configuration import validated
from bot.policy.document import read_document
from fixers import all_rules
from fixers.engine import scan
from fixers.manifests import pins, surely_below
from fixers.repository import Repository

ROOT = Path(__file__).parent.parent / "demo" / "helpdesk"
FILES = {
    path.relative_to(ROOT).as_posix(): path.read_bytes()
    for path in sorted(ROOT.rglob("*"))
    if path.is_file() and not any(part in {"__pycache__", ".ruff_cache"} for part in path.parts)
}
SERVICE = "services/assistant/assistant"
# What GitHub's push protection takes for keys of OpenAI and Hugging Face.
REAL_KEYS = re.compile(rb"T3BlbkFJ|hf_[A-Za-z0-9]{34}|AKIA[0-9A-Z]{16}")


@pytest.mark.parametrize("path", FILES)
def test_file_parses(path: str) -> None:
    text = FILES[path].decode()
    match Path(path).suffix:
        case ".py":
            ast.parse(text)
        case ".tf":
            assert json.dumps(hcl2.loads(text))
        case ".yaml" | ".yml":
            assert all(isinstance(document, dict) for document in yaml.safe_load_all(text))
        case _:
            assert text.endswith("\n")


def test_it_is_formatted_as_its_own_configuration_says() -> None:
    pytest.importorskip("black")
    command = [sys.executable, "-m", "black", "--check", "--quiet", str(ROOT / "services/assistant")]
    assert subprocess.run(command, check=False).returncode == 0


def test_its_languages_give_findings_fixes_and_refusals() -> None:
    scanned = scan(Repository.of(FILES), all_rules())
    assert not scanned.skipped
    assert {hit.rule.language for hit in scanned.hits if hit.finding.is_fixable} == {
        "kubernetes",
        "python",
        "terraform",
    }
    assert any(hit.finding.refusal for hit in scanned.hits)


def test_it_keeps_the_quirks_of_real_repositories() -> None:
    assert FILES[f"{SERVICE}/tickets.py"].count(b"\r\n") == FILES[f"{SERVICE}/tickets.py"].count(b"\n")
    assert not FILES[f"{SERVICE}/embeddings.py"].isascii()


def test_no_key_in_it_is_of_the_form_that_a_host_rejects() -> None:
    assert not [path for path, data in FILES.items() if REAL_KEYS.search(data)]


def test_its_pins_are_old_enough_to_matter() -> None:
    repo = Repository.of(FILES)
    assert surely_below(repo, f"{SERVICE}/triage.py", "torch", "2.6")
    assert "slowapi" not in pins(repo, f"{SERVICE}/api.py")


def test_its_configuration_is_valid_and_ignores_with_a_reason() -> None:
    configuration, _ = validated(read_document(".suture.yml", FILES[".suture.yml"]), all_rules())
    assert [bool(ignore.reason) for ignore in configuration.ignores] == [True]
    assert re.search(rb"# suture: ignore\[[\w/-]+\] \w+", FILES["deploy/embeddings.yaml"])
