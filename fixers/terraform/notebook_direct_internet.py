"""Send the traffic of SageMaker notebooks through the VPC

A SageMaker notebook instance has a network interface of AWS's own with a way to the internet, unless
`direct_internet_access` is `"Disabled"`; the provider's default is `"Enabled"`. What runs in a notebook can
then send training data anywhere, past every security group, flow log and proxy of the VPC.

```diff
 resource "aws_sagemaker_notebook_instance" "research" {
   name                   = "research"
   subnet_id              = aws_subnet.private.id
   security_groups        = [aws_security_group.research.id]
-  direct_internet_access = "Enabled"
+  direct_internet_access = "Disabled"
 }
```

Without a subnet there is no other way out, so that one is for a person:

```terraform found
resource "aws_sagemaker_notebook_instance" "research" {
  name = "research"
}
```

```terraform
resource "aws_sagemaker_notebook_instance" "research" {
  name                   = "research"
  direct_internet_access = "Disabled"
  subnet_id              = aws_subnet.private.id
  security_groups        = [aws_security_group.research.id]
}
```

## Who notices

Everyone whose files are on the notebook: Terraform **replaces** the instance, and its volume goes with it.
Then whoever reaches the internet from it, for `pip install` or a download of a model: from now on that goes
through the subnet, or fails.

## Before merging

1. `terraform plan` must say `1 to add, 0 to change, 1 to destroy` for each notebook.
2. Copy `/home/ec2-user/SageMaker` away: the volume is destroyed with the instance.
3. The subnet needs a NAT gateway, or VPC endpoints for SageMaker's API, S3 and whatever else the notebook
   reads.

## Test

1. After the apply, `aws s3 ls s3://BUCKET` in the notebook's terminal answers.
2. There, `curl -m 10 https://SITE` of a site that the VPC doesn't allow fails.

## Roll back

copy the notebook's files away again, plan and apply. The instance is replaced a second time, and its volume
with it.

## Does not close

What the VPC lets out isn't touched: with a NAT gateway and an open security group, data may still leave
that way.
"""

from collections.abc import Iterator

from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule
from fixers.terraform.source import Block, TerraformFile, is_true


@rule(
    TerraformFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.DATA_EXPOSURE,
    references=("CWE-668", "AML.T0025", "checkov:CKV_AWS_122"),
    mentions=("aws_sagemaker_notebook_instance",),
    replaces=True,
    before_deploy=True,
)
def check(file: TerraformFile) -> Iterator[Finding]:
    for notebook in file.resources("aws_sagemaker_notebook_instance"):
        if notebook.value("direct_internet_access") in (None, "Enabled"):
            yield Finding(
                f"`{notebook.address}` reaches the internet past the VPC",
                notebook.span_of("direct_internet_access"),
                _fix(notebook),
            )


def _fix(notebook: Block) -> Changes:
    for name in ("subnet_id", "security_groups"):
        if notebook.value(name) is None:
            return (Refusal(f"`{name}` isn't set: without the VPC the notebook would reach nothing"),)
    if any(is_true(lifecycle.value("prevent_destroy")) for lifecycle in notebook.blocks("lifecycle")):
        return (Refusal("`lifecycle.prevent_destroy` forbids the replacement that this fix needs"),)
    return notebook.set("direct_internet_access", "Disabled")
