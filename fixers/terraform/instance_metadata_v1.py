"""Require IMDSv2 on accelerator instances and SageMaker notebooks

Version 1 of the EC2 metadata service hands out the credentials of the instance's role for one plain
GET. A model server or agent that fetches a URL of somebody else's choosing can be made to fetch that
one, and its answer then carries the keys to the buckets that hold models and training data. Version 2
wants a token from a PUT request first, which such a fetch can't send.

```diff
 resource "aws_instance" "trainer" {
   ami           = data.aws_ami.deep_learning.id
   instance_type = "p5.48xlarge"
+
+  metadata_options {
+    http_tokens = "required"
+  }
 }
```

```diff
 resource "aws_launch_template" "inference" {
   instance_type = "inf2.xlarge"

   metadata_options {
     http_endpoint               = "enabled"
     http_put_response_hop_limit = 2
-    http_tokens                 = "optional"
+    http_tokens                 = "required"
   }
 }
```

```diff
 resource "aws_sagemaker_notebook_instance" "research" {
   name = "research"
+
+  instance_metadata_service_configuration {
+    minimum_instance_metadata_service_version = "2"
+  }
 }
```

The rule looks at `aws_instance` and `aws_launch_template` whose instance type is written out and
carries GPUs, Inferentia, Trainium or Gaudi, and at `aws_sagemaker_notebook_instance`. What requires
tokens, has no metadata service at all, or isn't known to be an AI workload is left alone:

```terraform
resource "aws_instance" "trainer" {
  instance_type = "g5.xlarge"

  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_instance" "isolated" {
  instance_type = "trn1.32xlarge"

  metadata_options {
    http_endpoint = "disabled"
  }
}

resource "aws_instance" "web" {
  instance_type = "t3.micro"
}
```

Where nothing is written, the image, the account or the instance type may require tokens already; the
fix then only says so. The hop limit stays as it is: containers behind a bridge network reach version 2
only with `http_put_response_hop_limit = 2`, and many should not reach it at all.

## Who notices

SDKs and scripts that know only version 1, such as a `curl` of `169.254.169.254` without a token, and
containers behind a bridge network where the hop limit is 1. A notebook is stopped and started again,
which ends its kernels; an instance is updated in place; of a launch template there is a new version.

## Before merging

1. `terraform plan` must say `1 to change, 0 to destroy` for each resource in this diff. What follows a launch
   template's `latest_version` (an Auto Scaling group, a node group) changes along with it.
2. CloudWatch's `MetadataNoToken` of each instance has been zero for as long as its jobs take.

## Test

1. After the apply, this prints 401 on the machine:
   `curl -s -o /dev/null -w '%{http_code}' http://169.254.169.254/latest/meta-data/`
2. A job that reads from S3 still runs.

## Roll back

plan and apply again. A notebook restarts once more, which ends its kernels; a launch template gets one more
version; an instance is updated in place. No data is touched.

## Does not close

Code that runs on the machine can still fetch a token, and what the role may do is unchanged. Only new
instances follow a launch template's new version.
"""

import re
from collections.abc import Iterator

from fixers.rule import Changes, Finding, Safety, Severity, Span, Threat, rule
from fixers.terraform.source import Block, TerraformFile

_ACCELERATED = re.compile(r"(?:p[2-9]|g[3-9]|gr6|inf\d|trn\d|dl\d)[a-z0-9-]*\.[a-z0-9-]+")
"""GPU (P, G), Inferentia, Trainium and Gaudi: https://aws.amazon.com/ec2/instance-types/"""


@rule(
    TerraformFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SECRET,
    references=("CWE-918", "AML.T0055", "checkov:CKV_AWS_79", "checkov:CKV_AWS_371"),
    mentions=("aws_instance", "aws_launch_template", "aws_sagemaker_notebook_instance"),
    opens_unasked=True,
)
def check(file: TerraformFile) -> Iterator[Finding]:
    for machine in file.resources("aws_instance", "aws_launch_template"):
        instance_type = machine.value("instance_type")
        if isinstance(instance_type, str) and _ACCELERATED.fullmatch(instance_type):
            yield from _check(machine, "metadata_options", "http_tokens", "optional", "required")
    for notebook in file.resources("aws_sagemaker_notebook_instance"):
        block, attribute = (
            "instance_metadata_service_configuration",
            "minimum_instance_metadata_service_version",
        )
        yield from _check(notebook, block, attribute, "1", "2")


def _check(machine: Block, name: str, attribute: str, weak: str, strong: str) -> Iterator[Finding]:
    found = _weakness(machine, name, attribute, weak, strong)
    if found:
        span, changes = found
        yield Finding(f"`{machine.address}` answers version 1 of the metadata service", span, changes)


def _weakness(
    machine: Block, name: str, attribute: str, weak: str, strong: str
) -> tuple[Span, Changes] | None:
    options = machine.blocks(name)
    if not options:
        return (
            None
            if machine.has_dynamic(name)
            else (machine.span, machine.add_block(name, {attribute: strong}))
        )
    value = options[0].value(attribute)
    is_weak = value is None or str(value) == weak
    if not is_weak or options[0].value("http_endpoint") == "disabled":
        return None
    return options[0].span_of(attribute), machine.ensure_block(name, {attribute: strong})
