"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from clinic.bodies import WholeBody
from clinic.env import gaps_in_sentences

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
with gaps_in_sentences():
    application = WholeBody(get_wsgi_application())
