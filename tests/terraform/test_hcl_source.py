"""What a Terraform file says of itself: resources, literals, addresses, and why it can't be read."""

import pytest

from fixers.repository import Repository
from fixers.terraform.source import NOT_LITERAL, TerraformFile
from fixers.text import Unreadable

REPO = Repository.of({})


def parsed(text: str) -> TerraformFile:
    return TerraformFile.parse("main.tf", text.encode(), REPO)


@pytest.mark.parametrize(
    ("path", "claimed"),
    [("main.tf", True), ("a/b.tofu", True), ("a.tf.json", True), ("a.tfvars", False), ("a.hcl", False)],
)
def test_claims(path: str, claimed: bool) -> None:
    assert TerraformFile.claims(path) is claimed


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('"a"', "a"),
        ('""', ""),
        ('"é\\n\\"\\\\\\u00e9"', 'é\n"\\é'),
        ('"$${a} %%{b} $5"', "${a} %{b} $5"),
        ("true", True),
        ("1", 1),
        ("-1", -1),
        ("1.5", 1.5),
        ("null", None),
        ("[]", []),
        ('["a", 1, [true]]', ["a", 1, [True]]),
        ("[\n  1, # one\n  2,\n]", [1, 2]),
        ("[var.a]", NOT_LITERAL),
        ('"${a}"', NOT_LITERAL),
        ('"a%{ if b }c%{ endif }"', NOT_LITERAL),
        ("<<E\na\nE", NOT_LITERAL),
        ("{ a = 1 }", NOT_LITERAL),
        ("[for a in b : a]", NOT_LITERAL),
        ("(1)", NOT_LITERAL),
        ("1 + 1", NOT_LITERAL),
        ("!true", NOT_LITERAL),
        ("f(1)", NOT_LITERAL),
        ("a.b", NOT_LITERAL),
        ("a ? 1 : 2", NOT_LITERAL),
    ],
)
def test_literal(expression: str, value: object) -> None:
    (block,) = parsed(f"locals {{\n  a = {expression}\n}}\n").blocks
    found = block.value("a")
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ('resource "aws_instance" "gpu" {\n  nest {\n    a = HERE\n  }\n}', "aws_instance.gpu"),
        ('module "x" {\n  a = HERE\n}', "module.x"),
        ('data "aws_ami" "x" {\n  a = HERE\n}', "data.aws_ami.x"),
        ('variable "x" {\n  a = HERE\n}', "var.x"),
        ('output "x" {\n  a = HERE\n}', "output.x"),
        ("locals {\n  a = HERE\n}", "locals"),
        ('provider "aws" {\n  a = HERE\n}', "provider.aws"),
        ("# é HERE\nlocals {}", ""),
        ("locals {}\n# HERE", ""),
    ],
)
def test_symbol_at(text: str, address: str) -> None:
    assert parsed(text).symbol_at(text.index("HERE")) == address


def test_spans_count_characters() -> None:
    text = '# é€\U0001f600\nresource "x" "ü" {\n  é_name = "ß" # é\n  nest {\n    a = 1\n  }\n}\n'
    (block,) = parsed(text).resources("x")
    attribute = block.attribute("é_name")
    assert attribute is not None
    (nest,) = block.blocks("nest")
    spans = [block.span, attribute.span, attribute.value_span, nest.span, block.span_of("missing")]
    assert [text[span.start : span.end] for span in spans] == [
        'resource "x" "ü" {',
        'é_name = "ß"',
        '"ß"',
        "nest {",
        'resource "x" "ü" {',
    ]


def test_resources_are_those_of_a_type_that_may_exist() -> None:
    file = parsed(
        'resource "x" "a" {}\nresource "x" "b" {\n  count = 0\n}\ndata "x" "c" {}\nresource "z" "d" {}\n'
    )
    assert [block.address for block in file.resources("x", "y")] == ["x.a"]


