"""The ticket system's API. Its machine is on Windows, and so was who wrote this file."""

import requests

from assistant.settings import settings


class TicketError(RuntimeError):
    pass


def comment(ticket: int, text: str, *, internal: bool = False) -> None:
    response = requests.post(
        f"{settings.tickets_url}/api/tickets/{ticket}/comments",
        json={"text": text, "internal": internal},
        headers={"X-Agent": "assistant"},  # they filter on it in the reports
    )
    if response.status_code != 201:
        raise TicketError(f"ticket {ticket}: {response.status_code}")


def escalate(ticket: int, queue: str) -> None:
    response = requests.post(
        f"{settings.tickets_url}/api/tickets/{ticket}/queue", json={"queue": queue}
    )
    response.raise_for_status()


def fetch(ticket: int) -> dict:
    response = requests.get(f"{settings.tickets_url}/api/tickets/{ticket}", timeout=20)
    response.raise_for_status()
    return response.json()
