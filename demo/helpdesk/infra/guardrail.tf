resource "aws_bedrock_guardrail" "answers" {
  name                      = "${local.name}-answers"
  description               = "In front of the summaries that go to customers"
  blocked_input_messaging   = "Please describe the problem with the product."
  blocked_outputs_messaging = "A colleague will answer this."

  content_policy_config {
    filters_config {
      type            = "HATE"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }

    filters_config {
      type            = "PROMPT_ATTACK"
      input_strength  = "LOW" # MEDIUM blocked customers that paste their logs
      output_strength = "NONE"
    }
  }

  sensitive_information_policy_config {
    pii_entities_config {
      type   = "EMAIL"
      action = "ANONYMIZE"
    }
  }
}
