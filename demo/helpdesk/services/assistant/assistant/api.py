"""The HTTP API: the web widget asks, the ticket system sends tickets for triage."""

import logging
import os
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from openai import OpenAI
from prometheus_client import Counter, make_asgi_app
from pydantic import BaseModel

from assistant import config, llm, retrieval, tickets, triage
from assistant.settings import settings

logger = logging.getLogger("assistant")
QUESTIONS = Counter("questions_total", "Questions by outcome", ["outcome"])


client = OpenAI(base_url=settings.llm_url, api_key=os.environ.get("LLM_TOKEN", "unused"))


class Question(BaseModel):
    text: str
    product: str | None = None
    ticket: int | None = None


class Answer(BaseModel):
    text: str
    sources: list[str]


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.triage = triage.load()
    yield


app = FastAPI(title="Helpdesk assistant", lifespan=lifespan)
app.mount("/metrics", make_asgi_app())
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],  # the widget is on every customer's page
    allow_credentials=True,
    allow_methods=["GET", "POST"],
    allow_headers=["*"],
)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok", "greeting": config.load()["greeting"]}


@app.post("/ask")
def ask(question: Question) -> Answer:
    excerpts = retrieval.search(question.text, question.product)
    if not excerpts:
        QUESTIONS.labels("nothing found").inc()
        raise HTTPException(404, "Nothing in the manuals is about this")
    text = llm.answer(question.text, [excerpt.cited() for excerpt in excerpts])
    QUESTIONS.labels("answered").inc()
    if question.ticket:
        tickets.comment(question.ticket, text, internal=True)
    return Answer(text=text, sources=[excerpt.manual for excerpt in excerpts])


@app.post("/triage/{ticket}")
def route(ticket: int) -> dict[str, str]:
    team = triage.team_of(tickets.fetch(ticket)["text"], app.state.triage)
    tickets.escalate(ticket, team)
    return {"team": team}


@app.post("/rephrase")
def rephrase(note: Question) -> dict[str, str]:
    """A note of a technician, as a customer would like to read it."""
    completion = client.chat.completions.create(
        model=settings.llm_model,
        messages=[
            {"role": "system", "content": "Rephrase the note politely. Add nothing."},
            {"role": "user", "content": note.text},  # names are removed before, in the widget
        ],
        temperature=0.4,
    )
    return {"text": completion.choices[0].message.content or note.text}
