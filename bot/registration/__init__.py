"""Registering the App on a page of ours, through GitHub's manifest flow."""

from bot.registration.page import create_pages
from bot.registration.registration import Registration

__all__ = ["Registration", "create_pages"]
