"""Clerks' pages: the queue of their office, and the desk where one request is worked on."""

from requests.clerk_views.attachments import attachment, attachment_previews
from requests.clerk_views.desk import request_page
from requests.clerk_views.kept import kept_comparison, kept_decisions
from requests.clerk_views.late import late_notice, late_notices
from requests.clerk_views.queue import find, queue
from requests.clerk_views.revoking import revocation
from requests.clerk_views.told import told

__all__ = [
    "attachment",
    "attachment_previews",
    "find",
    "kept_comparison",
    "kept_decisions",
    "late_notice",
    "late_notices",
    "queue",
    "request_page",
    "revocation",
    "told",
]
