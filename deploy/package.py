"""What goes into the zip of a function: named files of the project, and of its packages what runs on Lambda, compiled.

`lay_out` puts the project's part into a folder of its own, where Zappa finds nothing else to pack: neither secrets nor the mail of a
local post office can slip in. `prune` is Zappa's `zip` callback. Zappa dates all it packs 1980, by which Python takes every .pyc for
stale and compiles at each cold start; so modules are packed as code alone (.pyc without .py), which Python never looks behind.
"""

import compileall
import gzip
import json
import py_compile
import re
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from deploy.places import MANIFEST, PROJECT, STATIC
from deploy.trouble import CannotDeploy

IN_EACH = ("postamt/*.py", "mailbox", "indexer", "sender", "local/__init__.py")  # `local` is an installed app for its command alone
IN_WEB = ("templates",)
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "management")
RUNS_IN = "/var/task"  # where Lambda unpacks a zip; tracebacks name files by it

LONGEST_ZIP = 8 * 1024 * 1024
SERVICES = ["dynamodb", "s3", "secretsmanager", "sesv2", "sqs", "ssm", "sts"]  # of the 400 that boto3 knows
NEVER_READ = (
    # Zappa's command line, what only that needs, and what it notes of the machine that packs
    r"(_distutils_hack|_yaml|argcomplete|certifi|cfn_clean|cfn_flip|cfn_tools|click|hjson|pip|pkg_resources|placebo)/",
    r"(requests|setuptools|slugify|text_unidecode|toml|tqdm|troposphere|wheel|yaml)/",
    r"zappa/(asynchronous|cli|core|letsencrypt)\.py$",
    r"(distutils-precedence\.pth|django_zappa_app\.py|handler\.py|package_info\.json)$",
    # what is for people, for type checkers, or stale
    r".*\.(md|po|pyc|pyi|rst|typed)$",
    r".*\.dist-info/",
    r"(csp/tests|werkzeug/debug)/",
    r"packaging/(?!(__init__|_structures|version)\.py$)",
    r"tzdata/zoneinfo/[^/]+\.(tab|zi)$",
    rf"botocore/data/(?!({'|'.join(SERVICES)})/)[^/]+/",
    r"botocore/data/.*/(examples|waiters)-[^/]*$",
    r"(boto3/(data|examples)|charset_normalizer/cli|urllib3/contrib/emscripten)/",
    # Django without databases, commands, and pages of its own
    r"django/contrib/(?!staticfiles/)[^/]+/",
    r"django/(core/management/commands|db/backends/(mysql|oracle|postgresql|sqlite3)|db/migrations|test)/",
    r"django/conf/((app|project)_template/|locale/(?!en/|__init__))",
    r".*/locale/(?!en/|__init__)[^/]+/LC_MESSAGES/",
)
ONLY_WEB = (r"(_?brotli|durationpy|markupsafe|werkzeug|zappa)\b",)  # the others answer no browser, and no gateway


def lay_out(stage: str, folder: Path, static: Path = STATIC) -> None:
    """Fills `folder` anew with what the project puts into the zip of `stage`."""
    shutil.rmtree(folder, ignore_errors=True)
    for pattern in IN_EACH + (IN_WEB if stage == "production" else ()):
        for path in PROJECT.glob(pattern):
            copy(path, folder / path.relative_to(PROJECT))
    if stage == "production":
        copy(static / MANIFEST, folder / STATIC.relative_to(PROJECT) / MANIFEST)  # the names of the files in their bucket


def copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.copytree(path, target, ignore=LEFT_BEHIND)
    else:
        shutil.copyfile(path, target)


def is_kept(name: str, stage: str) -> bool:
    patterns = NEVER_READ if stage == "production" else NEVER_READ + ONLY_WEB
    return not any(re.match(pattern, name) for pattern in patterns)


def prune(zappa: Any) -> None:
    """Zappa's `zip` callback: replaces the zip it has just made."""
    path = Path(zappa.zip_path)
    rewrite(path, path, zappa.api_stage)
    size = path.stat().st_size
    if size > LONGEST_ZIP:
        raise CannotDeploy(f"{path.name} has {size:,} bytes, more than the {LONGEST_ZIP:,} it may have: see what deploy/package.py keeps.")


def rewrite(source: Path, target: Path, stage: str) -> None:
    with tempfile.TemporaryDirectory(prefix="postamt-zip-") as name:
        folder = Path(name)
        with zipfile.ZipFile(source) as archive:
            archive.extractall(folder, [name for name in archive.namelist() if is_kept(name, stage)])
        shorten_models(folder / "botocore" / "data")
        compile_in(folder)
        write_zip(folder, target)


def shorten_models(data: Path) -> None:
    """botocore reads these at each start: without the documentation, which is nine tenths of them, and without other services' hosts."""
    for path in data.rglob("*.json.gz"):
        model = json.loads(gzip.decompress(path.read_bytes()), object_hook=undocumented)
        path.with_suffix("").write_text(json.dumps(model))
        path.unlink()
    hosts = json.loads((data / "endpoints.json").read_text())
    for partition in hosts["partitions"]:
        partition["services"] = {name: service for name, service in partition["services"].items() if name in SERVICES}
    (data / "endpoints.json").write_text(json.dumps(hosts))


def undocumented(model: dict[str, Any]) -> dict[str, Any]:
    """A text, that is: what describes a field of that name is an object. Some are asked for, so they stay as empty ones."""
    return {name: "" if name == "documentation" and isinstance(value, str) else value for name, value in model.items()}


def compile_in(folder: Path) -> None:
    compiled = compileall.compile_dir(
        folder,
        quiet=1,
        stripdir=str(folder),
        prependdir=RUNS_IN,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        legacy=True,  # x.pyc where x.py was, not in __pycache__
        maxlevels=32,
    )
    if not compiled:
        raise CannotDeploy("A module cannot be compiled, see above: the functions would fail at their start.")
    for path in folder.rglob("*.py"):
        path.unlink()


def write_zip(folder: Path, target: Path) -> None:
    """The same content makes the same bytes."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
