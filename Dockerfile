# The worker and the operators' command line, in one image. Data and secrets stay outside.

FROM python:3.11.15-slim-trixie AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /packages
COPY requirements.lock .
RUN /packages/bin/pip install --require-hashes -r requirements.lock \
    && /packages/bin/python -m compileall -q /packages/lib

FROM python:3.11.15-slim-trixie
# The number is fixed, so that the owner of a shared folder can be named by it on every machine.
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin umn \
    && install -d -o umn -g umn -m 0700 /var/lib/umn \
    && install -d -o umn -g umn -m 0755 /srv/umn
# `umn backup` and `umn restore` need the client of the server's version or a newer one.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=packages /packages /packages
WORKDIR /umn
COPY . .
RUN python -m compileall -q /umn
ENV PATH=/packages/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 UMN_VAR=/var/lib/umn
USER umn
VOLUME /var/lib/umn
CMD ["python", "worker.py"]
