"""Reads a page the way assistive technology does: which element has which id, and what points at it."""

from collections import Counter
from html.parser import HTMLParser

CONTROLS = {"input", "select", "textarea", "button", "a"}


class Element:
    def __init__(self, tag: str, attributes: dict[str, str | None], parents: list["Element"]):
        self.tag, self.attributes, self.parents = tag, attributes, parents
        self.words: list[str] = []

    def get(self, name: str) -> str:
        return self.attributes.get(name) or ""

    def has(self, name: str) -> bool:
        return name in self.attributes

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


class Page(HTMLParser):
    VOID = frozenset({"input", "meta", "link", "br", "hr", "img", "path", "rect"})

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(str(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), list(self._open))
        self.elements.append(element)
        if tag not in self.VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), list(self._open)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words.append(data)

    def all(self, tag: str = "", class_name: str = "", **attributes: str) -> list[Element]:
        return [
            element
            for element in self.elements
            if (not tag or element.tag == tag)
            and (not class_name or class_name in element.get("class").split())
            and all(element.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str = "", class_name: str = "", **attributes: str) -> Element:
        found = self.all(tag, class_name, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag}.{class_name} {attributes}"
        return found[0]

    def by_id(self, name: str) -> Element | None:
        return next((element for element in self.elements if element.get("id") == name), None)

    def repeated_ids(self) -> list[str]:
        counts = Counter(element.get("id") for element in self.elements if element.get("id"))
        return [name for name, count in counts.items() if count > 1]

    def broken_references(self) -> list[str]:
        """Every id that something points at and that is nowhere on the page."""
        present = {element.get("id") for element in self.elements}
        wanted = []
        for element in self.elements:
            for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for", "form"):
                wanted += element.get(name).split()
            if element.get("href").startswith("#"):
                wanted.append(element.get("href")[1:])
        return [name for name in wanted if name not in present]

    def unlabelled(self) -> list[str]:
        labelled = {label.get("for") for label in self.all("label") if label.text}
        return [
            control.get("name")
            for control in self.elements
            if control.tag in {"input", "select", "textarea"}
            and control.get("type") not in {"hidden", "submit"}
            and control.get("id") not in labelled
            and not control.get("aria-label")
        ]

    def summary_links(self) -> list[Element]:
        return [
            link
            for link in self.all("a")
            if any("nhsuk-error-summary" in parent.get("class").split() for parent in link.parents)
        ]