def test_paths_number_what_shares_a_header() -> None:
    text = 'resource "x" "a" {\n  n {}\n  n {}\n  m {}\n}\nresource "x" "a" {}\nlocals {}\n'
    first, second, third = parsed(text).blocks
    assert [b.path for b in (first, second, third)] == [
        ("resource", "x", "a", 0),
        ("resource", "x", "a", 1),
        ("locals",),
    ]
    assert [b.path[4:] for b in (*first.blocks("n"), *first.blocks("m"))] == [("n", 0), ("n", 1), ("m",)]


def test_blanks_behind_a_heredoc_hide_nothing() -> None:
    text = 'locals {\n  a = <<E\nx\nE  \n}\nresource "x" "hidden" {}\nlocals {\n  b = <<E\ny\nE\n}\n'
    assert [block.address for block in parsed(text).blocks] == ["locals", "x.hidden", "locals"]


@pytest.mark.parametrize(
    ("path", "data", "line", "words"),
    [
        ("a.tf.json", b"{}", 0, "JSON syntax"),
        ("a.tf", b"a = 1\nb = = 2\n", 2, "isn't valid Terraform"),
        ("a.tf", b'a = "open\n', 0, "isn't valid Terraform"),
        ("a.tf", b"a = <<E\nopen\n", 0, "isn't valid Terraform"),
        ("a.tf", b"locals {\n", 0, "isn't valid Terraform"),
        ("a.tf", b"a = 1\n{% if b %}\nc = 1\n{% endif %}\n", 2, "is a template"),
        ("a.tf", b"a = {{ b }}\n", 1, "is a template"),
        ("a.tf", b"a = 1\n\0", 2, "NUL"),
        ("a.tf", 'a = "é"'.encode("latin-1"), 1, "save it as UTF-8"),
        ("a.tf", b"\n" + b"a = " + b"[" * 20_000 + b"]" * 20_000, 2, "nests more than"),
        ("a.tf", b"a {\n" * 20_000 + b"}\n" * 20_000, 201, "nests more than"),
        ("a.tf", b"a = " + b'"${' * 20_000 + b"1" + b'}"' * 20_000, 1, "nests more than"),
    ],
)
def test_unreadable(path: str, data: bytes, line: int, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        TerraformFile.parse(path, data, REPO)
    assert words in caught.value.reason
    assert line in (0, caught.value.line)


GARBAGE = {
    "closing first": b'}{"$' * 475_000,
    "a heredoc without end": b"a = <<E\n" + b"x\n" * 900_000,
    "dollars": b'a = "' + b"$" * 1_900_000 + b'"',
    "signs": b"a = " + b"-" * 1_900_000 + b"1",
    "conditions": b"a = " + b"x ? y : " * 200_000 + b"1",
    "closed in comments": b"a = " + b"[ /*]*/ " * 100_000,
    "closed in comments, and closed": b"a = " + b"[ /*]*/ " * 50_000 + b"/*[*/ ] " * 50_000,
    "one word": b"a" * 1_900_000,
    "comments": b"/*" * 900_000,
    "commas": b"a = [" + b"," * 900_000,
}


def outcome(data: bytes) -> str:
    try:
        file = TerraformFile.parse("a.tf", data, REPO)
    except Unreadable as error:
        return error.reason
    assert list(file.resources("x")) == []
    return file.symbol_at(len(data) - 1) or "read"


def test_a_list_that_nests_behind_comments_is_no_literal() -> None:
    (block,) = parsed("locals {\n  a = " + "[ /*]*/ " * 5_000 + "/*[*/ ] " * 5_000 + "\n}\n").blocks
    assert block.value("a") is NOT_LITERAL


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE.keys())
def test_hostile_text_is_read_or_unreadable(data: bytes) -> None:
    assert outcome(data)


