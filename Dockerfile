# One image for web, worker and beat. It runs as nobody in particular and writes to /var/lib/threshold only.
FROM python:3.11-slim AS packages
COPY requirements.txt constraints.txt ./
RUN python -m venv /opt/threshold \
    && /opt/threshold/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/threshold --create-home --shell /usr/sbin/nologin threshold
COPY --from=packages /opt/threshold /opt/threshold
ENV PATH=/opt/threshold/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=clinic.settings \
    VAR_DIR=/var/lib/threshold
WORKDIR /srv/threshold
COPY . .
# Style sheets are the same everywhere: the values here are for this step alone and stay out of the image.
RUN env $(python -m clinic.secrets) BASE_URL=https://localhost DATABASE_URL=postgresql:///none \
    python manage.py collectstatic --noinput --verbosity=0
USER threshold
VOLUME /var/lib/threshold
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s CMD ["python", "-m", "clinic.probe", "healthz"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--no-ws", "--workers-kill-timeout", "30", "--respawn-failed-workers", \
     "clinic.wsgi:application"]
