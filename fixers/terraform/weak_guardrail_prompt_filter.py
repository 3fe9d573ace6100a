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

Who notices: people whose honest prompts read like an attack, such as role play or pasted instructions,
are refused more often. The output strength of this filter has to stay `NONE`. A filter weighs only what
is tagged as user input where the application uses input tags. The working draft of the guardrail
changes; an application pinned to a numbered version sees nothing until a new version is published.

## Test

Run the prompts of your evaluation set, honest and hostile, through the `ApplyGuardrail` API before and
after, and compare which are blocked.

## Roll back

Revert the commit and apply; if a version of the guardrail was published, point the application back to
the one before.
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
