"""The routes that the proxy answers itself, or puts something before or after emulate's answer."""

from emulator.own import apps, branches, checks, objects, pulls, queries, repositories, talk

ROUTES = (
    *apps.ROUTES,
    *repositories.ROUTES,
    *objects.ROUTES,
    *branches.ROUTES,
    *pulls.ROUTES,
    *checks.ROUTES,
    *talk.ROUTES,
    *queries.ROUTES,
)
