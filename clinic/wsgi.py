"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from clinic.bodies import WholeBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = WholeBody(get_wsgi_application())
