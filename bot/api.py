"""What the App reaches, over HTTP, for who has the token of whoever runs it."""

import hmac
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, HTTPException

from bot.overview import UnknownRepository

Api = APIRouter
_MOST = 100
"""Names in one request."""


def create_api(
    token: str, repositories: Callable[[], list[dict[str, Any]]], ask: Callable[[list[str]], dict[str, str]]
) -> Api:
    """Two routes below /api; `repositories` and `ask` answer as `bot.overview` does."""
    expected = f"Bearer {token}".encode()

    def authorised(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode("utf-8", "surrogateescape"), expected):
            raise HTTPException(401, "give SUTURE_API_TOKEN as a bearer token")

    api = APIRouter(
        prefix="/api",
        dependencies=[Depends(authorised)],
        responses={401: {"description": "The token is missing or wrong."}},
    )

    @api.get("/repositories")
    def listed() -> list[dict[str, Any]]:
        """Each installation with its repositories, their findings and how far the first contact is."""
        return repositories()

    @api.post("/onboarding", responses={404: {"description": "No installation reaches one of them."}})
    def onboard(
        names: Annotated[list[str], Body(embed=True, min_length=1, max_length=_MOST)],
    ) -> dict[str, str]:
        """Asks for first contacts: each name with what stands in the way, or `wanted`."""
        try:
            return {name: obstacle or "wanted" for name, obstacle in ask(names).items()}
        except UnknownRepository as error:
            raise HTTPException(404, f"not reached by any installation: {error}") from None

    return api
