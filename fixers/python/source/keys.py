"""How the providers' keys look, where each is replaced, and what looks issued rather than typed."""

import math
import re
from collections import Counter
from dataclasses import dataclass

_LEAST_ENTROPY = 3.5
_WORDS = re.compile(
    r"your|xxxx|\.\.\.|example|test|dummy|change|placeholder|fake|mock|sample|redact|secret|insert|replace"
    r"|invalid|needed|here|qwert|asdf|empty|deadbeef|notreal|api[_-]?key"
)
_SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba", "01234567890", "09876543210")


@dataclass(frozen=True, slots=True)
class Provider:
    """A prefix, then what is random; the variable that the SDK reads; the page where keys are replaced."""

    name: str
    variable: str
    prefix: str
    random: str
    page: str


# Shapes as the providers issue them; `T3BlbkFJ` is "OpenAI" in base64.
PROVIDERS = (
    Provider(
        "OpenAI",
        "OPENAI_API_KEY",
        "sk-(?:[A-Za-z0-9-]{1,40}-)?",
        r"[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}",
        "platform.openai.com/api-keys",
    ),
    Provider(
        "OpenAI",
        "OPENAI_API_KEY",
        "sk-(?:proj|svcacct|None)-",
        r"[\w-]{40,200}",
        "platform.openai.com/api-keys",
    ),
    Provider(
        "OpenAI",
        "OPENAI_ADMIN_KEY",
        "sk-admin-",
        r"[\w-]{40,200}",
        "platform.openai.com/settings/organization/admin-keys",
    ),
    Provider(
        "Anthropic",
        "ANTHROPIC_API_KEY",
        "sk-ant-api\\d\\d-",
        r"[\w-]{80,120}",
        "platform.claude.com/settings/keys",
    ),
    Provider(
        "Anthropic",
        "ANTHROPIC_ADMIN_KEY",
        "sk-ant-admin\\d\\d-",
        r"[\w-]{80,120}",
        "platform.claude.com/settings/admin-keys",
    ),
    Provider("OpenRouter", "OPENROUTER_API_KEY", "sk-or-v1-", r"[0-9a-f]{64}", "openrouter.ai/settings/keys"),
    Provider("Hugging Face", "HF_TOKEN", "hf_", r"[A-Za-z0-9]{34}", "huggingface.co/settings/tokens"),
    Provider("Groq", "GROQ_API_KEY", "gsk_", r"[A-Za-z0-9]{50,56}", "console.groq.com/keys"),
    Provider(
        "Replicate", "REPLICATE_API_TOKEN", "r8_", r"[A-Za-z0-9]{37,40}", "replicate.com/account/api-tokens"
    ),
    Provider("xAI", "XAI_API_KEY", "xai-", r"[A-Za-z0-9]{70,90}", "console.x.ai"),
    Provider(
        "Perplexity", "PERPLEXITY_API_KEY", "pplx-", r"[A-Za-z0-9]{48,56}", "perplexity.ai/account/api/keys"
    ),
    Provider("NVIDIA", "NVIDIA_API_KEY", "nvapi-", r"[\w-]{60,70}", "build.nvidia.com/settings/api-keys"),
    Provider(
        "LangSmith",
        "LANGSMITH_API_KEY",
        "lsv2_(?:pt|sk)_",
        r"[0-9a-f]{32}_[0-9a-f]{10}",
        "smith.langchain.com/settings",
    ),
)
# An AIza key opens whichever of Google's services it was made for, and Firebase's are public.
_GOOGLE = Provider("Google", "GOOGLE_API_KEY", "AIza", r"[\w-]{35}", "aistudio.google.com/apikey")
_GEMINI = ("generativeai", "generativelanguage", "genai", "generativemodel", "gemini")
# DeepSeek, Moonshot, DashScope and others issue these too: the name it is given has to say whose it is.
_UNCLEAR = re.compile(r"sk-([0-9a-f]{32}|[A-Za-z0-9]{48})", re.A)
_KEY_NAME = re.compile(r"(?!API|SECRET|ACCESS|AUTH|MY)[A-Z][A-Z0-9_]*_(?:KEY|TOKEN)")

KEY_STARTS = ("sk-", "hf_", "gsk_", "r8_", "xai-", "pplx-", "nvapi-", "lsv2_", "AIza")


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a text is or holds. `provider` and `variable` are empty where nothing says whose it is."""

    value: str
    provider: str
    variable: str
    page: str
    lead: str
    """`Bearer ` before the key, or nothing."""
    is_whole: bool
    """Whether the text is nothing but the key and its lead."""


def providers_in(content: str) -> tuple[Provider, ...]:
    """The providers whose keys a file of this content may hold."""
    lowered = content.lower()
    return (*PROVIDERS, _GOOGLE) if any(word in lowered for word in _GEMINI) else PROVIDERS


def key_in(text: str, name: str, providers: tuple[Provider, ...]) -> Key | None:
    """The provider's key in a text that the code calls `name`, or nothing."""
    if not any(start in text for start in KEY_STARTS):
        return None
    lead = "Bearer " if text.startswith("Bearer ") else ""
    body = text.removeprefix(lead).strip()
    for provider in providers:
        found = re.search(rf"(?<![\w-]){provider.prefix}({provider.random})(?![\w-])", body, re.A)
        if found and is_issued(found[1]):
            whole = found.group() == body
            return Key(found.group(), provider.name, provider.variable, provider.page, lead, whole)
    unclear = _UNCLEAR.fullmatch(body)
    if unclear and is_issued(unclear[1]) and re.search(r"key|token|auth|secret", name, re.I):
        variable = name.upper() if _KEY_NAME.fullmatch(name.upper()) else ""
        return Key(unclear.group(), "", variable, "", lead, is_whole=True)
    return None


def is_issued(secret: str) -> bool:
    """Whether it looks issued rather than typed: random, without words, runs or repetitions."""
    lowered = secret.lower()
    counts = Counter(secret).values()
    entropy = -sum(n / len(secret) * math.log2(n / len(secret)) for n in counts)
    if entropy < _LEAST_ENTROPY or _WORDS.search(lowered):
        return False
    pieces = [lowered[at : at + 6] for at in range(len(lowered) - 5)]
    fives = [lowered[at : at + 5] for at in range(len(lowered) - 4)]
    runs = any(five in sequence for five in fives for sequence in _SEQUENCES)
    return not runs and len(set(pieces)) == len(pieces)
