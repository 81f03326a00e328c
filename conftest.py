"""Tests run on a real PostgreSQL: the one ``DENIZEN_DATABASE`` or ``DATABASE_URL`` names, else an embedded one."""

pytest_plugins = ["denizen.config.testing", "denizen.shell.browser_for_tests", "tests.coverage_page"]
