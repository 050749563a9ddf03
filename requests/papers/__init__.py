"""The papers of a request (Thông tư 01/2018/TT-VPCP): written with the step that calls for them, printed later."""

from requests.papers.content import Kind
from requests.papers.writing import follow, write

__all__ = ["Kind", "follow", "write"]
