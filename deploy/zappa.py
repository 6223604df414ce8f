"""Runs Zappa for one stage: `package` makes its zip, `deploy_stage` brings it to AWS, `remove_stage` takes it away again.

Zappa packs the virtual environment it runs in, so it runs from .venv-lambda, which holds what the functions need and nothing else. It
deploys a function that is not there yet and updates one that is; a person may repeat either at any time.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cdk_infra.deployment import Deployment
from deploy.fingerprint import fingerprint, forget, is_made_from, note
from deploy.looks import exists, status_of
from deploy.package import lay_out
from deploy.places import BUILD, MANIFEST, PROJECT, STATIC
from deploy.trouble import CannotDeploy
from deploy.zappa_settings import settings_in, write_settings

VENV = PROJECT / ".venv-lambda"
PACKED_BY = (PROJECT / "requirements.txt", PROJECT / "deploy" / "package.py", VENV / "pyvenv.cfg")  # what else a zip depends on
USELESS = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"}  # stacks that can only be deleted
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
Say = Callable[[str], None]


def silent(_line: str) -> None:
    return None


def runtime_of(venv: Path = VENV) -> str:
    """As Lambda calls the Python that runs in `venv`: what compiled the zip must run it."""
    if sys.platform != "linux":
        raise CannotDeploy("The functions run on Linux and hold compiled packages: run this on Linux, for example in a container.")
    found = re.search(r"^version\s*=\s*(\d+\.\d+)", (venv / "pyvenv.cfg").read_text(), re.MULTILINE)
    if found is None:
        raise CannotDeploy(f"{venv} does not say which Python it is for: delete it and run this again.")
    return f"python{found[1]}"


def collect_static(say: Say = silent, build: Path = BUILD) -> Path:
    """The folder of static files under their hashed names. All of it goes to the static bucket; the zip holds the manifest alone."""
    static = build / STATIC.name
    environment = {"PATH": os.environ["PATH"], "POSTAMT_STATIC_ROOT": str(static), "DJANGO_SETTINGS_MODULE": "postamt.settings"}
    arguments = ["-m", "django", "collectstatic", "--noinput", "--clear", "--verbosity=0"]
    run([str(VENV / "bin" / "python"), *arguments], environment, PROJECT, say)
    return static


def package(
    deployment: Deployment, stage: str, environment: Mapping[str, str] = os.environ, say: Say = silent, build: Path = BUILD
) -> Path:
    """The zip of a stage. It holds names and no secret, so it may lie about."""
    settings = write_settings(deployment, runtime_of(), environment.get("AWS_ENDPOINT_URL", ""), build)[stage]
    static = build / STATIC.name
    if stage == "production" and not (static / MANIFEST).exists():
        collect_static(say, build)
    folder, zipped = layout_in(build, stage), build / "lambda" / f"{function_of(stage)}.zip"
    lay_out(stage, folder, static)
    made_from = fingerprint(settings, [folder, *PACKED_BY])
    if is_made_from(zipped, made_from):
        say(f"Nothing changed since {zipped.name} was packed.")
        return zipped
    forget(zipped)  # one that is cut off must not pass for whole
    call_zappa(["package", stage, "--output", str(zipped)], environment, folder, say)
    note(zipped, made_from)
    return zipped


def deploy_stage(deployment: Deployment, stage: str, client: Callable[[str], Any], say: Say) -> None:
    """Packs the stage and brings it to AWS. `client` makes a boto3 client of the account by the name of its service."""
    zipped, function = package(deployment, stage, say=say), function_of(stage)
    if stage == "production":
        clear_half_made(function, client)
    verb = "update" if exists(client("lambda").get_function, FunctionName=function) else "deploy"
    call_zappa([verb, stage, "--zip", str(zipped)], os.environ, layout_in(BUILD, stage), say)


def remove_stage(deployment: Deployment, stage: str, client: Callable[[str], Any], say: Say) -> None:
    if not exists(client("lambda").get_function, FunctionName=function_of(stage)):
        return
    write_settings(deployment, runtime_of(), os.environ.get("AWS_ENDPOINT_URL", ""))
    layout_in(BUILD, stage).mkdir(parents=True, exist_ok=True)
    call_zappa(["undeploy", stage, "--yes"], os.environ, layout_in(BUILD, stage), say)


def function_of(stage: str) -> str:
    """As Zappa calls it: by project and stage."""
    return f"postamt-{stage}"


def layout_in(build: Path, stage: str) -> Path:
    """Where Zappa works: it packs all of its folder, and finds the settings two above it."""
    return build / "lambda" / stage


def clear_half_made(function: str, client: Callable[[str], Any]) -> None:
    """A deployment that ended between the function and its API: Zappa would go on with neither. The function holds nothing."""
    formation = client("cloudformation")
    status = status_of(formation, function)
    if status in USELESS:
        formation.delete_stack(StackName=function)
        formation.get_waiter("stack_delete_complete").wait(StackName=function)
    if (not status or status in USELESS) and exists(client("lambda").get_function, FunctionName=function):
        client("lambda").delete_function(FunctionName=function)


def call_zappa(arguments: Sequence[str], environment: Mapping[str, str], folder: Path, say: Say) -> None:
    surroundings = {
        **environment,
        "VIRTUAL_ENV": str(VENV),
        "PATH": f"{VENV / 'bin'}:{environment.get('PATH', os.defpath)}",
        "PYTHONPATH": str(PROJECT),  # where the callbacks are; Zappa packs its working folder
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    verb, *rest = arguments
    options = ["--settings_file", str(settings_in(folder.parent.parent)), "--disable_progress"]
    options.append("--json")  # it asks nobody for a newer Zappa
    run([str(VENV / "bin" / "zappa"), "--color", "never", verb, *rest, *options], surroundings, folder, say)


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path, say: Say) -> None:
    """Hands each line on as it comes; when the command fails, the last ones are part of the sentence."""
    last: list[str] = []
    with subprocess.Popen(
        command, cwd=folder, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            text = COLOURS.sub("", line).rstrip()
            say(text)
            last = [*last[-9:], text]
    if process.returncode:
        raise CannotDeploy("\n".join([f"{' '.join(command[:4])} failed:", *last]))
