"""Which deployable unit a file belongs to."""

import pytest

from bot.components import component_of, terraform_root
from fixers.repository import MAX_FILE_BYTES, Repository

PROJECT = b"[project]\nname = 'x'\n"
TOOLS = b"[tool.ruff]\nline-length = 100\n"


def repo_of(*paths: str, **contents: bytes) -> Repository:
    return Repository.of(dict.fromkeys(paths, b"") | contents)


@pytest.mark.parametrize(
    ("marker", "content"),
    [
        ("setup.py", b""),
        ("requirements.txt", b""),
        ("Dockerfile", b""),
        ("package.json", b"{}"),
        ("Chart.yaml", b""),
        ("kustomization.yaml", b""),
        ("kustomization.yml", b""),
        ("Kustomization", b""),
        ("pyproject.toml", PROJECT),
        ("pyproject.toml", b"[build-system]\nrequires = []\n"),
        ("pyproject.toml", b"[tool.poetry]\nname = 'x'\n"),
        ("pyproject.toml", b"not toml ["),
        ("pyproject.toml", b"\xff\xfe"),
        ("main.tf", b'provider "aws" {}\n'),
        ("main.tf", b'terraform {\n  backend "s3" {}\n}\n'),
        ("main.tf", b'terraform { backend "s3" {} }\n'),
        ("main.tf", b"terraform {\r\n  cloud {\r\n  }\r\n}\r\n"),
        ("main.tofu", b'provider "aws" {}\n'),
    ],
)
def test_a_unit_holds_its_files_and_those_below(marker: str, content: bytes) -> None:
    files = {f"services/chat/{marker}": content, "services/chat/app/main.py": b"", "services/other.py": b""}
    repo = Repository.of(files)
    assert component_of(repo, "services/chat/app/main.py") == "services/chat"
    assert component_of(repo, f"services/chat/{marker}") == "services/chat"
    assert component_of(repo, "services/other.py") == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pyproject.toml", TOOLS),
        ("requirements-dev.txt", b""),
        ("Dockerfile.md", b""),
        ("main.tf", b'resource "aws_vpc" "a" {}\n'),
        ("main.tf", b'terraform {\n  required_providers {}\n}\n# provider "aws" {}\n'),
        ("main.tf", b"\xff provider"),
        ("dev.tfvars", b""),
        (".terraform.lock.hcl", b""),
    ],
)
def test_what_marks_no_unit(name: str, content: bytes) -> None:
    assert component_of(Repository.of({f"a/b/{name}": content, "a/b/x.py": b""}), "a/b/x.py") == ""


@pytest.mark.parametrize("beside", ["prod.tfvars", "x.auto.tfvars.json", ".terraform.lock.hcl"])
def test_values_and_locks_beside_sources_make_a_root(beside: str) -> None:
    assert component_of(repo_of("infra/main.tf", f"infra/{beside}"), "infra/main.tf") == "infra"


def test_the_nearest_unit_wins() -> None:
    repo = repo_of(
        "requirements.txt", "a/Dockerfile", "a/k8s/base/kustomization.yaml", "a/src/x.py", "b/y.py"
    )
    assert component_of(repo, "a/k8s/base/deployment.yaml") == "a/k8s/base"
    assert component_of(repo, "a/src/x.py") == "a"
    assert component_of(repo, "b/y.py") == ""


def test_a_module_belongs_to_the_root_above_it() -> None:
    files = {
        "infra/main.tf": b'provider "aws" {}\nmodule "n" {\n  source = "./modules/n"\n}\n',
        "infra/modules/n/main.tf": b'variable "x" {}\n',
    }
    repo = Repository.of(files)
    assert component_of(repo, "infra/modules/n/main.tf") == "infra"
    assert terraform_root(repo, "infra") == "infra/main.tf"
    assert terraform_root(repo, "infra/modules/n") == ""


@pytest.mark.parametrize("source", ["./m", "../live/m/", "./x/../m"])
def test_a_called_module_with_a_provider_or_a_lock_is_no_root(source: str) -> None:
    module = {"live/m/main.tf": b'provider "aws" {}\n', "live/m/.terraform.lock.hcl": b""}
    assert terraform_root(Repository.of(module), "live/m") == "live/m/main.tf"
    calling = {"live/main.tf": f'module "m" {{\n  source = "{source}"\n}}\n'.encode()}
    assert terraform_root(Repository.of(module | calling), "live/m") == ""
    state = {"live/m/state.tf": b'terraform {\n  backend "s3" {}\n}\n'}
    assert terraform_root(Repository.of(module | calling | state), "live/m") == "live/m/state.tf"


def test_a_module_at_the_root_is_called_by_its_examples() -> None:
    files = {"main.tf": b"", ".terraform.lock.hcl": b"", "examples/a/main.tf": b'  source = "../../"\n'}
    assert terraform_root(Repository.of(files), "") == ""
    assert terraform_root(Repository.of(files | {"examples/a/main.tf": b""}), "") == ".terraform.lock.hcl"


def test_a_file_too_large_to_read_is_no_proof() -> None:
    huge = b'provider "aws" {}\n' + b"#" * MAX_FILE_BYTES
    assert component_of(Repository.of({"a/main.tf": huge}), "a/main.tf") == ""
    assert component_of(Repository.of({"a/pyproject.toml": TOOLS + huge}), "a/x.py") == "a"
