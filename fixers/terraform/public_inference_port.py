"""Close the ports of unauthenticated AI services to the internet

Ray, Ollama, Qdrant, Milvus and their like ask nobody who they are unless told to. On a port that the
whole internet reaches, a Ray dashboard (8265) runs any job that a stranger submits, Ollama (11434) runs and
deletes models for everyone, and a vector store gives away and takes in the passages that a model
will be shown.

```diff
 resource "aws_vpc" "ai" {
   cidr_block = "10.20.0.0/16"
 }

 resource "aws_security_group" "ray" {
   name   = "ray-head"
   vpc_id = aws_vpc.ai.id

   ingress {
     description = "dashboard"
     from_port   = 8265
     to_port     = 8265
     protocol    = "tcp"
-    cidr_blocks = ["0.0.0.0/0"]
+    cidr_blocks = ["10.20.0.0/16"]
   }
 }
```

```diff
 resource "aws_vpc_security_group_ingress_rule" "ollama" {
   security_group_id = aws_security_group.ollama.id
   from_port         = 11434
   to_port           = 11434
   ip_protocol       = "tcp"
-  cidr_ipv4         = "0.0.0.0/0"
+  cidr_ipv4         = "10.20.0.0/16"
 }

 resource "aws_security_group" "ollama" {
   vpc_id = module.network.vpc_id
 }

 module "network" {
   source = "./network"
   cidr   = "10.20.0.0/16"
 }
```

```terraform with path=network/main.tf
resource "aws_vpc" "this" {
  cidr_block = var.cidr
}
```

```diff
 resource "google_compute_firewall" "milvus" {
   name          = "milvus"
   network       = google_compute_network.ai.name
-  source_ranges = ["0.0.0.0/0"]
+  source_ranges = ["10.20.0.0/20"]

   allow {
     protocol = "tcp"
     ports    = ["19530"]
   }
 }

 resource "google_compute_network" "ai" {
   name                    = "ai"
   auto_create_subnetworks = false
 }

 resource "google_compute_subnetwork" "ai" {
   name          = "ai"
   network       = google_compute_network.ai.id
   ip_cidr_range = "10.20.0.0/20"
 }
```

Where the range of the network isn't written out, only a person knows who may come in. The option `cidr`
says it, and `cidr_ipv6` for IPv6:

```terraform found
resource "aws_security_group" "ray" {
  vpc_id = var.vpc_id

  ingress {
    from_port   = 8265
    to_port     = 8265
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
```

```terraform found
resource "aws_security_group_rule" "qdrant" {
  type              = "ingress"
  from_port         = 6333
  to_port           = 6333
  protocol          = "tcp"
  ipv6_cidr_blocks  = ["::/0"]
  security_group_id = aws_security_group.qdrant.id
}
```

Ports that are open on purpose, to the VPC alone, or shared by other software are left alone:

```terraform
resource "aws_security_group" "web" {
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    from_port   = 8265
    to_port     = 8265
    protocol    = "tcp"
    cidr_blocks = ["10.20.0.0/16"]
  }

  ingress {
    from_port   = 8000
    to_port     = 8000
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
```

The ports of Ray's dashboard, Ollama, Qdrant and Milvus are telling enough; those of Ray's client (10001),
vLLM (8000), MLflow (5000), Triton (8000 to 8002) and TensorBoard (6006) are taken for theirs only where the
resource names the product. Only rules that open nothing but such ports, each one by its number, are
changed.

## Who notices

Everyone who came in from outside the private network. A rule in a security group or a firewall is updated in
place; an `aws_security_group_rule` is taken out and added anew, which closes the port for a moment.

## Before merging

1. `terraform plan` must say `1 to change, 0 to destroy` for each rule, and change its range alone; for an
   `aws_security_group_rule`, `1 to add, 0 to change, 1 to destroy`.
2. Whoever comes in from outside needs a VPN, an authenticating proxy, or another range in the option `cidr`.

## Test

1. After the apply, `nc -vz -w 5 HOST PORT` from outside the network must time out.
2. From inside, the jobs and applications that use the port must still work.

## Roll back

plan and apply again. The port is open to the internet once more, and nothing restarts. No data is touched.

## Does not close

Whoever is inside the range still reaches the service without a password.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule
from fixers.terraform.source import SECURITY_GROUPS, Block, TerraformFile, is_false, range_around


@dataclass(frozen=True)
class Options:
    """Who may reach the port instead of everyone.

    Without `cidr` it is the VPC or subnetwork that the rule belongs to; where that isn't written out, and
    without `cidr_ipv6` for `::/0`, the port is only reported.
    """

    cidr: str = ""
    cidr_ipv6: str = ""


@dataclass(frozen=True)
class _Service:
    name: str
    ports: tuple[int, ...]
    evidence: str = ""


_SERVICES = (
    _Service("the Ray dashboard", (8265,)),
    _Service("Ollama", (11434,)),
    _Service("Qdrant", (6333, 6334)),
    _Service("Milvus", (19530,)),
    _Service("the Ray client", (10001,), "ray"),
    _Service("vLLM", (8000,), "vllm"),
    _Service("MLflow", (5000,), "mlflow"),
    _Service("Triton", (8000, 8001, 8002), "triton"),
    _Service("TensorBoard", (6006,), "tensorboard"),
)
_TCP = ("tcp", "6", 6)


@rule(
    TerraformFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SERVICE,
    references=("CWE-306", "CWE-668", "AML.T0049"),
    mentions=("0.0.0.0/0", "::/0"),
    options=Options,
    opens_unasked=True,
)
def check(file: TerraformFile, options: Options) -> Iterator[Finding]:
    for group in file.resources(*SECURITY_GROUPS):
        for ingress in group.blocks("ingress"):
            yield from _check(file, ingress, "protocol", options)
    for entry in file.resources("aws_security_group_rule"):
        if entry.value("type") == "ingress":
            yield from _check(file, entry, "protocol", options)
    for entry in file.resources("aws_vpc_security_group_ingress_rule"):
        yield from _check(file, entry, "ip_protocol", options)
    for firewall in file.resources("google_compute_firewall"):
        yield from _check_firewall(file, firewall, options)


def _check(file: TerraformFile, entry: Block, protocol: str, options: Options) -> Iterator[Finding]:
    first, last = entry.value("from_port"), entry.value("to_port")
    if str(first) == str(last) and entry.value(protocol) in _TCP:
        yield from _findings(file, entry, [first], options)


def _check_firewall(file: TerraformFile, firewall: Block, options: Options) -> Iterator[Finding]:
    allowed = firewall.blocks("allow")
    is_tcp = all(block.value("protocol") in _TCP for block in allowed)
    is_on = firewall.value("direction") in (None, "INGRESS") and is_false(firewall.value("disabled") or False)
    if is_on and is_tcp and not firewall.has_dynamic("allow"):
        ports = [block.value("ports") for block in allowed]
        listed = [port for some in ports for port in (some if isinstance(some, list) and some else [None])]
        yield from _findings(file, firewall, listed, options)


def _findings(
    file: TerraformFile, entry: Block, ports: Sequence[object], options: Options
) -> Iterator[Finding]:
    services = [_service(entry, str(port)) for port in ports]
    if not services or None in services:
        return
    what = " and ".join(
        dict.fromkeys(f"{s.name} (port {port})" for s, port in zip(services, ports, strict=True) if s)
    )
    message = f"`{entry.address}` opens {what} to the internet"
    ranges = {"0.0.0.0/0": options.cidr or range_around(file, entry), "::/0": options.cidr_ipv6}
    for name in ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6", "source_ranges"):
        attribute = entry.attribute(name)
        if attribute is None:
            continue
        for everyone, range_ in ranges.items():
            if attribute.literal == everyone:
                yield Finding(message, attribute.span, _unknown(everyone, range_) or attribute.set(range_))
            elif any(element.literal == everyone for element in attribute.elements):
                fix = _unknown(everyone, range_) or attribute.replace_element(everyone, range_)
                yield Finding(message, attribute.span, fix)


def _unknown(everyone: str, range_: str) -> Changes:
    if range_:
        return ()
    if everyone == "::/0":
        return (Refusal("who may come in over IPv6 only you know: set the option `cidr_ipv6`"),)
    return (Refusal("who may come in only you know: set the option `cidr`"),)


def _service(entry: Block, port: str) -> _Service | None:
    """What listens on the port, as far as its number and the names around it tell."""
    candidates = [service for service in _SERVICES if port in map(str, service.ports)]
    return next((service for service in candidates if _is_named(entry, service.evidence)), None)


def _is_named(entry: Block, word: str) -> bool:
    """Whether the entry or the address of its resource names the product; no word asks for nothing."""
    text = f"{entry.address} {entry.root.value('name')} {entry.root.value('description')} {entry.text}"
    return re.search(rf"(?<![a-z0-9]){word}(?![a-z0-9])", text, re.I) is not None
