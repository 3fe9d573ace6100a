# Suture as a command in a container: docker run --rm -v "$PWD:/repository:ro" suture scan
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements.txt pyproject.toml README.md ./
RUN python -m venv /opt/suture \
 && /opt/suture/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY fixers fixers
COPY bot bot
COPY templates templates
COPY demo demo
RUN /opt/suture/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home suture
COPY --from=build /opt/suture /opt/suture
USER suture
WORKDIR /repository
ENTRYPOINT ["/opt/suture/bin/suture"]
CMD ["scan"]
