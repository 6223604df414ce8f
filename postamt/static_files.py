"""How static files are stored: under names that carry a hash, so that a browser may keep each for ever."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedFiles(ManifestStaticFilesStorage):
    """Also inside of scripts, so that a module that others import is the one the page itself loads."""

    support_js_module_import_aggregation = True
