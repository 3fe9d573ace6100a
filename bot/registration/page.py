"""The pages on which a person registers the App: choose, review, and what GitHub made of it."""

import json
import secrets
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse
from starlette.background import BackgroundTask

from bot import github
from bot.registration.manifest import (
    ALWAYS_SENT,
    NEEDED,
    OPTIONAL,
    Choices,
    choices_of,
    form_address,
    manifest,
    owner_url,
)
from bot.registration.registration import NotOurs, Registration, Unstored
from bot.settings import Settings
from bot.templates import rendered

WEBHOOKS = "/webhooks/github"
_BACK = "registered"
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def create_pages(registration: Registration, ended: Callable[[], None]) -> FastAPI:
    """`ended` is called when the person has been told that the App is registered."""
    app = FastAPI(title="Suture", docs_url=None, redoc_url=None, openapi_url=None)
    settings = registration.settings
    webhook = f"{settings.public_url}{WEBHOOKS}" if settings.public_url else ""

    @app.get("/healthz")
    def is_alive() -> dict[str, str]:
        """The process answers."""
        return {"status": "alive"}

    @app.get("/setup/{token}")
    def choose(token: str, request: Request) -> HTMLResponse:
        _let_in(registration, token)
        return _choosing(registration, choices_of(request.query_params, webhook), webhook, {})

    @app.get("/setup/{token}/review")
    def review(token: str, request: Request) -> HTMLResponse:
        _let_in(registration, token)
        choices = choices_of(request.query_params, webhook)
        if problems := choices.problems():
            return _choosing(registration, choices, webhook, problems)
        here = settings.public_url or str(request.base_url).rstrip("/")
        return _reviewing(registration, choices, f"{here}/{_BACK}")

    @app.get(f"/{_BACK}")
    def come_back(code: str = "", state: str = "") -> HTMLResponse:
        """Where GitHub sends the person, who is known by `state`."""
        try:
            made = registration.complete(code, state)
        except (NotOurs, Unstored, github.Problem) as error:
            return _failed(error, settings)
        page = _page("registration_next.html", "The App is registered", made=made, file=registration.file)
        page.background = BackgroundTask(ended)
        return page

    return app


def _let_in(registration: Registration, token: str) -> None:
    """As if nothing were there, for who doesn't know the token."""
    if not registration.lets_in(token):
        raise HTTPException(404, headers=_PRIVATE)


def _choosing(
    registration: Registration, choices: Choices, webhook: str, problems: dict[str, str]
) -> HTMLResponse:
    return _page(
        "registration.html",
        "Register Suture as a GitHub App",
        400 if problems else 200,
        token=registration.token,
        github_url=registration.settings.github_url,
        choices=choices,
        webhook=webhook,
        problems=problems,
        needed=NEEDED,
        optional=OPTIONAL,
        always_sent=ALWAYS_SENT,
    )


def _reviewing(registration: Registration, choices: Choices, redirect_url: str) -> HTMLResponse:
    settings = registration.settings
    homepage = settings.public_url or owner_url(settings.github_url, choices)
    made = manifest(choices, homepage, redirect_url)
    form = {"name": choices.name, "organisation": choices.organisation, "webhook": choices.webhook}
    return _page(
        "registration_review.html",
        "What GitHub is asked to register",
        forms_to=settings.github_url,
        token=registration.token,
        choices=choices,
        redirect_url=redirect_url,
        manifest=json.dumps(made),
        shown=json.dumps(made, indent=2),
        address=form_address(settings.github_url, choices, registration.state),
        changed=urlencode(form | dict.fromkeys(choices.optional, "on")),
        file=registration.file,
    )


def _failed(error: Exception, settings: Settings) -> HTMLResponse:
    """What went wrong and what to do, in our words: nothing of the address is repeated."""
    made = None
    match error:
        case Unstored():
            status, what, made = 500, f"{error}.", error.made
        case github.Unavailable():
            status, what = 502, f"{error.message}."
        case github.Problem():
            status, what = 400, "GitHub doesn't take the code: it is good once, and for one hour."
        case _:
            status, what = 400, "This isn't GitHub's answer to a registration that was begun here."
    return _page(
        "registration_failed.html",
        "The App is not registered" if made is None else "The credentials are not stored",
        status,
        what=what,
        made=made,
        can_reload=isinstance(error, github.Unavailable),
        github_url=settings.github_url,
    )


def _page(
    template: str, title: str, status: int = 200, *, forms_to: str = "", **values: object
) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    content = rendered(template, **values)
    text = rendered("registration_frame.html", title=title, nonce=nonce, content=content)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(forms_to)) if forms_to else ""
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self' {origin}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(text, status, _PRIVATE | {"Content-Security-Policy": policy})
