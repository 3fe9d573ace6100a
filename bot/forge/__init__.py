"""Pull requests of a repository on GitHub: what is published, and how a plan is carried out there."""

from bot.forge.background import introduced
from bot.forge.blobs import Blobs
from bot.forge.drafts import has_checks, settle
from bot.forge.history import ForgeHistory
from bot.forge.publishing import Place, carry_out, push, tidy
from bot.forge.reading import snapshot_of
from bot.forge.standing import Standing, standing, state_of

__all__ = [
    "Blobs",
    "ForgeHistory",
    "Place",
    "Standing",
    "carry_out",
    "has_checks",
    "introduced",
    "push",
    "settle",
    "snapshot_of",
    "standing",
    "state_of",
    "tidy",
]
