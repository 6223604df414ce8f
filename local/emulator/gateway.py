"""API Gateway REST as Zappa uses it: binary media types.

Zappa patches `/binaryMediaTypes/*~1*`; ministack stores the JSON pointer's `~1` undecoded, so no type ever matches and binary
answers break. And `*/*` must match a request that carries no Accept header.
"""

from collections.abc import Iterable
from typing import Any

from ministack.services import apigateway_v1


def decoded(patterns: Iterable[str] | None) -> list[str]:
    return [pattern.replace("~1", "/") for pattern in patterns or ()]


def install() -> None:
    matches, view = apigateway_v1._media_type_matches, apigateway_v1._rest_api_view

    def media_type_matches(media_type: str, patterns: Iterable[str] | None) -> bool:
        wanted = decoded(patterns)
        return "*/*" in wanted or bool(matches(media_type, wanted))

    def rest_api_view(api: dict[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = dict(view(api))
        if shown.get("binaryMediaTypes"):
            shown["binaryMediaTypes"] = decoded(shown["binaryMediaTypes"])
        return shown

    apigateway_v1._media_type_matches = media_type_matches
    apigateway_v1._rest_api_view = rest_api_view
