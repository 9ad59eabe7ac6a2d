"""Layouts written for crispy-forms come out as our own fields."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Fieldset, Layout, Row, Submit
from django import forms

from screening.gallery import BAD, SampleForm
from tests.components.test_fields import render


def names(page) -> set[str]:
    return {control.get("name") for control in page.elements if control.get("name")}


def test_both_spellings_show_the_same_fields():
    whole, fields = (
        render("{% crispy form %}", form=SampleForm()),
        render("{{ form|crispy }}", form=SampleForm()),
    )
    assert names(whole) == names(fields)
    assert {"born_day", "worst", "agree"} <= names(fields)
    assert fields.all("form") == []
    assert whole.one("form").get("method") == "post"


def test_a_layout_keeps_its_order_groups_and_buttons():
    form = SampleForm(BAD)
    form.helper = FormHelper()
    form.helper.layout = Layout(
        Fieldset("About you", "email", Row(Column("months"), Column("weight"))),
        Div("story", css_class="card"),
    )
    form.helper.add_input(Submit("save", "Save"))
    page = render("{% crispy form %}", form=form)
    assert [c.get("name") for c in page.elements if c.get("name")] == [
        "email",
        "months",
        "weight",
        "story",
        "save",
    ]
    assert page.one("legend", "nhsuk-fieldset__legend--m").text == "About you"
    assert page.one("button").text == "Save"
    assert page.one("div", "card")


def test_the_summary_stands_once_on_the_page():
    page = render("{% error_summary form %}{% crispy form %}{% page_form form %}", form=SampleForm(BAD))
    assert len(page.all("div", "nhsuk-error-summary")) == 1


def test_the_summary_reads_formsets():
    class Form(forms.Form):
        name = forms.CharField(label="Name")

    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "x", "form-1-name": ""}
    formset = forms.formset_factory(Form, extra=0, max_num=5)(data, form_kwargs={"empty_permitted": False})
    page = render("{% crispy formset %}", formset=formset)
    assert [link.get("href") for link in page.summary_links()] == ["#id_form-1-name"]
    assert page.broken_references() == []
