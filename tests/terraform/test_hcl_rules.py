"""What examples can't show of Terraform's rules: options, notes, and which findings stay apart."""

import pytest

from fixers.engine import apply, compatible, scan
from fixers.repository import Repository
from fixers.rule import Rule
from fixers.terraform import public_inference_port, public_search_service
from fixers.terraform.public_inference_port import Options

BOTH = """\
resource "aws_vpc" "ai" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_security_group" "ollama" {
  vpc_id = aws_vpc.ai.id

  ingress {
    from_port        = 11434
    to_port          = 11434
    protocol         = "tcp"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}
"""


def fixed(rule: Rule, text: str, options: Options) -> str:
    repo = Repository.of({"main.tf": text.encode()})
    hits = scan(repo, [rule], options={rule.id: options}).hits
    taken, _ = compatible(hit for hit in hits if hit.finding.is_fixable)
    (change,) = apply(repo, taken)
    return change.after.decode()


@pytest.mark.parametrize(
    ("options", "v4", "v6"),
    [
        (Options(), "10.20.0.0/16", "::/0"),
        (Options(cidr="192.0.2.0/24"), "192.0.2.0/24", "::/0"),
        (Options(cidr_ipv6="2001:db8::/32"), "10.20.0.0/16", "2001:db8::/32"),
    ],
)
def test_options_say_who_may_come_in(options: Options, v4: str, v6: str) -> None:
    expected = BOTH.replace("0.0.0.0/0", v4).replace("::/0", v6)
    assert fixed(public_inference_port.check, BOTH, options) == expected


@pytest.mark.parametrize(
    ("beside", "fixable"),
    [
        ("", False),
        ('resource "azurerm_private_endpoint" "a" {}\n', False),
        ('resource "azurerm_private_endpoint" "a" { id = azurerm_search_service.a.id }\n', True),
        ("not HCL {", False),
    ],
)
def test_nothing_is_closed_that_has_no_private_way_in(beside: str, fixable: bool) -> None:
    files = {"main.tf": b'resource "azurerm_search_service" "a" {}\n', "network.tf": beside.encode()}
    (hit,) = scan(Repository.of(files), [public_search_service.check]).hits
    assert hit.finding.is_fixable is fixable
