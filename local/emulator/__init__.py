"""The local AWS: ministack, pinned, with what it lacks. Runs in a virtual environment of its own: `python -m local.emulator`.

ministack keeps its services in private names of its modules; every patch here says what it repairs. A test fails loudly
when the version or one of those names changes (tests/aws/test_local_emulator.py). Nothing here is imported by the project.
"""

VERSION = "1.5.33"
