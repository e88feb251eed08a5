# One image for every stage: docker run tongsheng worker | detect | produce ... | doctor
# A health check of an orchestrator runs `tongsheng doctor`; the image sets none, because the stages differ.

FROM python:3.12-slim AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY . .
RUN pip wheel -q -c requirements/constraints.txt -w /wheels .

FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install -q --root-user-action=ignore --no-cache-dir --disable-pip-version-check --no-index --find-links=/wheels tongsheng \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/tongsheng --shell /usr/sbin/nologin tongsheng \
 && install --directory --owner=tongsheng --group=tongsheng /var/lib/tongsheng
# All that is written goes here (a volume, which takes over this folder's owner) and to /tmp (a tmpfs): with both
# mounted, the rest of the image may be read-only. No tmpfs here: runc before 1.1.8 ignores its mode and gives it to root.
WORKDIR /var/lib/tongsheng
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["tongsheng"]
CMD ["--help"]
