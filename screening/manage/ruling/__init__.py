"""The rule editor: the table of rules, one page for each, its definitions and its reference tables."""
