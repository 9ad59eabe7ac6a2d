"""The two ways in which CQL text can go wrong: when it is read, and when it is evaluated."""


class CqlError(Exception):
    """A text was refused before anything was evaluated. `str()` is a sentence that names the place.

    The parts are attributes as well, so that an editor can mark the place and offer the suggestion.
    """

    def __init__(
        self, message: str, *, line: int = 1, column: int = 1, construct: str = "", suggestion: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.construct = construct
        self.suggestion = suggestion

    def __str__(self) -> str:
        sentence = f"Line {self.line}, column {self.column}: {self.message}"
        return f"{sentence} {self.suggestion}" if self.suggestion else sentence


class EvaluationFailure(Exception):
    """An expression has no value for these answers, and the specification asks for a run-time error.

    It never leaves an evaluation: the definition becomes null and the sentence is kept beside it.
    """
