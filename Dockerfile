# The course as one image: its built pages and the service that marks answers.
#
#   docker build --build-arg COURSE_SITE_URL=https://learn.example.org/ -t course .
#   docker run -p 8000:8000 -v course-data:/data -e COURSE_SITE_URL=https://learn.example.org/ course
#
# Settings are COURSE_... variables. Whatever must outlive the container is in /data: the record (unless
# COURSE_DATABASE_URL names a PostgreSQL server), the key that signs cookies, mail that was not sent.

FROM python:3.11-slim-bookworm AS build
WORKDIR /course
RUN python -m venv /venv
COPY requirements.lock ./
RUN /venv/bin/pip install --disable-pip-version-check --no-cache-dir \
    --require-hashes --only-binary :all: -r requirements.lock
COPY . .
ARG COURSE_SITE_URL=
RUN /venv/bin/pip install --disable-pip-version-check --no-build-isolation --no-deps . \
    && /venv/bin/course build

FROM python:3.11-slim-bookworm
RUN useradd --system --user-group --no-create-home course \
    && install --directory --owner=course --group=course /data
COPY --from=build /venv /venv
COPY --from=build --chown=root:course /course /course
RUN ln -s /data /course/data
WORKDIR /course
USER course
VOLUME /data
EXPOSE 8000
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1
HEALTHCHECK --start-period=10s --interval=30s --timeout=5s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["course", "serve", "--host", "0.0.0.0", "--port", "8000", "--no-build"]
