"""What the running App counts, in Prometheus' text format. No label holds anybody's name."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)


class Metrics:
    """One set of numbers, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._deliveries = self._counter("deliveries", "Webhook deliveries.", "event", "outcome")
        self._calls = self._counter("github_calls", "Requests to GitHub.", "method", "route", "status")
        self._pull_requests = Gauge(
            "suture_pull_requests",
            "Pull requests of ours, by what became of them.",
            ["outcome"],
            registry=self._registry,
        )
        self._queue = Gauge("suture_queue_jobs", "Jobs.", ["state"], registry=self._registry)
        self._remaining = Gauge(
            "suture_github_remaining_calls",
            "What GitHub's rate limit left, as its last answer said.",
            registry=self._registry,
        )
        self._seconds = Histogram(
            "suture_job_seconds",
            "How long a turn of a job took.",
            ["kind", "outcome"],
            buckets=_SECONDS,
            registry=self._registry,
        )

    def delivery(self, event: str, outcome: str) -> None:
        self._deliveries.labels(event, outcome).inc()

    def job(self, kind: str, outcome: str, seconds: float) -> None:
        self._seconds.labels(kind, outcome).observe(seconds)

    def github_call(self, method: str, route: str, status: int, remaining: int | None) -> None:
        """`route` is a template as `/repos/{owner}/{repo}/pulls`; `status` 0 means no answer."""
        self._calls.labels(method, route, str(status)).inc()
        if remaining is not None:
            self._remaining.set(remaining)

    def text(self, queue: Mapping[str, int], pull_requests: Mapping[str, int]) -> bytes:
        """Everything, with the jobs by state and the pull requests by outcome as they are now."""
        for state, jobs in queue.items():
            self._queue.labels(state).set(jobs)
        for outcome, number in pull_requests.items():
            self._pull_requests.labels(outcome).set(number)
        return generate_latest(self._registry)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"suture_{name}", about, labels, registry=self._registry)
