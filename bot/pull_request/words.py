"""Words of ours: a rule's documentation as a body shows it, numbers with nouns, titles of threats."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from bot.escaping import code, sentence
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

_PASSED = {
    "compiles": "compiles",
    "names bound": "new names are bound",
    "bytes outside the edits": "nothing outside of the diff moved",
    "rule silent": "nothing is found there any more",
    "no other finding": "no rule finds anything new",
    "second run": "a second run changes nothing",
    "data": "the values are as before but for the edit",
    "schema": "fits the schema of Kubernetes",
    "fmt-clean": "as `terraform fmt` lays it out",
    "requirements": "every requirement can be read",
}
"""What to say of a check that passed: its detail would add nothing."""
_NAMES = {
    "compiles": "whether it compiles",
    "data": "whether the values are as before",
    "schema": "the schema of Kubernetes",
    "fmt-clean": "the layout",
    "formatter": "the formatter",
    "comments": "comments",
    "only adds": "entries are only added",
}
_TESTS = "your own tests"
OUT_OF_REACH = {"terraform": "a plan against your state", "kubernetes": "your cluster's answer"}
"""What nobody can check who has the files alone, by language."""
_POINTS_BACK = re.compile("(?:It|They|That|This|These|Those|There|Then)\\b")
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


def sentences(text: str) -> list[str]:
    """The text cut behind each full stop that ends a sentence."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z`])", unwrapped(text))


def shared(texts: Sequence[str]) -> tuple[str, list[str], str]:
    """The sentences with which all texts begin, what each says alone, and those with which all end.

    An end that speaks of what was said before it (`It stops then.`) stays where it is.
    """
    cut = [sentences(text) for text in texts]
    start = _agreeing(cut)
    rests = [one[start:] for one in cut]
    end = _agreeing([one[::-1] for one in rests])
    while end and _POINTS_BACK.match(rests[0][-end]):
        end -= 1
    alone = [one[: len(one) - end] for one in rests]
    first, last = (cut[0][:start], rests[0][len(rests[0]) - end :]) if cut else ([], [])
    return " ".join(first), [" ".join(one) for one in alone], " ".join(last)


def _agreeing(texts: Sequence[Sequence[str]]) -> int:
    """How many of their first sentences all texts have in common."""
    return sum(1 for _ in takewhile(lambda some: len(set(some)) == 1, zip(*texts, strict=False)))


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def passed_line(check: Check) -> str:
    """What passed, in words that need no manual, as Markdown outside of a table."""
    return _PASSED.get(check.name) or _named(check)


def unchecked_line(check: Check) -> str:
    """What was not checked and why, as Markdown outside of a table."""
    return _TESTS if check.name == "tests" else _named(check)


def _named(check: Check) -> str:
    return in_prose(check_line(replace(check, name=_NAMES.get(check.name, check.name))))


def in_prose(text: str) -> str:
    """A sentence of ours with names from the code, as Markdown outside of a table."""
    return sentence(text).replace("\\|", "|")


def code_in_prose(text: str) -> str:
    """A code span outside of a table, where a bar needs no backslash."""
    return code(text).replace("\\|", "|")


def check_line(check: Check) -> str:
    """A check's name, and in brackets what is to be said of it."""
    return f"{check.name} ({check.detail})" if check.detail else check.name
