"""Close Azure AI accounts to the public network

`azurerm_cognitive_account` (Azure OpenAI, AI Services, Vision, Speech and the rest) answers the whole
internet unless `public_network_access_enabled` is `false` or `network_acls` deny what they don't list: the
provider's default is `true`. A key that leaks from a notebook or a log is then enough to read what
the models were tuned on and to run them on your bill.

```diff
 resource "azurerm_cognitive_account" "openai" {
   name                = "openai"
   location            = azurerm_resource_group.ai.location
   resource_group_name = azurerm_resource_group.ai.name
   kind                = "OpenAI"
   sku_name            = "S0"
+
+  public_network_access_enabled = false
 }
```

```terraform with path=network.tf
resource "azurerm_private_endpoint" "ai" {
  name      = "ai"
  subnet_id = azurerm_subnet.ai.id

  private_service_connection {
    private_connection_resource_id = azurerm_cognitive_account.openai.id
  }
}
```

```diff
 resource "azurerm_cognitive_account" "openai" {
   kind                          = "OpenAI"
-  public_network_access_enabled = true
+  public_network_access_enabled = false
 }
```

```terraform with path=network.tf
resource "azurerm_private_endpoint" "ai" {
  name      = "ai"
  subnet_id = azurerm_subnet.ai.id

  private_service_connection {
    private_connection_resource_id = azurerm_cognitive_account.openai.id
  }
}
```

An account that no `azurerm_private_endpoint` of its module leads to is only reported: make one first, with
the private DNS zone that belongs to it.

An account behind a list, or one whose setting only a plan knows, is left alone:

```terraform
resource "azurerm_cognitive_account" "listed" {
  kind = "OpenAI"

  network_acls {
    default_action = "Deny"
    ip_rules       = ["203.0.113.0/24"]
  }
}

resource "azurerm_cognitive_account" "decided" {
  kind                          = "OpenAI"
  public_network_access_enabled = var.public
}
```

## Who notices

Everything that doesn't come in through a private endpoint, developers' own machines and the portal's
playground included: it gets a 403. The account is updated in place.

## Before merging

1. `terraform plan` must say `1 to change, 0 to destroy` for each account.
2. In the virtual network, `nslookup NAME.openai.azure.com` (or the name of your kind of account) gives a
   private address, and a call of one deployment answers.

## Test

After the apply, the same call still answers in the virtual network, and fails with 403 from outside.

## Roll back

plan and apply again. The account is updated in place, and access is open again within minutes. Nothing is
lost.

## Does not close

The keys stay as they are: whoever holds one and reaches the private endpoint still gets in.
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
    references=("CWE-668", "AML.T0040", "AML.T0049", "checkov:CKV_AZURE_134"),
    mentions=("azurerm_cognitive_account",),
    opens_unasked=True,
)
def check(file: TerraformFile) -> Iterator[Finding]:
    found = [account for account in file.resources("azurerm_cognitive_account") if _is_open(account)]
    reached = file.referenced_by("azurerm_private_endpoint") if found else ()
    for account in found:
        yield Finding(
            f"`{account.address}` answers the whole internet",
            account.span_of("public_network_access_enabled"),
            _fix(account, account.address in reached),
        )


def _is_open(account: Block) -> bool:
    access = account.value("public_network_access_enabled")
    return (access is None or is_true(access)) and not _is_listed(account)


def _fix(account: Block, has_endpoint: bool) -> Changes:
    if not has_endpoint:
        return (_NO_ENDPOINT,)
    return account.set("public_network_access_enabled", False)


def _is_listed(account: Block) -> bool:
    """Whether network rules may keep strangers out: those that are known to let all in don't."""
    if account.has_dynamic("network_acls"):
        return True
    return any(rules.value("default_action") != "Allow" for rules in account.blocks("network_acls"))
