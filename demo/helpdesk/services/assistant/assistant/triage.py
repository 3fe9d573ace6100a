"""Which team a ticket goes to: a small classifier on top of the embeddings."""

from pathlib import Path

import torch
from torch import nn

from assistant.embeddings import embed
from assistant.settings import settings

TEAMS = ("billing", "hardware", "network", "accounts", "other")


class Triage(nn.Module):
    def __init__(self, width: int = 768) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(width, 128), nn.GELU(), nn.Linear(128, len(TEAMS)))

    def forward(self, vectors: torch.Tensor) -> torch.Tensor:
        return self.layers(vectors)


def load(path: Path = settings.triage_checkpoint) -> Triage:
    """The newest checkpoint of the nightly training."""
    checkpoint = torch.load(path, map_location="cpu")
    model = Triage(checkpoint["width"])
    model.load_state_dict(checkpoint["state"])
    return model.eval()


def resume(folder: Path) -> dict:
    # the optimizer state was not loading after the upgrade, TODO look at it again
    return torch.load(
        folder / "trainer.pt",
        map_location="cpu",
        weights_only=False,
    )


def team_of(text: str, model: Triage) -> str:
    with torch.inference_mode():
        scores = model(torch.tensor(embed([text])))
    return TEAMS[int(scores.argmax())]
