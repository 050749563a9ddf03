# One image for every process of a server; docker-compose.yml says which command each of them runs.
FROM python:3.13-slim-bookworm AS packages
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
# Neither the group `local` (databases in wheels) nor `dev`: default-groups is empty.
RUN uv sync --frozen

FROM python:3.13-slim-bookworm
# What WeasyPrint loads; the fonts come with the project.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin lltp
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/static LLTP_HOME=/tmp/lltp
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY manage.py ./
COPY lltp_portal lltp_portal
COPY records records
COPY certificates certificates
COPY requests requests
COPY dashboards dashboards
COPY templates templates
# Gathering static files needs settings that can load, and no secret: the mode is for this one command only.
RUN LLTP_MODE=demo python manage.py collectstatic --no-input
USER 10001
EXPOSE 8000
# For the default command; the others have their own in docker-compose.yml.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", \
  "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}), timeout=4)"]
CMD ["gunicorn", "lltp_portal.wsgi", "--bind", "0.0.0.0:8000", "--preload", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
