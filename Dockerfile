# Inkwell, with the explorer built: docker build --tag inkwell .
# It serves as ENVIRONMENT=production, and takes the settings of .env.example from its environment.
# `docker run inkwell migrate` and the server's other commands work as well.
#
# Node builds the explorer, and pip and strip the dependencies; each does in a stage of its own,
# of which the last one takes the results alone.

# A registry of your own may have it under another name.
ARG BASE=docker.io/library/python:3.13-slim

FROM ${BASE} AS explorer
WORKDIR /inkwell
RUN python -m venv .venv
COPY requirements-explorer.txt ./
COPY explorer explorer
RUN explorer/build.sh

FROM ${BASE} AS dependencies
WORKDIR /inkwell
# Any strip will do, of whichever version.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt requirements-otel.txt ./
# Compiled modules come with what debuggers need, which is two thirds of them.
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --require-hashes \
        --requirement requirements.txt --requirement requirements-otel.txt \
    && /venv/bin/python -m pip uninstall --yes pip \
    && find /venv/lib -name '*.so' -exec strip --strip-unneeded {} +

FROM ${BASE}
ARG BASE
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Inkwell" \
    org.opencontainers.image.description="A GraphQL API server for publishing, on PostgreSQL, MySQL and SQLite." \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.base.name="${BASE}"
RUN groupadd --gid 10001 inkwell \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin inkwell \
    && rm -rf /usr/local/bin/pip* /usr/local/lib/python3.*/site-packages/pip* /usr/local/lib/python3.*/ensurepip
WORKDIR /inkwell
COPY --from=dependencies /venv /venv
COPY --from=explorer /inkwell/explorer/dist explorer/dist
COPY LICENSE pyproject.toml ./
COPY domain domain
COPY persistence persistence
COPY schema schema
COPY migrations migrations
COPY server server
# Compiled now, since a read-only file system keeps nothing.
RUN python -m compileall -q domain persistence schema migrations server
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 ENVIRONMENT=production HOST=0.0.0.0 PORT=8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --start-period=20s --interval=10s --timeout=3s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/livez', timeout=2)"]
ENTRYPOINT ["python", "-m", "server"]
CMD ["serve"]
