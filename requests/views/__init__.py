"""The citizen's pages: filling in a request, and following it after it was sent. Thin: the acts are in actions."""

from requests.views.attaching import paper, paper_previews, papers, remove_paper
from requests.views.filling import check, page, remove_row, row, start, submit
from requests.views.following import (
    certificate,
    delete,
    detail,
    my_requests,
    open_supplement,
    sent,
    withdraw,
)

__all__ = [
    "certificate",
    "check",
    "delete",
    "detail",
    "my_requests",
    "open_supplement",
    "page",
    "paper",
    "paper_previews",
    "papers",
    "remove_paper",
    "remove_row",
    "row",
    "sent",
    "start",
    "submit",
    "withdraw",
]
