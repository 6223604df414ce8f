"""The emulator is pinned and patched by its private names: a change of its version or of one of them must be loud."""

import ast
import json
import subprocess
from pathlib import Path

import pytest

from local.emulator import VERSION
from local.environment import PROJECT
from local.postoffice import EMULATOR_PYTHON

PACKAGE = PROJECT / "local" / "emulator"
REQUEST = "method path headers body query_params"
# What is replaced, with the parameters that the replacement must take.
REPLACED = {
    "ministack.app._enforce_ses_v2": f"{REQUEST} request_id",
    "ministack.app.app": "scope receive send",
    "ministack.app.save_all": "services",
    "ministack.core.iam_actions.dynamodb_service_context": "body",
    "ministack.core.iam_actions.dynamodb_transaction_checks": "iam_action body region account_id",
    "ministack.core.iam_actions.extract_iam_action": f"service {REQUEST}",
    "ministack.core.iam_actions.extract_resource_arn": f"service {REQUEST} region account_id",
    "ministack.core.iam_actions.s3_service_context": "iam_action query_params path headers",
    "ministack.core.iam_evaluator.enforce": "access_key_id iam_action service region resource_arn service_context",
    "ministack.core.lambda_runtime._detect_runtime_binary": "runtime",
    "ministack.core.lambda_runtime.Worker._drain_stderr_bounded": "self first_line_wait idle_confirm hard_cap",
    "ministack.services.apigateway_v1._media_type_matches": "media_type binary_media_types",
    "ministack.services.apigateway_v1._rest_api_view": "api",
    "ministack.services.dynamodb._evaluate_condition": "expr item attr_values attr_names slot",
    "ministack.services.lambda_svc._emit_lambda_logs": "func request_id log_text error duration_ms log_source",
    "ministack.services.lambda_svc.invoke_async_with_retry": "func event",
    "ministack.services.s3._persist_object": "bucket key obj",
    "ministack.services.ses.handle_request": REQUEST,
    "ministack.services.ses_v2.handle_request": REQUEST,
    "ministack.services.sns._deliver_to_lambda": "endpoint envelope topic_arn sub_arn msg_id raw_message message_attributes",
    "ministack.services.sqs.handle_request": REQUEST,
}
RESOLVE = """
import functools, importlib, inspect, json, sys
def find(name):
    module, rest = name, []
    while module:
        try:
            return functools.reduce(getattr, rest, importlib.import_module(module))
        except ModuleNotFoundError:
            module, _, last = module.rpartition(".")
            rest.insert(0, last)
names, replaced = json.load(sys.stdin)
missing = []
for name in names:
    try:
        find(name)
    except AttributeError:
        missing.append(name)
json.dump([missing, {name: ' '.join(inspect.signature(find(name)).parameters) for name in replaced}], sys.stdout)
"""


def names_in(source: Path) -> set[str]:
    """Every attribute that a module of local/emulator/ takes from a module of ministack."""
    tree = ast.parse(source.read_text())
    modules = {
        name.asname or name.name: f"{node.module}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ministack")
        for name in node.names
    }
    taken = {
        f"{modules[node.value.id]}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules
    }
    return taken | set(modules.values())


@pytest.fixture(scope="module")
def found() -> tuple[list[str], dict[str, str]]:
    names = sorted(set().union(*(names_in(source) for source in PACKAGE.glob("*.py"))))
    assert len(names) > 60
    asked = subprocess.run(
        [str(EMULATOR_PYTHON), "-c", RESOLVE],
        input=json.dumps([names, list(REPLACED)]),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    missing, signatures = json.loads(asked.stdout)
    return missing, signatures


def test_it_is_the_pinned_version() -> None:
    script = "from importlib.metadata import version; print(version('ministack'))"
    installed = subprocess.run([str(EMULATOR_PYTHON), "-c", script], capture_output=True, text=True, check=True, timeout=60).stdout.strip()
    assert installed == VERSION
    assert f"ministack=={VERSION}\n" in (PROJECT / "local" / "emulator-requirements.txt").read_text()


def test_every_private_name_is_still_there(found: tuple[list[str], dict[str, str]]) -> None:
    assert found[0] == []


def test_what_is_replaced_still_takes_the_same_arguments(found: tuple[list[str], dict[str, str]]) -> None:
    assert found[1] == REPLACED


def test_another_version_is_refused_with_a_sentence() -> None:
    script = "import local.emulator, runpy; local.emulator.VERSION = '9.9.9'; runpy.run_module('local.emulator.__main__')"
    refused = subprocess.run([str(EMULATOR_PYTHON), "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"The local AWS needs ministack 9.9.9, but {VERSION} is installed")
