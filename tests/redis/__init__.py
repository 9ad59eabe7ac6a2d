"""The real broker of an installation. A lane of its own: where no redis-server is installed it is skipped.

It says so, with the command that installs it. `tests/chaos`, where nothing may be skipped, does the same to
the broker of files. Nothing here downloads anything.
"""
