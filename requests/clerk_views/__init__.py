"""Clerks' pages: the queue of their office, and the desk where one request is worked on."""

from requests.clerk_views.attached_papers import paper, paper_previews
from requests.clerk_views.desk import request_page
from requests.clerk_views.queue import find, queue

__all__ = ["find", "paper", "paper_previews", "queue", "request_page"]
