"""Which addresses lie in the network of a firewall's rule, where the repository writes them out."""

import re
from typing import TYPE_CHECKING

from fixers.terraform.source.block import Block
from fixers.terraform.source.literal import is_false

if TYPE_CHECKING:
    from fixers.terraform.source.file import TerraformFile

SECURITY_GROUPS = ("aws_security_group", "aws_default_security_group")
_MORE_ADDRESSES = "aws_vpc_ipv4_cidr_block_association"
_CIDR = re.compile(r"\d+(?:\.\d+){3}/[1-9]\d?")
_REGISTRY = "terraform-aws-modules/vpc/aws"


def range_around(file: "TerraformFile", entry: Block) -> str:
    """The IPv4 range of the network that a rule of a firewall belongs to; nothing where only a plan knows.

    `entry` is a `google_compute_firewall`, a security group's rule, or a block in the group.
    """
    group = entry.root
    if group.type == "google_compute_firewall":
        return _range_of_network(file, group)
    if group.type not in SECURITY_GROUPS:
        group_id = group.attribute("security_group_id")
        named = file.find(group_id.target) if group_id else None
        if named is None or named.type not in SECURITY_GROUPS:
            return ""
        group = named
    vpc_id = group.attribute("vpc_id")
    vpc = file.find(vpc_id.target) if vpc_id else None
    if vpc is None or any(file.in_module(_MORE_ADDRESSES)):
        return ""
    if vpc.keyword == "module":
        return _range_of_called(file, vpc)
    return _cidr(vpc.value("cidr_block")) if (vpc.keyword, vpc.type) == ("resource", "aws_vpc") else ""


def _range_of_called(file: "TerraformFile", call: Block) -> str:
    """The addresses of the one VPC that a called module makes."""
    if call.value("source") == _REGISTRY:
        return "" if call.attribute("secondary_cidr_blocks") else _cidr(call.value("cidr"))
    vpcs = file.called(call, "aws_vpc")
    if len(vpcs) != 1 or file.called(call, _MORE_ADDRESSES):
        return ""
    cidr = vpcs[0].attribute("cidr_block")
    handed = cidr.target.partition("var.")[2] if cidr else ""
    return _cidr(call.value(handed) if handed else vpcs[0].value("cidr_block"))


def _range_of_network(file: "TerraformFile", firewall: Block) -> str:
    """The addresses of the one subnetwork of a firewall's network that makes none by itself."""
    name = firewall.attribute("network")
    network = file.find(name.target) if name else None
    if network is None or not is_false(network.value("auto_create_subnetworks")):
        return ""
    subnetworks = [s for s in file.in_module("google_compute_subnetwork") if network.address in s.references]
    if len(subnetworks) != 1 or "secondary_ip_range" in subnetworks[0].text:
        return ""
    return _cidr(subnetworks[0].value("ip_cidr_range"))


def _cidr(value: object) -> str:
    return value if isinstance(value, str) and _CIDR.fullmatch(value) else ""
