"""A GitHub for tests that we did not write (npm's emulate), behind a proxy that adds what it lacks."""
