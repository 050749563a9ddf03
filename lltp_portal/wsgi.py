"""What gunicorn loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lltp_portal.settings")
application = get_wsgi_application()

from lltp_portal.start import refuse_when_broken  # noqa: E402 - needs the applications

refuse_when_broken()
