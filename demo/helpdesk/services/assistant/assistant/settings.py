"""Settings from the environment; see .env.example for a local machine."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    llm_url: str = "http://vllm.helpdesk.svc:8000/v1"
    llm_model: str = "helpdesk-answers"
    qdrant_url: str = "http://qdrant.helpdesk.svc:6333"
    tickets_url: str = "http://tickets.helpdesk.svc"
    triage_checkpoint: Path = Path("/models/triage/last.pt")
    config: Path = Path(__file__).parent.parent / "config" / "assistant.yaml"


settings = Settings()
