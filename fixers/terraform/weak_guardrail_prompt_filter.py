"""Filter prompt attacks at full strength in Bedrock guardrails

The `PROMPT_ATTACK` filter of a Bedrock guardrail is what stops jailbreaks and injected instructions
before they reach the model. Below `HIGH` it lets through what it is less than sure of: at `LOW` only
prompts classified as attacks with high confidence are blocked, at `NONE` nothing is.

```diff
 resource "aws_bedrock_guardrail" "assistant" {
   name                      = "assistant"
   blocked_input_messaging   = "Sorry, I can't answer that."
   blocked_outputs_messaging = "Sorry, I can't answer that."

   content_policy_config {
     filters_config {
       type            = "PROMPT_ATTACK"
-      input_strength  = "LOW"
+      input_strength  = "HIGH"
       output_strength = "NONE"
     }
   }
 }
```

Other filters are a question of taste, and a strength that only a plan knows may be right already:

```terraform
resource "aws_bedrock_guardrail" "assistant" {
  content_policy_config {
    filters_config {
      type            = "HATE"
      input_strength  = "LOW"
      output_strength = "LOW"
    }

    filters_config {
      type            = "PROMPT_ATTACK"
      input_strength  = var.strength
      output_strength = "NONE"
    }
  }
}
```

The output strength of this filter has to stay `NONE`.

## Who notices

People whose honest prompts read like an attack, such as role play or pasted instructions: they are
refused more often. The guardrail is updated in place.

## Before merging

1. `terraform plan` must say `1 to change, 0 to destroy` for each guardrail.
2. Run the prompts of your evaluation set, honest and hostile, and note which are blocked now.

## Test

After the apply, run the same prompts and compare which are blocked:
`aws bedrock-runtime apply-guardrail --guardrail-identifier ID --guardrail-version DRAFT
--source INPUT --content '[{"text": {"text": "PROMPT"}}]'`
prints `GUARDRAIL_INTERVENED` or `NONE`.

## Roll back

plan and apply again. Where a version of the guardrail was published, point the application back to the one
before. No data changes.

## Does not close

The working draft changes: an application pinned to a numbered version is filtered as before until a new one
is published. Where the application uses input tags, only what is tagged as user input is filtered.
"""

from collections.abc import Iterator

from fixers.rule import Finding, Safety, Severity, Threat, rule
from fixers.terraform.source import TerraformFile

_WEAK = ("NONE", "LOW", "MEDIUM")


@rule(
    TerraformFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.PROMPT_INJECTION,
    references=("CWE-1427", "LLM01:2025", "LLM01:2026", "AML.T0051", "AML.T0054"),
    mentions=("PROMPT_ATTACK",),
    opens_unasked=True,
)
def check(file: TerraformFile) -> Iterator[Finding]:
    for guardrail in file.resources("aws_bedrock_guardrail"):
        for policy in guardrail.blocks("content_policy_config"):
            for content_filter in policy.blocks("filters_config"):
                strength = content_filter.attribute("input_strength")
                is_prompt_filter = content_filter.value("type") == "PROMPT_ATTACK"
                if is_prompt_filter and strength is not None and strength.literal in _WEAK:
                    yield Finding(
                        f"`{guardrail.address}` filters prompt attacks at strength `{strength.literal}`",
                        strength.span,
                        strength.set("HIGH"),
                    )
