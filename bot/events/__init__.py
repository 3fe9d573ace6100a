"""What a payload of GitHub's asks for: the same for a webhook and for an Action. Pure."""

from bot.events.job import Job, Kind
from bot.events.payloads import MalformedPayload
from bot.events.reading import EVENTS, job_of

__all__ = ["EVENTS", "Job", "Kind", "MalformedPayload", "job_of"]
