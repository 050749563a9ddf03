"""The approver's pages: what is ready to be signed, the desk where a draft is agreed to, and where clerks differ."""

from requests.approver_views.between import between
from requests.approver_views.desk import approve, draft_pdf, draft_picture, request_page, return_to_clerk
from requests.approver_views.queue import queue

__all__ = ["approve", "between", "draft_pdf", "draft_picture", "queue", "request_page", "return_to_clerk"]
