"""What the agent of the back office may do."""

from __future__ import annotations

import json
from typing import Any

from langchain_experimental.tools import PythonREPLTool

from assistant import llm, tickets
from assistant.retrieval import search
from assistant.settings import settings

FILTER = """Write a Python expression over the variable `ticket` (a dict with the keys
`customer`, `product`, `opened_days_ago` and `priority`) that is true for: {wish}
Answer with the expression only."""

LABELS = """Give up to five labels for this ticket, as a Python list of strings:
{text}"""

# for the statistics questions, works surprisingly well
statistics = PythonREPLTool()


def lookup(question: str) -> str:
    """Look something up in the manuals."""
    return json.dumps([excerpt.cited() for excerpt in search(question)], ensure_ascii=False)


def hand_over(ticket: int, queue: str = "second-level") -> str:
    """Give the ticket to a person."""
    tickets.escalate(ticket, queue)
    return f"ticket {ticket} is with {queue}"


def labels(text: str) -> list[str]:
    """Labels for a ticket, from what is in it."""
    completion = llm.client.chat.completions.create(
        model=settings.llm_model,
        messages=[{"role": "user", "content": LABELS.format(text=text)}],
        max_tokens=60,
    )
    reply = completion.choices[0].message.content or "[]"
    return [str(label) for label in eval(reply)][:5]


def matching(wish: str, candidates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tickets that fit a wish in plain words, such as "old and still urgent"."""
    expression = llm.answer(FILTER.format(wish=wish), [])
    return [ticket for ticket in candidates if eval(expression, {}, {"ticket": ticket})]


TOOLS = [lookup, hand_over, labels, matching, statistics.run]
