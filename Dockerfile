FROM python:3.12-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt /tmp/requirements.txt
RUN /venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/requirements.txt

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=psdelivery.settings.production
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin portal
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# The build needs values, not secrets: nothing of them stays in the image.
RUN SECRET_KEY=build ALLOWED_HOSTS=localhost DATABASE_URL=sqlite://:memory: \
    REDIS_URL=redis://localhost \
    python manage.py collectstatic --noinput \
    && install -d -o portal -g portal var var/media
USER 10001
VOLUME /app/var/media
EXPOSE 8000
CMD ["gunicorn", "psdelivery.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
