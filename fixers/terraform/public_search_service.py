"""Close Azure AI Search to the public network

`azurerm_search_service` holds the passages and vectors that a model is shown, and answers the whole
internet unless `public_network_access_enabled` is `false` or `allowed_ips` lists who may come; the
provider's default is `true`. Whoever gets hold of an admin key then reads the index, or writes into it
what the model will repeat.

```diff
 resource "azurerm_search_service" "rag" {
   name                          = "rag"
   sku                           = "standard"
-  public_network_access_enabled = true
+  public_network_access_enabled = false
 }
```

```terraform with path=network.tf
resource "azurerm_private_endpoint" "ai" {
  name      = "ai"
  subnet_id = azurerm_subnet.ai.id

  private_service_connection {
    private_connection_resource_id = azurerm_search_service.rag.id
  }
}
```

```diff
 resource "azurerm_search_service" "rag" {
   name                = "rag"
   resource_group_name = azurerm_resource_group.ai.name
   location            = azurerm_resource_group.ai.location
   sku                 = "basic"
+
+  public_network_access_enabled = false
 }
```

```terraform with path=network.tf
resource "azurerm_private_endpoint" "ai" {
  name      = "ai"
  subnet_id = azurerm_subnet.ai.id

  private_service_connection {
    private_connection_resource_id = azurerm_search_service.rag.id
  }
}
```

The free tier has no private endpoints, so closing it would lock everyone out:

```terraform found
resource "azurerm_search_service" "trial" {
  name = "trial"
  sku  = "free"
}
```

A service that no `azurerm_private_endpoint` of its module leads to is only reported: make one first, with
the private DNS zone that belongs to it.

A service behind a list, or one whose setting only a plan knows, is left alone:

```terraform
resource "azurerm_search_service" "listed" {
  sku         = "standard"
  allowed_ips = ["203.0.113.0/24"]
}

resource "azurerm_search_service" "decided" {
  sku                           = "standard"
  public_network_access_enabled = var.public
}
```

## Who notices

Everything that doesn't come in through a private endpoint, the portal's search explorer and indexers of other
services included: it gets a 403. The service is updated in place.

## Before merging

1. `terraform plan` must say `1 to change, 0 to destroy` for each service.
2. In the virtual network, `nslookup NAME.search.windows.net` gives a private address, and a query answers.

## Test

1. After the apply, the same query still answers in the virtual network, and fails with 403 from outside.
2. Run each indexer once.

## Roll back

plan and apply again. The service is updated in place, and access is open again within minutes. The indexes
are not touched.

## Does not close

The keys stay as they are: whoever holds an admin key and reaches the private endpoint still reads and
writes the indexes.
"""

from collections.abc import Iterator

from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule
from fixers.terraform.source import Block, TerraformFile, is_true

_NO_ENDPOINT = Refusal("no `azurerm_private_endpoint` in the module leads to it: make one first")


@rule(
    TerraformFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SERVICE,
    references=("CWE-668", "LLM08:2025", "LLM09:2026", "AML.T0049", "AML.T0085.000", "checkov:CKV_AZURE_124"),
    mentions=("azurerm_search_service",),
    opens_unasked=True,
)
def check(file: TerraformFile) -> Iterator[Finding]:
    found = [service for service in file.resources("azurerm_search_service") if _is_open(service)]
    reached = file.referenced_by("azurerm_private_endpoint") if found else ()
    for service in found:
        yield Finding(
            f"`{service.address}` answers the whole internet",
            service.span_of("public_network_access_enabled"),
            _fix(service, service.address in reached),
        )


def _is_open(service: Block) -> bool:
    access = service.value("public_network_access_enabled")
    return (access is None or is_true(access)) and service.value("allowed_ips") in (None, [])


def _fix(service: Block, has_endpoint: bool) -> Changes:
    if service.value("sku") == "free":
        return (Refusal("the free tier has no private endpoints: move to `basic` first"),)
    if not has_endpoint:
        return (_NO_ENDPOINT,)
    return service.set("public_network_access_enabled", False)
