# Inkwell, with the explorer built: docker build --tag inkwell .
# It serves as ENVIRONMENT=production, and takes the settings of .env.example from its environment.
# `docker run inkwell migrate` and the server's other commands work as well.

FROM python:3.13-slim AS explorer
WORKDIR /inkwell
RUN python -m venv .venv
COPY requirements-explorer.txt ./
COPY explorer explorer
RUN explorer/build.sh

FROM python:3.13-slim AS dependencies
WORKDIR /inkwell
COPY requirements.txt ./
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements.txt \
    && /venv/bin/python -m pip uninstall --yes pip

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Inkwell" \
    org.opencontainers.image.description="A GraphQL API server for publishing." \
    org.opencontainers.image.licenses="MIT"
RUN useradd --system --user-group --no-create-home --uid 10001 inkwell
WORKDIR /inkwell
COPY --from=dependencies /venv /venv
COPY --from=explorer /inkwell/explorer/dist explorer/dist
COPY pyproject.toml ./
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
