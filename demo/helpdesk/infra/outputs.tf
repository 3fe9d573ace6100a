output "vectors_endpoint" {
  value = aws_opensearch_domain.vectors.endpoint
}

output "guardrail" {
  value = { id = aws_bedrock_guardrail.answers.guardrail_id, version = aws_bedrock_guardrail.answers.version }
}
