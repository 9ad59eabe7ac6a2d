"""Run worked cases against the versions in use and say, for each, what matches and what differs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from pydantic import ValidationError

from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.seed_files import read_definition, seed_content
from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.definition import CaseFile, Questionnaire, RuleSet
from screening.rules.library import DefinitionError
from screening.rules.vignettes import CaseResult, run_cases


class Command(BaseCommand):
    help = (
        "Runs a file of worked cases, or those that a rule set carries, against the published versions "
        "and prints what matches and what differs. Exit code 1 on any difference."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="a YAML file; without it the rule set's own cases"
        )
        parser.add_argument("--seed", action="store_true", help="judge by the definitions in seed/")
        parser.add_argument("--site", help="the site whose published versions are used (its slug)")
        parser.add_argument("--ruleset", default=None, help="without a file: the code of the rule set")

    def handle(self, *args: Any, **options: Any) -> None:
        given = _case_file(options["file"]) if options["file"] else None
        code = given.ruleset if given else options["ruleset"]
        contents, where = self._contents(
            code, given.questionnaire if given else None, seed=options["seed"], site=options["site"]
        )
        compiled = _compiled(*contents)
        file = given or compiled.ruleset.worked_cases()
        if file is None:
            raise CommandError(f"The rule set {compiled.ruleset.code} carries no worked cases; name a file.")
        self.stdout.write(f"{len(file.cases)} cases, judged by {where}.")
        results = run_cases(compiled, file)
        for result in results:
            self._print(result)
        failed = sum(not result.passed for result in results)
        self.stdout.write(f"{len(results) - failed} of {len(results)} exact.")
        if failed or not results:
            raise CommandError(
                f"{failed} of {len(results)} cases differ." if results else "There are no cases."
            )

    def _contents(
        self, ruleset: str | None, questionnaire: str | None, *, seed: bool, site: str | None
    ) -> tuple[tuple[Any, Any], str]:
        """The two definitions and a sentence saying where they come from."""
        if not seed:
            try:
                published = _published(ruleset, questionnaire, site)
            except DatabaseError:
                if site:
                    raise CommandError("The database cannot be read.") from None
                self.stdout.write("The database cannot be read, so the definitions in seed/ are used.")
            else:
                if published:
                    return published
                if site:
                    raise CommandError(f"The site {site} has not published these definitions.")
                self.stdout.write("Nothing is published, so the definitions in seed/ are used.")
        try:
            rules = seed_content(Kind.RULESET, ruleset)
            questions = seed_content(Kind.QUESTIONNAIRE, questionnaire or rules["questionnaire"])
        except (LookupError, ValueError) as error:
            raise CommandError(str(error)) from error
        return (questions, rules), "the definitions in seed/"

    def _print(self, result: CaseResult) -> None:
        mark = "ok " if result.passed else "NOT"
        self.stdout.write(f"{mark} {result.case.id}  {result.case.title}")
        self.stdout.write(f"      matches: {', '.join(result.matches) or 'nothing'}")
        for difference in result.differences:
            self.stdout.write(
                f"      differs: {difference.field}: expected {difference.expected}, got {difference.actual}"
            )


def _case_file(path: Path) -> CaseFile:
    """The file as cases; any mistake in it is a sentence that names the place."""
    try:
        return CaseFile.model_validate(read_definition(path))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise CommandError(f"{path.name} is not a file of worked cases.\n{_mistakes(error)}") from error
    except ValueError as error:
        raise CommandError(str(error)) from error


def _compiled(questionnaire: Any, ruleset: Any) -> CompiledRuleSet:
    try:
        return compile_ruleset(Questionnaire.model_validate(questionnaire), RuleSet.model_validate(ruleset))
    except ValidationError as error:
        raise CommandError(f"A definition is not valid.\n{_mistakes(error)}") from error
    except DefinitionError as error:
        raise CommandError(f"A definition cannot be used. {error}") from error


def _mistakes(error: ValidationError) -> str:
    lines = []
    for mistake in error.errors():
        place = ".".join(str(part) for part in mistake["loc"])
        lines.append(f"  {place or 'the whole file'}: {mistake['msg']}")
    return "\n".join(lines)


def _published(
    ruleset: str | None, questionnaire: str | None, site: str | None
) -> tuple[tuple[Any, Any], str] | None:
    """The published rule set and the questionnaire it judges, of the first site that has both."""
    versions = DefinitionVersion.objects.filter(status=VersionStatus.PUBLISHED).select_related("site")
    if site:
        versions = versions.filter(site__slug=site)
    rules = versions.filter(kind=Kind.RULESET)
    if ruleset:
        rules = rules.filter(code=ruleset)
    for rule_version in rules.order_by("site_id", "code"):
        code = questionnaire or rule_version.content["questionnaire"]
        question_version = versions.filter(site=rule_version.site, kind=Kind.QUESTIONNAIRE, code=code).first()
        if question_version:
            where = (
                f"{ruleset or rule_version.code} version {rule_version.number} and {code} version "
                f"{question_version.number} as published by {rule_version.site.slug}"
            )
            return (question_version.content, rule_version.content), where
    return None
