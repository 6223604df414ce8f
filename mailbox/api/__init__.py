"""The JSON API, `/api/`: for programs of the owner, with a bearer token instead of the pages' cookie.

An `Endpoint` (endpoint.py) stands behind each URL and says in dataclasses what may be asked of it. A request is held to just what they say
(shapes.py), and `/api/openapi.json` describes just that (document.py): the two cannot differ. Reading here marks nothing as seen.
"""
