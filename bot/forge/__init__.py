"""Pull requests of a repository on GitHub: what is published, and how a plan is carried out there."""

from bot.forge.blobs import Blobs
from bot.forge.history import ForgeHistory
from bot.forge.publishing import carry_out
from bot.forge.reading import snapshot_of
from bot.forge.standing import Standing, standing, state_of

__all__ = ["Blobs", "ForgeHistory", "Standing", "carry_out", "snapshot_of", "standing", "state_of"]
