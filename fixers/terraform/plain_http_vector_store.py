"""Accept only HTTPS at OpenSearch domains that hold vectors

A domain without `domain_endpoint_options` accepts plain HTTP. Embeddings and the passages behind
them then cross the network readable, and whoever can change a reply on its way decides what the
model is told.

```diff
 resource "aws_opensearch_domain" "embeddings" {
   domain_name    = "embeddings"
   engine_version = "OpenSearch_2.17"
+
+  domain_endpoint_options {
+    enforce_https = true
+  }
 }
```

```diff
 resource "aws_opensearch_domain" "rag" {
   domain_name = "passages"

   domain_endpoint_options {
-    enforce_https       = false
+    enforce_https       = true
     tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
   }
 }
```

A block that says nothing about `enforce_https` means HTTPS, which is the provider's default; and a domain
that shows no sign of holding vectors isn't ours to judge:

```terraform
resource "aws_opensearch_domain" "vectors" {
  domain_name = "vectors"

  domain_endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
}

resource "aws_opensearch_domain" "logs" {
  domain_name = "logs"
}
```

A sign is a word such as `vector`, `embedding`, `knn` or `rag` in the resource itself.

## Who notices

Clients that are configured with `http://` or port 80: they get no answer any more. Terraform updates the
domain in place; AWS may do it by a blue/green deployment, in which nothing is lost.

## Before merging

1. `terraform plan` must say `1 to change, 0 to destroy` for each domain.
2. `git grep -n 'http://'` in the clients' repositories finds nothing that means this domain.

## Test

After the apply, `curl -fsS -m 10 http://ENDPOINT/_search` must fail; over `https://` the clients' own search
must answer.

## Roll back

plan and apply again. The domain is updated in place once more and accepts plain HTTP. No data is touched.

## Does not close

Which versions of TLS the domain accepts, and who may reach it, stays as it was.
"""

import re
from collections.abc import Iterator

from fixers.rule import Finding, Safety, Severity, Threat, rule
from fixers.terraform.source import Block, TerraformFile, is_false

_VECTORS = re.compile(r"vector|embedding|(?<![a-z])(?:k-?nn|rag|llm|bedrock)(?![a-z])", re.I)


@rule(
    TerraformFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.DATA_EXPOSURE,
    references=("CWE-319", "LLM08:2025", "LLM09:2026", "AML.T0085.000", "checkov:CKV_AWS_83"),
    mentions=("aws_opensearch_domain", "aws_elasticsearch_domain"),
    opens_unasked=True,
)
def check(file: TerraformFile) -> Iterator[Finding]:
    for domain in file.resources("aws_opensearch_domain", "aws_elasticsearch_domain"):
        if _VECTORS.search(domain.text) and _accepts_http(domain):
            yield Finding(
                f"`{domain.address}` accepts plain HTTP",
                domain.span_of("domain_endpoint_options"),
                domain.ensure_block("domain_endpoint_options", {"enforce_https": True}),
            )


def _accepts_http(domain: Block) -> bool:
    options = domain.blocks("domain_endpoint_options")
    if not options:
        return not domain.has_dynamic("domain_endpoint_options")
    return any(is_false(option.value("enforce_https")) for option in options)