def test_the_module_is_the_folder() -> None:
    files = {"m/a.tf": b"a = 1", "m/b.tf": b"b = 1", "m/c.tf": b"\0", "m/d/e.tf": b"e = 1", "f.tf": b"f = 1"}
    file = TerraformFile.parse("m/a.tf", files["m/a.tf"], Repository.of(files))
    assert file.module_texts == ("a = 1", "b = 1")


MODULE = {
    "env/main.tf": b'module "net" {\n  source = "../net"\n}\nmodule "web" {\n  source = "https://x.example/y"\n}\n',
    "env/more.tf": b'resource "aws_vpc" "own" {\n}\n',
    "env/bad.tf": b"{",
    "env/inner/deep.tf": b'resource "aws_vpc" "deep" {\n}\n',
    "net/vpc.tf": b'resource "aws_vpc" "called" {\n}\nresource "aws_vpc" "none" {\n  count = 0\n}\n',
}


def test_a_module_is_asked_for_its_resources_and_those_that_it_calls() -> None:
    file = TerraformFile.parse("env/main.tf", MODULE["env/main.tf"], Repository.of(MODULE))
    assert [block.address for block in file.in_module("aws_vpc")] == ["aws_vpc.own"]
    net, web = file.find("module.net"), file.find("module.web")
    assert net is not None
    assert web is not None
    assert [block.address for block in file.called(net, "aws_vpc")] == ["aws_vpc.called"]
    assert file.called(web, "aws_vpc") == []
    assert file.find("aws_vpc.called") is None


@pytest.mark.parametrize(
    ("expression", "target"),
    [
        ("aws_vpc.main.id", "aws_vpc.main"),
        ("aws_vpc.main[0].id", "aws_vpc.main"),
        ("data.aws_vpc.main.id", "data.aws_vpc.main"),
        ("module.network.vpc_id", "module.network"),
        ("var.vpc_id", "var.vpc_id"),
        ('"${aws_vpc.main.id}"', ""),
        ("one ? aws_vpc.a.id : aws_vpc.b.id", ""),
        ("coalesce(aws_vpc.main.id)", ""),
        ("1.5", "1.5"),
    ],
)
def test_the_target_of_a_plain_reference(expression: str, target: str) -> None:
    (block,) = parsed(f"locals {{\n  a = {expression}\n}}\n").blocks
    assert block.attributes["a"].target == target


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("a = aws_vpc.main.id", True),
        ('a = "${aws_vpc.main.id}"', True),
        ("a = aws_vpc.main", True),
        ("a = aws_vpc.main2.id", False),
        ("a = data.aws_vpc.main.id", False),
        ("a = my_aws_vpc.main.id", False),
    ],
)
def test_what_a_block_refers_to(text: str, mentioned: bool) -> None:
    (block,) = parsed(f"locals {{\n  {text}\n}}\n").blocks
    assert ("aws_vpc.main" in block.references) is mentioned


@pytest.mark.parametrize(
    ("body", "configurable"),
    [
        ("for_each = var.x\n  a = each.value.a", True),
        ('for_each = var.x\n  a = each.value["a"]', True),
        ("for_each = var.x\n  a = lookup( each.value, 1)", True),
        ("for_each = var.x\n  a = each.value", False),
        ("count = 2\n  a = var.x[count.index]", True),
        ("count = 2\n  a = local.x[count.index]", False),
        ("a = var.a\n  b = var.b.c[0]\n  c = var.c", True),
        ("a = var.a\n  b = var.b", False),
        ("a = var.a\n  b = var.b\n  c = var.c\n  d = 1\n  e = 2\n  f = 3", False),
        ("a = var.a\n  b = var.b\n  c = var.c\n  d = 1\n  e = 2\n  count = 3", True),
        ('a = "${var.a}"\n  b = "x-${var.b}"\n  c = f(var.c)', False),
    ],
)
def test_whether_callers_decide_most_of_a_block(body: str, configurable: bool) -> None:
    (block,) = parsed(f'resource "a" "b" {{\n  {body}\n}}\n').blocks
    assert block.is_configurable is configurable
