"""What the App does with a job, one file for each thing that it does."""

from bot.work.worker import KEPT, Worker

__all__ = ["KEPT", "Worker"]
