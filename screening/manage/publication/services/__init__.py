"""Try a draft on past cases, say why a case may become less urgent, and publish."""

from screening.manage.publication.services.publishing import approve_version
from screening.manage.publication.services.reasons import give_reason
from screening.manage.publication.services.runs import begin_run, work

__all__ = ["approve_version", "begin_run", "give_reason", "work"]
