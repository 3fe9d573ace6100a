"""The language model behind vLLM, which speaks the protocol of OpenAI."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable

from openai import OpenAI
from openai.types.chat import ChatCompletionMessageParam

from assistant.settings import settings

logger = logging.getLogger(__name__)

SYSTEM = """You are the assistant of a helpdesk. Answer only from the excerpts below.
If they do not answer the question, say that a colleague will take over."""

client = OpenAI(
    base_url=settings.llm_url,
    api_key=os.environ.get("LLM_TOKEN", "unused"),  # vLLM wants something here
    max_retries=3,
)


def answer(question: str, excerpts: Iterable[str]) -> str:
    messages: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": "\n---\n".join([*excerpts, question])},
    ]
    completion = client.chat.completions.create(
        model=settings.llm_model,
        messages=messages,
        temperature=0.2,
    )
    logger.info("answered with %s tokens", completion.usage and completion.usage.total_tokens)
    return completion.choices[0].message.content or ""
