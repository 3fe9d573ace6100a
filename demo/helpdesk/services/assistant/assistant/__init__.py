"""The assistant of the helpdesk: answers from the manuals, and a person takes over when it cannot."""
