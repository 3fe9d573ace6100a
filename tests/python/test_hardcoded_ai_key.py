"""Keys of every provider are told; what is typed by hand isn't a key."""

import random
import re
import string

import pytest

from fixers.engine import scan
from fixers.python import hardcoded_ai_key
from fixers.python.source.keys import PROVIDERS, Provider
from fixers.repository import Repository
from fixers.rule import Confidence, Finding, Severity

WORDS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def issued(prefix: str, length: int, alphabet: str = WORDS) -> str:
    """A key as a provider would draw it; put together here, so that no scanner finds it in this file."""
    draw = random.Random(f"{prefix}{length}")
    return prefix + "".join(draw.choice(alphabet) for _ in range(length))


def findings(source: str, path: str = "app.py") -> list[Finding]:
    scanned = scan(Repository.of({path: source.encode()}), [hardcoded_ai_key.check])
    assert not scanned.skipped
    return [hit.finding for hit in scanned.hits]


KEYS = {
    "OPENAI_API_KEY": issued("sk-", 20) + "T3BlbkFJ" + issued("", 20),
    "OPENAI_ADMIN_KEY": issued("sk-admin-", 120, WORDS + "_-"),
    "ANTHROPIC_API_KEY": issued("sk-ant-api03-", 95, WORDS + "_-"),
    "OPENROUTER_API_KEY": issued("sk-or-v1-", 64, HEX),
    "HF_TOKEN": issued("hf_", 34, string.ascii_letters),
    "GROQ_API_KEY": issued("gsk_", 52),
    "REPLICATE_API_TOKEN": issued("r8_", 37),
    "XAI_API_KEY": issued("xai-", 80),
    "PERPLEXITY_API_KEY": issued("pplx-", 48),
    "NVIDIA_API_KEY": issued("nvapi-", 64, WORDS + "_-"),
    "LANGSMITH_API_KEY": issued("lsv2_pt_", 32, HEX) + "_" + issued("", 10, HEX),
}


@pytest.mark.parametrize(("variable", "key"), KEYS.items(), ids=list(KEYS))
def test_each_provider_has_its_variable(variable: str, key: str) -> None:
    (finding,) = findings(f'client = Client("{key}")\n')
    assert finding.secrets == (key,)
    assert f'os.environ["{variable}"]' in "".join(getattr(c, "text", "") for c in finding.changes)
    assert finding.severity is None


@pytest.mark.parametrize("length", [10, 33])
def test_a_key_has_its_length(length: int) -> None:
    assert findings(f'token = "{issued("hf_", length)}"\n') == []


@pytest.mark.parametrize(
    "typed",
    [
        "sk-proj-" + "x" * 60,
        "sk-proj-" + "0123456789" * 6,
        "sk-proj-" + issued("", 20) * 3,
        "sk-proj-" + issued("", 40) + "EXAMPLE",
        "sk-proj-" + issued("", 40) + "98765",
    ],
)
def test_typed_rather_than_issued(typed: str) -> None:
    assert findings(f'client = Client("{typed}")\n') == []


def test_google_key_only_beside_a_model() -> None:
    key = issued("AIza", 35)
    assert findings(f'import googlemaps\n\nmaps = googlemaps.Client("{key}")\n') == []
    (finding,) = findings(f'from google import genai\n\nclient = genai.Client(api_key="{key}")\n')
    assert finding.is_fixable


def test_pieces_of_a_split_key_are_secret() -> None:
    key = KEYS["GROQ_API_KEY"]
    (finding,) = findings(f'KEY = (\n    "{key[:30]}"\n    "{key[30:]}"\n)\n')
    assert finding.secrets == (key, f'"{key[:30]}"', f'"{key[30:]}"')


def test_a_key_in_a_test_is_told_softly() -> None:
    (finding,) = findings(f'KEY = "{KEYS["HF_TOKEN"]}"\n', "tests/test_client.py")
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LOW)
    assert finding.refusal


def test_notes_say_what_the_fix_leaves() -> None:
    key = KEYS["HF_TOKEN"]
    (finding,) = findings(f'# {key}\ndef load(token="{key}"):\n    ...\n')
    history, default, again = finding.notes
    assert "history" in history
    assert "`huggingface.co/settings/tokens`" in history
    assert (default.partition(" ")[0], again.partition(" ")[0]) == ("As", "The")


def test_a_provider_that_nothing_names_has_no_page() -> None:
    (finding,) = findings(f'client = Client(api_key="{issued("sk-", 32, HEX)}")\n')
    assert "replaced at" not in " ".join(finding.notes)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.variable)
def test_each_provider_says_where_its_keys_are_replaced(provider: Provider) -> None:
    assert re.fullmatch(r"[a-z.]+\.(?:com|co|ai)(?:/[a-z/-]+)?", provider.page)
