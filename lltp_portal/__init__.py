"""The project: what every app may lean on, and nothing about certificates.

The folder `requests/` has the name of a well-known HTTP library. DRF's compat module imports that library
when it can, would get our app instead, and fails when its own test client loads. So it is told, before
anything else of DRF is imported, that the library is not there (docs/adr/0002).
"""

import rest_framework.compat

rest_framework.compat.requests = None  # type: ignore[assignment]

from lltp_portal.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
