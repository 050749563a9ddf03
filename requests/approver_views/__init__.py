"""The approver's pages: the queue of what is ready to be signed, and the desk where one draft is read and agreed to."""

from requests.approver_views.desk import approve, draft_pdf, draft_picture, request_page, return_to_clerk
from requests.approver_views.queue import queue

__all__ = ["approve", "draft_pdf", "draft_picture", "queue", "request_page", "return_to_clerk"]
