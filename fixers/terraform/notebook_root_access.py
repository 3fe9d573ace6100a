"""Take root away from the users of SageMaker notebooks

A SageMaker notebook instance gives its users root unless `root_access` says `"Disabled"`: the provider's
default is `"Enabled"`. Whoever can open the notebook, or gets a cell run in it by way of a poisoned
package, model or data set, can then read every other user's files on it, change its agents and
logging, and keep a foothold that outlives the session.

```diff
 resource "aws_sagemaker_notebook_instance" "research" {
   name          = "research"
   role_arn      = aws_iam_role.research.arn
   instance_type = "ml.t3.medium"
+  root_access   = "Disabled"
 }
```

```diff
 resource "aws_sagemaker_notebook_instance" "research" {
   name        = "research"
-  root_access = "Enabled" # for pip
+  root_access = "Disabled" # for pip
 }
```

Where a module takes its settings from variables, a fixed value would leave its callers no way out, so
that is for a person:

```terraform found
resource "aws_sagemaker_notebook_instance" "this" {
  name          = var.name
  role_arn      = var.role_arn
  instance_type = var.instance_type
}
```

A notebook whose users are not root is left alone, and so is one whose value only a plan knows:

```terraform
resource "aws_sagemaker_notebook_instance" "research" {
  name        = "research"
  root_access = "Disabled"
}
```

```terraform
resource "aws_sagemaker_notebook_instance" "research" {
  name        = "research"
  root_access = var.root_access
}
```

## Who notices

Users who call `sudo`, or install system packages from a terminal. `pip` and `conda` into their own
environments go on working. Applying stops and restarts a running instance, which ends its kernels; nothing is
replaced.

## Before merging

1. `terraform plan` must say `1 to change, 0 to destroy` for each notebook, and change `root_access` alone.
2. Tell its users, who save what their open kernels hold: applying stops and starts the instance.

## Test

1. After the apply, `sudo -n true` in the notebook's terminal must fail.
2. The notebooks that matter must still run from top to bottom.

## Roll back

plan and apply again. The instance restarts once more, which ends its kernels. Nothing on its volume is lost.

## Does not close

Lifecycle configurations run as root either way, and what the notebook's role may do stays as it was.
"""

from collections.abc import Iterator

from fixers.rule import Finding, Safety, Severity, Threat, rule
from fixers.terraform.source import TerraformFile


@rule(
    TerraformFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.EXCESS_PRIVILEGE,
    references=("CWE-250", "checkov:CKV_AWS_307"),
    mentions=("aws_sagemaker_notebook_instance",),
    opens_unasked=True,
)
def check(file: TerraformFile) -> Iterator[Finding]:
    for notebook in file.resources("aws_sagemaker_notebook_instance"):
        if notebook.value("root_access") in (None, "Enabled"):
            yield Finding(
                f"`{notebook.address}` gives its users root",
                notebook.span_of("root_access"),
                notebook.set("root_access", "Disabled"),
            )
