"""Rules that find nothing, for tests of what is said about rules."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from fixers.engine import Hit
from fixers.rule import Confidence, Finding, Rule, Safety, Severity, Span, Threat


@dataclass(frozen=True)
class Seconds:
    seconds: int = 10
    """How long a request may take."""
    hosts: tuple[str, ...] = ()
    rate: float = 1.5

    def __post_init__(self) -> None:
        if self.seconds < 1:
            raise ValueError("seconds must be at least 1")


class NoFile:
    language: ClassVar[str] = "python"


def made_rule(id: str, severity: Severity = Severity.MEDIUM, options: type[Any] | None = None) -> Rule:
    return Rule(
        id=id,
        documentation=f"Mind {id}\n",
        file_type=NoFile,  # type: ignore[arg-type]
        check=lambda file: (),
        severity=severity,
        safety=Safety.REVIEW,
        threat=Threat.UNBOUNDED_COST,
        confidence=Confidence.HIGH,
        references=(),
        mentions=("x",),
        alongside=(),
        options=options,
        consequences=(),
        replaces=False,
        adds_package=False,
        opens_unasked=False,
        is_off=False,
        before_deploy=False,
    )


TIMEOUT = made_rule("python/requests-without-timeout", options=Seconds)
TORCH = made_rule("python/unsafe-torch-load", Severity.HIGH)
BUCKET = made_rule("terraform/public-bucket")
DISK = made_rule("terraform/unencrypted-disk", Severity.LOW)
POD = made_rule("kubernetes/privileged-container")
RULES = (TIMEOUT, TORCH, BUCKET, DISK, POD)


def made_hit(rule: Rule, path: str, line: int = 1, end_line: int = 0, symbol: str = "") -> Hit:
    return Hit(
        rule, path, Finding("found", Span(0, 1)), line, end_line or line, symbol, "", rule.id, f"{line}"
    )


def rated(hit: Hit, severity: Severity) -> Hit:
    return replace(hit, finding=replace(hit.finding, severity=severity))
