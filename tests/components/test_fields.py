"""Each field: label, hint, error and control belong together, whatever the widget."""

import pytest
from django import forms
from django.template import Context, Template

from screening.forms import ScaleField, present
from screening.gallery import BAD, GOOD, SampleForm
from tests.components.markup import CONTROLS, Page


def render(source: str, **context) -> Page:
    return Page(Template("{% load components crispy_forms_tags %}" + source).render(Context(context)))


def every_field(form) -> Page:
    return render("{% page_form form %}", form=form)


STATES = {
    "empty": SampleForm,
    "filled": lambda: SampleForm(GOOD),
    "wrong": lambda: SampleForm(BAD),
    "prefixed": lambda: SampleForm({f"x-{key}": value for key, value in BAD.items()}, prefix="x"),
}


@pytest.mark.parametrize("state", STATES)
def test_every_reference_on_the_page_has_its_target(state):
    page = every_field(STATES[state]())
    assert page.broken_references() == []
    assert page.repeated_ids() == []
    assert page.unlabelled() == []


def test_the_scan_sees_a_broken_reference():
    page = Page('<a href="#nowhere">x</a><input id="a" aria-describedby="gone"><p id="a">')
    assert page.broken_references() == ["nowhere", "gone"]
    assert page.repeated_ids() == ["a"]
    assert page.unlabelled() == [""]


def test_every_error_is_in_the_summary_and_its_link_lands_on_a_control():
    form = SampleForm(BAD)
    page = every_field(form)
    links = page.summary_links()
    assert (
        len(links) == sum(len(errors) for errors in form.errors.values()) >= len(SampleForm.base_fields) - 1
    )
    for link in links:
        target = page.by_id(link.get("href")[1:])
        assert target is not None, link.text
        assert target.tag in CONTROLS, link.text


def test_a_date_error_links_to_the_box_to_mend_and_marks_only_that():
    page = every_field(SampleForm(BAD))
    link = next(link for link in page.summary_links() if link.text == "The date must include a year")
    assert link.get("href") == "#id_began-year"
    marked = [
        box.get("name") for box in page.all("input", "nhsuk-input--error") if "began" in box.get("name")
    ]
    assert marked == ["began_year"]


def test_what_was_typed_is_kept_beside_its_error():
    page = every_field(SampleForm(BAD))
    values = {control.get("name"): control.get("value") for control in page.all("input")}
    assert values["born_day"] == "31"
    assert values["born_month"] == "6"
    assert values["email"] == "asha at example"
    assert values["months"] == "a year"
    assert page.one("textarea").text == BAD["story"]


def test_a_password_is_never_sent_back():
    page = every_field(SampleForm({**BAD, "secret": "correct horse"}))
    assert page.one("input", name="secret").get("value") == ""


def test_hint_and_error_describe_the_control_in_that_order():
    page = every_field(SampleForm(BAD))
    assert page.one("input", name="email").get("aria-describedby") == "id_email-hint id_email-error"
    fieldset = next(set_ for set_ in page.all("fieldset") if "id_tried-error" in set_.get("aria-describedby"))
    assert fieldset.get("aria-describedby") == "id_tried-hint id_tried-error"
    assert page.by_id("id_email-error").text == "Error: Enter a valid email address."


def test_chosen_answers_are_checked_and_others_not():
    page = every_field(SampleForm(GOOD))
    checked = {
        (box.get("name"), box.get("value"))
        for box in page.all("input")
        if box.has("checked") and box.get("type") in {"radio", "checkbox"}
    }
    assert checked == {
        ("diagnosis", "yes"),
        ("tried", "physio"),
        ("tried", "talking"),
        ("worst", "7"),
        ("agree", "on"),
    }
    assert [option.get("value") for option in page.all("option") if option.has("selected")] == ["north"]


def test_checkboxes_are_checkboxes_although_django_calls_them_radios():
    page = every_field(SampleForm())
    assert {box.get("type") for box in page.all("input", name="tried")} == {"checkbox"}
    alone = [box.get("value") for box in page.all("input", name="tried") if box.get("data-behaviour")]
    assert alone == ["none"]


