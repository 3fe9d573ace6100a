"""Asks Terraform for resources and their attributes, and answers with edits."""

from fixers.terraform.source.attribute import Attribute, Element
from fixers.terraform.source.block import Block
from fixers.terraform.source.file import TerraformFile
from fixers.terraform.source.literal import NOT_LITERAL, is_false, is_true

__all__ = ["NOT_LITERAL", "Attribute", "Block", "Element", "TerraformFile", "is_false", "is_true"]
