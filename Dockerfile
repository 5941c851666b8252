# Inkwell, with the explorer built: docker build --tag inkwell .

FROM python:3.13-slim AS explorer
WORKDIR /inkwell
RUN python -m venv .venv
COPY requirements-explorer.txt ./
COPY explorer explorer
RUN explorer/build.sh

FROM python:3.13-slim AS dependencies
COPY requirements.txt ./
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements.txt \
    && /venv/bin/python -m pip uninstall --yes pip

FROM python:3.13-slim
RUN useradd --system --user-group --no-create-home inkwell
WORKDIR /inkwell
COPY --from=dependencies /venv /venv
COPY --from=explorer /inkwell/explorer/dist explorer/dist
COPY pyproject.toml ./
COPY domain domain
COPY persistence persistence
COPY schema schema
COPY migrations migrations
COPY server server
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 ENVIRONMENT=production HOST=0.0.0.0
USER inkwell
EXPOSE 8000
ENTRYPOINT ["python", "-m", "server"]
CMD ["serve"]