def test_nothing_typed_is_cut_off_or_refused_by_the_browser():
    page = every_field(SampleForm())
    for control in page.elements:
        assert not {"required", "maxlength", "pattern", "min", "max"} & control.attributes.keys(), (
            control.attributes
        )
    assert page.one("form").has("novalidate")
    assert page.one("input", name="months").attributes["inputmode"] == "numeric"
    assert page.one("input", name="weight").attributes["inputmode"] == "decimal"


def test_a_form_with_a_file_can_send_it():
    assert every_field(SampleForm()).one("form").get("enctype") == "multipart/form-data"


def test_the_scale_has_eleven_choices_and_says_its_ends():
    page = every_field(SampleForm())
    assert [box.get("value") for box in page.all("input", name="worst")] == [str(n) for n in range(11)]
    assert "0 is no pain, 10 is the worst pain." in page.by_id("id_worst-hint").text
    field = ScaleField(low="a", high="b", required=False)
    assert field.clean("0") == 0
    assert field.clean("") is None
    with pytest.raises(forms.ValidationError):
        field.clean("11")


def test_zero_on_the_scale_is_an_answer():
    class Form(forms.Form):
        worst = ScaleField(label="Worst", low="a", high="b")

    page = every_field(Form(initial={"worst": 0}))
    assert [box.get("value") for box in page.all("input", name="worst") if box.has("checked")] == ["0"]


def test_one_question_on_a_page_is_its_heading():
    class Form(forms.Form):
        why = present(
            forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, label="Why?"), heading=True
        )
        name = forms.CharField(label="Name")

    page = every_field(Form({"name": "x"}))
    assert [link.text for link in page.summary_links()] == ["Choose an answer"]
    assert page.one("h1").text == "Why?"
    assert [parent.tag for parent in page.one("h1").parents][-2:] == ["fieldset", "legend"]
    heading = render("{% field form.name heading=True %}", form=Form()).one("h1")
    assert heading.text == "Name"


def test_labels_and_answers_cannot_smuggle_markup():
    evil = '<script>alert("x")</script>'

    class Form(forms.Form):
        name = forms.CharField(label=evil, help_text=evil, initial=evil)
        pick = forms.ChoiceField(choices=[(evil, evil)], label=evil, widget=forms.RadioSelect, help_text=evil)
        scale = ScaleField(label=evil, help_text=evil, low=evil, high=evil)

    page = every_field(Form({"name": "", "pick": evil + "2"}))
    assert page.all("script") == []
    assert page.one("input", name="pick").get("value") == evil


def test_a_widget_nobody_thought_of_still_has_its_label_hint_and_error():
    class Form(forms.Form):
        many = forms.MultipleChoiceField(
            choices=[("a", "A")], label="Many", help_text="Choose", widget=forms.SelectMultiple
        )

    page = every_field(Form({}))
    assert page.broken_references() == []
    assert page.one("select").get("aria-describedby") == "id_many-hint id_many-error"
    assert page.one("label").get("for") == "id_many"


def test_errors_of_the_whole_form_link_to_its_first_field():
    class Form(forms.Form):
        name = forms.CharField()

        def clean(self):
            raise forms.ValidationError("These do not fit together")

    link = every_field(Form({"name": "x"})).summary_links()[0]
    assert (link.text, link.get("href")) == ("These do not fit together", "#id_name")


@pytest.mark.parametrize("widget", [forms.Select, forms.RadioSelect])
def test_a_choice_called_none_is_a_choice_like_any_other(widget):
    class Form(forms.Form):
        kind = forms.ChoiceField(choices=[("some", "Some"), ("None", "No code")], widget=widget)

    page = every_field(Form())
    assert page.broken_references() == page.unlabelled() == []
    assert [each.get("value") for each in page.elements if each.get("value")] == ["some", "None"]
    assert [each for each in page.elements if "divider" in (each.get("class") or "")] == []
