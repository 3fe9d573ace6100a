import pytest
from fastapi.testclient import TestClient

from assistant import api, retrieval


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setattr(api.llm, "answer", lambda question, excerpts: f"read {len(excerpts)}")
    return TestClient(api.app)  # without `with`: the lifespan would want the checkpoint


def test_answer_cites_its_manual(client, monkeypatch):
    found = [retrieval.Excerpt("Hold the button for ten seconds.", "router", 12)]
    monkeypatch.setattr(api.retrieval, "search", lambda text, product: found)
    response = client.post("/ask", json={"text": "How do I reset it?"})
    assert response.json() == {"text": "read 1", "sources": ["router"]}


def test_nothing_found(client, monkeypatch):
    monkeypatch.setattr(api.retrieval, "search", lambda text, product: [])
    assert client.post("/ask", json={"text": "?"}).status_code == 404
