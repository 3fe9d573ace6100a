"""Turn off key authentication of Azure AI accounts

`azurerm_cognitive_account` accepts its two account keys unless `local_auth_enabled` is `false`; the
provider's default is `true`. A key names nobody, never expires and opens every deployment of the account.
With keys off, callers prove who they are to Entra ID and get the roles that they were given.

```diff
 resource "azurerm_cognitive_account" "openai" {
   kind                  = "OpenAI"
   sku_name              = "S0"
   custom_subdomain_name = "contoso-openai"
+  local_auth_enabled    = false
 }
```

Entra ID needs a subdomain of the account's own, and adding one replaces the account, so an account
without one is for a person:

```terraform found
resource "azurerm_cognitive_account" "openai" {
  kind     = "OpenAI"
  sku_name = "S0"
}
```

```terraform
resource "azurerm_cognitive_account" "openai" {
  kind                  = "OpenAI"
  custom_subdomain_name = "contoso-openai"
  local_auth_enabled    = false
}
```

Where the module hands the keys out, something uses them; that too is for a person:

```terraform found
resource "azurerm_cognitive_account" "openai" {
  kind                  = "OpenAI"
  custom_subdomain_name = "contoso-openai"
}

output "key" {
  value     = azurerm_cognitive_account.openai.primary_access_key
  sensitive = true
}
```

## Who notices

Every caller that sends a key: it is refused (Azure OpenAI: 403, `AuthenticationTypeDisabled`), and so are
tools that know no other way, parts of the Azure portal's studios among them. The account is updated in place.

## Before merging

1. `terraform plan` must say `1 to change, 0 to destroy` for each account, and change `local_auth_enabled`
   alone.
2. Give every caller a token of Entra ID and the role `Cognitive Services OpenAI User` or its like.
3. `git grep -niE 'api[-_]?key'` in the callers' repositories finds none that still sends a key.

## Test

After the apply, a call with a key must fail, and the same call must answer with a token from
`az account get-access-token --resource https://cognitiveservices.azure.com`.

## Roll back

plan and apply again. The account is updated in place once more, and the same two keys work again.

## Does not close

The account is reached over the same network as before, and whoever may change its settings can turn the
keys on again.
"""

import re
from collections.abc import Iterator

from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule
from fixers.terraform.source import Block, TerraformFile, is_true

_KEY = re.compile(r"\b(?:primary|secondary)_access_key\b")


@rule(
    TerraformFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SECRET,
    references=("CWE-287", "AML.T0055", "checkov:CKV_AZURE_236"),
    mentions=("azurerm_cognitive_account",),
    before_deploy=True,
)
def check(file: TerraformFile) -> Iterator[Finding]:
    for account in file.resources("azurerm_cognitive_account"):
        enabled = account.value("local_auth_enabled")
        if enabled is None or is_true(enabled):
            yield Finding(
                f"`{account.address}` accepts account keys",
                account.span_of("local_auth_enabled"),
                _fix(file, account),
            )


def _fix(file: TerraformFile, account: Block) -> Changes:
    if account.value("custom_subdomain_name") is None:
        return (Refusal("Entra ID needs `custom_subdomain_name`, and setting it replaces the account"),)
    if any(_KEY.search(text) for text in file.module_texts):
        return (Refusal("the module hands out account keys: move what uses them to Entra ID first"),)
    return account.set("local_auth_enabled", False)
