"""Questions to the store, answered with structs. The command line and the web ask the same ones. See docs/store.md."""

from waqai.errors import NotFound
from waqai.query.actors import actor, actors, names, network
from waqai.query.check import country_code
from waqai.query.events import event, facets, months, search, timeline
from waqai.query.registers import agreements, deals, relation, visits
from waqai.query.types import Filters
from waqai.query.whole import article, home, outlet, outlets, places, status, version

__all__ = [
    "Filters",
    "NotFound",
    "actor",
    "actors",
    "agreements",
    "article",
    "country_code",
    "deals",
    "event",
    "facets",
    "home",
    "months",
    "names",
    "network",
    "outlet",
    "outlets",
    "places",
    "relation",
    "search",
    "status",
    "timeline",
    "version",
    "visits",
]
