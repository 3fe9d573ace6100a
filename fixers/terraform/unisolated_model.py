"""Cut SageMaker models off from the network

The containers of an `aws_sagemaker_model` may call out to the internet unless `enable_network_isolation` is
`true`; absent means false. A model or an image that carries code of somebody else's can then send every
prompt and answer away, and the role's credentials with them. Isolated containers still get their model from
S3 and their requests from the endpoint: SageMaker carries both in and out.

```diff
 resource "aws_sagemaker_model" "ranker" {
   name                     = "ranker"
   execution_role_arn       = aws_iam_role.sagemaker.arn
-  enable_network_isolation = false
+  enable_network_isolation = true

   primary_container {
     image          = var.image
     model_data_url = "s3://models/ranker.tar.gz"
   }
 }
```

A container that fetches its model when it starts would not start any more, so that one is for a person:

```terraform found
resource "aws_sagemaker_model" "llm" {
  execution_role_arn = aws_iam_role.sagemaker.arn

  primary_container {
    image = var.image

    environment = {
      HF_MODEL_ID = "mistralai/Mistral-7B-Instruct-v0.3"
    }
  }
}
```

```terraform
resource "aws_sagemaker_model" "ranker" {
  name                     = "ranker"
  execution_role_arn       = aws_iam_role.sagemaker.arn
  enable_network_isolation = true
}
```

A container without `model_data_url` or `model_data_source` is taken to fetch what it serves.

## Who notices

Containers that call S3, a feature store, a licence server or a package index by themselves: the call fails.
Terraform **replaces** the model; under a generated name it replaces the endpoint's configuration along with
it.

## Before merging

1. `terraform plan` must say `1 to add, 0 to change, 1 to destroy` for each model with a name of its own;
   under a generated name, only the endpoint and its configuration may come on top.
2. Apply it to a test endpoint first: a container that needs the network fails there.

## Test

On a test endpoint, this answers:
`aws sagemaker-runtime invoke-endpoint --endpoint-name NAME --body fileb://sample out`
A container that needs the network fails its health check at the start, and its log in CloudWatch names the
host that it could not reach.

## Roll back

plan, apply and update the endpoint. The model is replaced once more, from the same image and data.

## Does not close

Where the model has a name of its own, an endpoint keeps running the old one until its configuration is
replaced too. What a container answers or logs still comes out.
"""

import re
from collections.abc import Iterator

from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule
from fixers.terraform.source import Block, TerraformFile, is_false, is_true

_FETCHES = re.compile(r"\b(?:HF_MODEL_ID|HF_TOKEN|HUGGING_FACE_HUB_TOKEN|PIP_INDEX_URL)\b")


@rule(
    TerraformFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    threat=Threat.DATA_EXPOSURE,
    references=("CWE-668", "AML.T0025", "checkov:CKV_AWS_370"),
    mentions=("aws_sagemaker_model",),
    replaces=True,
)
def check(file: TerraformFile) -> Iterator[Finding]:
    for model in file.resources("aws_sagemaker_model"):
        isolated = model.value("enable_network_isolation")
        if isolated is None or is_false(isolated):
            yield Finding(
                f"the containers of `{model.address}` may call out to the internet",
                model.span_of("enable_network_isolation"),
                _fix(model),
            )


def _fix(model: Block) -> Changes:
    containers = [*model.blocks("primary_container"), *model.blocks("container")]
    if not containers or not all(map(_brings_its_model, containers)):
        return (Refusal("a container seems to fetch its model at the start: put the model into S3 first"),)
    early = any(is_true(lifecycle.value("create_before_destroy")) for lifecycle in model.blocks("lifecycle"))
    if early and model.value("name") is not None:
        return (Refusal("`create_before_destroy` makes the new model while the old one still has its name"),)
    if any(is_true(lifecycle.value("prevent_destroy")) for lifecycle in model.blocks("lifecycle")):
        return (Refusal("`lifecycle.prevent_destroy` forbids the replacement that this fix needs"),)
    return model.set("enable_network_isolation", True)


def _brings_its_model(container: Block) -> bool:
    has_data = container.attribute("model_data_url") or container.blocks("model_data_source")
    return bool(has_data) and not _FETCHES.search(container.text)
