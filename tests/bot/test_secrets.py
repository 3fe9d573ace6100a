"""A secret that was found is shown by no command in any form, whatever was asked for or switched off."""

from pathlib import Path

import pytest
from command_line import findings, suture
from real_git import commit, own_home, root

from bot.escaping import masked
from fixers import all_rules

__all__ = ["own_home", "root"]

KEY = "sk-proj-Qm7fZr2Lx9Tb4WvKc8JdNs3HyGp6Ua1EoRi5XtVwBq0CzMlF"
OTHER = "sk-ant-api03-" + "Qm7fZr2Lx9Tb4WvKc8JdNs3HyGp6Ua1EoRi5XtVwBq0CzMlF" * 2
HUB = "hf_Qm7fZr2Lx9Tb4WvKc8JdNs3HyGp6Ua1EoR"
TOKEN = "q7Rt2mXw9Lz4Kc8vBn5Jd3Hs6Fg1"
"""No issuer's shape: only the rule that finds it knows that it is one."""

FILES = {
    "app.py": f"""\
import requests
import yaml

KEY = "{KEY}"
requests.get("https://example.com")
config = yaml.load(stream, Loader=yaml.Loader)
pieces = (
    "{KEY[:20]}"
    "{KEY[20:]}"
)
requests.get("https://example.com", headers={{"Authorization": "Bearer {KEY}"}})


def {HUB}():
    # the old one was {OTHER}
    requests.get("https://example.com/{HUB}")
    requests.get("https://example.com")  # suture: ignore[python/request-without-timeout] as {OTHER}
""",
    f"{KEY}.py": "import requests\n\nrequests.get('https://example.com')\n",
    ".env.example": f"ANTHROPIC_API_KEY={OTHER}\n",
    "pod.yaml": f"""\
apiVersion: v1
kind: Pod
metadata:
  name: {TOKEN}
spec:
  containers:
  - name: {TOKEN}
    image: vllm/vllm-openai:v0.11.0
    env:
    - name: WANDB_API_KEY
      value: {TOKEN}
    securityContext:
      privileged: true
""",
    "bad.py": f"import yaml\nyaml.load('{KEY}' '{TOKEN}'\n",
}
SECRETS = (KEY, KEY[:20], KEY[20:], OTHER, HUB, TOKEN)

OPTIONS = [
    (),
    ("--rule", "python/request-without-timeout"),
    ("--rule", "kubernetes/privileged-container", "--rule", "python/unsafe-yaml-load"),
    ("--rule", "kubernetes/mounted-service-account-token"),
    ("--threat", "unbounded-cost"),
    ("--threat", "exposed-secret"),
    ("--min-severity", "critical"),
    ("--revision", "HEAD"),
]


def holds_none(shown: str) -> bool:
    return not [secret for secret in SECRETS if secret in shown]


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_no_command_shows_a_secret(root: Path, options: tuple[str, ...], form: str) -> None:
    commit(root, FILES)
    for command in ("scan", "fix"):
        ended = suture(command, root, *options, "--format", form)
        assert ended.exit_code in (0, 1), ended.output
        assert ended.stdout
        assert holds_none(ended.output), command
    if not options:
        assert "•••" in ended.stdout or "\\u2022" in ended.stdout


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_rule_that_is_switched_off_still_hides_what_it_would_find(root: Path, form: str) -> None:
    rules = ("python/hardcoded-ai-key", "kubernetes/literal-token-in-env")
    off = "".join(f"  {rule}: {{enabled: false}}\n" for rule in rules)
    commit(root, FILES | {".suture.yml": f"version: 1\nrules:\n{off}"})
    ended = suture("fix", root, "--format", form)
    assert "privileged" in ended.stdout
    assert holds_none(ended.output)


def test_no_explanation_shows_a_secret(root: Path) -> None:
    commit(root, FILES)
    for finding in findings("scan", root):
        ended = suture("explain", finding["fingerprint"], root)
        assert ended.exit_code == 0
        assert holds_none(ended.output)


def test_what_is_written_is_not_masked(root: Path) -> None:
    commit(root, FILES)
    ended = suture("fix", root, "--write", "--review", "--rule", "python/request-without-timeout")
    assert holds_none(ended.output)
    written = (root / "app.py").read_text()
    assert written.count("timeout=60") == 3
    assert f'KEY = "{KEY}"' in written
    assert "•" not in written


def test_an_error_shows_no_key(root: Path) -> None:
    commit(root, {".suture.yml": f"version: 1\nrules:\n  {KEY}: {{enabled: false}}\n"})
    ended = suture("scan", root)
    assert ended.exit_code == 2
    assert ended.stderr
    assert holds_none(ended.output)


@pytest.mark.parametrize(
    ("text", "secrets", "shown"),
    [
        ("abc-123-xyz and abc-123", ("abc-123", "abc-123-xyz"), "••• and •••"),
        ("one-line\n+  two-line", ("one-line\n  two-line\n",), "•••\n+  •••"),
        ("nothing", ("", " ", "\n"), "nothing"),
        ('x = ("', ('("',), 'x = ("'),
        (f"x={KEY}", (), "x=•••"),
        (f"https://u:{HUB}@h", (), "https://u:•••@h"),
        ("AKIA" + "Q7RT2MXW9LZ4KC8V", (), "•••"),
        ("ghp_" + "Qm7fZr2Lx9Tb4WvKc8JdNs3HyGp6Ua1EoRi5", (), "•••"),
        ("task-force-of-many-people-1", (), "task-force-of-many-people-1"),
        ("sk-learn-pipelines-for-everyone", (), "sk-learn-pipelines-for-everyone"),
        ("hf_hub_download_all_of_the_files", (), "hf_hub_download_all_of_the_files"),
    ],
)
def test_masking(text: str, secrets: tuple[str, ...], shown: str) -> None:
    assert masked(text, secrets) == shown


def test_the_keys_in_our_own_documentation_are_masked_as_keys_are() -> None:
    """The shapes know every key that a rule's examples show as one that is found."""
    documentation = next(rule for rule in all_rules() if rule.id == "python/hardcoded-ai-key").documentation
    assert KEY in documentation
    assert KEY not in masked(documentation)
