"""The fields that we use of what GitHub tells the App about itself."""

from pydantic import AwareDatetime, BaseModel, Field

from bot.github.values import Credentials, DeliveryFacts, InstallationFacts


class Account(BaseModel):
    login: str = ""
    slug: str = ""
    """An enterprise has this instead."""
    type: str = ""


class Installation(BaseModel):
    id: int
    account: Account | None = None
    suspended_at: AwareDatetime | None = None
    repository_selection: str = "selected"
    permissions: dict[str, str] = Field(default_factory=dict)

    def facts(self) -> InstallationFacts:
        account = self.account or Account()
        return InstallationFacts(
            self.id,
            account.login or account.slug,
            account.type == "Organization",
            self.suspended_at is not None,
            self.repository_selection == "all",
            self.permissions,
        )


class Delivery(BaseModel):
    id: int
    guid: str
    event: str
    action: str | None = None
    delivered_at: AwareDatetime
    status: str = ""
    status_code: int = 0
    installation_id: int | None = None
    repository_id: int | None = None

    @property
    def has_arrived(self) -> bool:
        return 200 <= self.status_code < 300

    def facts(self) -> DeliveryFacts:
        return DeliveryFacts(
            self.id,
            self.guid,
            self.event,
            self.action or "",
            self.delivered_at.timestamp(),
            self.has_arrived,
            self.status,
            self.installation_id or 0,
            self.repository_id or 0,
        )


class AppAccount(BaseModel):
    slug: str


class Converted(BaseModel):
    id: int
    slug: str = ""
    name: str
    html_url: str
    owner: Account | None = None
    client_id: str
    client_secret: str = Field(repr=False)
    pem: str = Field(repr=False)
    webhook_secret: str | None = Field(default=None, repr=False)

    def facts(self) -> Credentials:
        owner = self.owner.login if self.owner else ""
        secrets = (self.client_secret, self.pem, self.webhook_secret or "")
        return Credentials(self.id, self.slug, self.name, self.html_url, owner, self.client_id, *secrets)
