"""Words of ours: a rule's documentation as a body shows it, numbers with nouns, titles of threats."""

import re

from fixers.rule import Check, Threat

TITLES = {
    Threat.UNTRUSTED_MODEL: "Load models without running code that comes with them",
    Threat.UNSAFE_OUTPUT: "Treat model output as data",
    Threat.PROMPT_INJECTION: "Keep untrusted text from giving instructions",
    Threat.EXPOSED_SECRET: "Protect the credentials of AI services",
    Threat.EXCESSIVE_AGENCY: "Narrow what agents may do",
    Threat.UNBOUNDED_COST: "Bound what one request may cost",
    Threat.EXPOSED_SERVICE: "Close AI services to strangers",
    Threat.EXCESS_PRIVILEGE: "Run AI workloads with fewer rights",
    Threat.DATA_EXPOSURE: "Keep the data of AI services to those who may see it",
}
"""What a pull request that gathers several rules of a threat is called."""

_ITEM = re.compile(r"^(?:\d+\.|-) +")


def why(documentation: str) -> str:
    """What a rule's documentation says between its title and its first example."""
    prose = re.split(r"^(?:```|~~~|## )", documentation.strip(), maxsplit=1, flags=re.M)[0]
    return prose.partition("\n")[2].strip()


def unwrapped(text: str) -> str:
    """Paragraphs and items on a line each: in a pull request, GitHub shows every line end as a break."""
    lines: list[str] = []
    for line in text.strip().split("\n"):
        is_continued = bool(lines and lines[-1] and line.strip()) and not _ITEM.match(line)
        if is_continued:
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line.strip())
    return "\n".join(lines)


def items(text: str) -> list[str]:
    """The items of a list, or the whole text as one."""
    lines = [line for line in unwrapped(text).split("\n") if line]
    if lines and all(_ITEM.match(line) for line in lines):
        return [_ITEM.sub("", line) for line in lines]
    return [" ".join(lines)] if lines else []


def first_sentence(text: str) -> str:
    """The text up to the first full stop that ends a sentence."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z`])", unwrapped(text), maxsplit=1)[0]


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def check_line(check: Check) -> str:
    """A check's name, and in brackets what is to be said of it."""
    return f"{check.name} ({check.detail})" if check.detail else check.name
