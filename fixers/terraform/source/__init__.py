"""Asks Terraform for resources and their attributes, and answers with edits."""

from fixers.terraform.source.attribute import Attribute, Element
from fixers.terraform.source.block import Block
from fixers.terraform.source.file import TerraformFile
from fixers.terraform.source.literal import NOT_LITERAL, is_false, is_true
from fixers.terraform.source.network import SECURITY_GROUPS, range_around

__all__ = [
    "NOT_LITERAL",
    "SECURITY_GROUPS",
    "Attribute",
    "Block",
    "Element",
    "TerraformFile",
    "is_false",
    "is_true",
    "range_around",
]
