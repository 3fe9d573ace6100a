"""A small AI service with the weaknesses of a real one, for `suture demo`."""
