# Targets: `cpu` (the default) and `gpu`. BASE is any image with Python 3.11 to 3.13 and its venv module.
ARG BASE=python:3.12-slim

# What is pinned comes first, so that a change of ours does not fetch it again.
FROM ${BASE} AS tools
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY constraints/ constraints/
RUN python3 -m venv /build && /build/bin/pip install --require-hashes -r constraints/build.txt

FROM tools AS wheel
COPY pyproject.toml README.md LICENSE ./
COPY configs/ configs/
COPY kernels/ kernels/
COPY economics/ economics/
COPY service/ service/
COPY rackrate/ rackrate/
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist .

FROM tools AS build-cpu
RUN python3 -m venv --without-pip /opt/rackrate \
 && /build/bin/pip --python /opt/rackrate install --require-hashes -r constraints/runtime.txt
COPY --from=wheel /dist /dist
RUN /build/bin/pip --python /opt/rackrate install --no-index --no-deps /dist/*.whl

FROM tools AS build-gpu
RUN python3 -m venv --without-pip /opt/rackrate \
 && /build/bin/pip --python /opt/rackrate install --require-hashes -r constraints/cuda.txt
COPY --from=wheel /dist /dist
RUN /build/bin/pip --python /opt/rackrate install --no-index --no-deps /dist/*.whl

# /var/lib/rackrate is the one place that is written to: everything else may be read-only.
FROM ${BASE} AS base
RUN groupadd --system --gid 10001 rackrate \
 && useradd --system --uid 10001 --gid rackrate --no-create-home --home-dir /var/lib/rackrate rackrate \
 && install --directory --owner=rackrate --group=rackrate /var/lib/rackrate
ENV PATH=/opt/rackrate/bin:$PATH \
    RACKRATE_DATA=/var/lib/rackrate \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /var/lib/rackrate
VOLUME ["/var/lib/rackrate"]
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["/opt/rackrate/bin/python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8000, timeout=2); c.request('GET', '/health/live'); exit(c.getresponse().status != 200)"]
# Others than this container can ask it, so it starts only with API keys, or with none on purpose: docs/docker.md.
CMD ["rackrate", "serve", "--host", "0.0.0.0", "--port", "8000"]

FROM base AS gpu
ENV NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    CUPY_CACHE_DIR=/var/lib/rackrate/cupy
COPY --from=build-gpu /opt/rackrate /opt/rackrate

FROM base AS cpu
COPY --from=build-cpu /opt/rackrate /opt/rackrate
