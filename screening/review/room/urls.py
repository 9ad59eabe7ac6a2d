"""Addresses of the patient's room. None names a person, a form or a case: a session opens one form only."""

from django.urls import path

from screening.review.room.views import answers, documents, home, leaving, messages, objecting

urlpatterns = [
    path("room/", home.room, name="patient-room"),
    path("room/letter/<int:number>/", home.letter, name="patient-letter"),
    path("room/who/", home.who, name="patient-who"),
    path("room/messages/", messages.messages, name="patient-messages"),
    path("room/look/", messages.look, name="patient-look"),
    path("room/questions/<int:number>/", answers.questions, name="patient-questions"),
    path("room/answers/", answers.answers, name="patient-answers"),
    path("room/answers/<slug:page_id>/", answers.correct, name="patient-correct"),
    path("room/answers/<slug:page_id>/add/", answers.entry, name="patient-entry-add"),
    path("room/answers/<slug:page_id>/<int:number>/", answers.entry, name="patient-entry"),
    path(
        "room/answers/<slug:page_id>/not-right/<slug:item_id>/", objecting.objection, name="patient-objection"
    ),
    path(
        "room/answers/<slug:page_id>/not-right/<slug:item_id>/<int:number>/",
        objecting.objection,
        name="patient-objection-entry",
    ),
    path("room/documents/", documents.documents, name="patient-documents"),
    path("room/documents/<uuid:document_id>/", documents.document, name="patient-document"),
    path("room/withdraw/", leaving.withdraw, name="patient-withdraw"),
    path("room/delete/", leaving.erase, name="patient-erase"),
]
