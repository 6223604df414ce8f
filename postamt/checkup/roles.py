"""The three roles: each trusted by nobody but its service, and allowed what cdk_infra/policies/ says, neither less nor more."""

from functools import partial
from typing import Any

from cdk_infra.deployment import ROLES
from cdk_infra.grants import grants_of
from postamt.checkup.deployed import Deployed
from postamt.checkup.line import Finding, Line, bad, good
from postamt.checkup.statements import Document, decoded, missing_from, statements

LAMBDA = "lambda.amazonaws.com"
TRUSTED = {"web": {LAMBDA, "apigateway.amazonaws.com"}, "indexer": {LAMBDA}, "sender": {LAMBDA}}


def role(name: str, deployed: Deployed) -> Finding:
    called = deployed.deployment.role(name)
    iam = deployed.client("iam")
    trusted = services_in(decoded(iam.get_role(RoleName=called)["Role"]["AssumeRolePolicyDocument"]))
    if trusted != TRUSTED[name]:
        return bad(f"{called} is trusted by {', '.join(sorted(trusted)) or 'nobody'}, not by {', '.join(sorted(TRUSTED[name]))}.")
    present, wanted = grants(iam, called), grants_of(name, deployed.deployment)
    if missing := missing_from(present, wanted):
        return bad(f"{called} may not do all it needs: {', '.join(missing)}.")
    if extra := missing_from(wanted, present):
        todo = f"Remove in the IAM console what cdk_infra/policies/{name}.json does not say."
        return bad(f"{called} may do more than it needs: {', '.join(extra)}.", todo)
    return good(f"{called} may do what it needs, and no more.")


def services_in(trust: Document) -> set[str]:
    """Whom a trust policy names; whoever is no service is named in full."""
    found: set[str] = set()
    for statement in statements(trust):
        principals = statement.get("Principal", {})
        for names in principals.values() if isinstance(principals, dict) else [principals]:
            found |= {names} if isinstance(names, str) else set(names)
    return found


def grants(iam: Any, called: str) -> Document:
    """All statements of a role, inline and attached."""
    inline = [iam.get_role_policy(RoleName=called, PolicyName=name) for name in iam.list_role_policies(RoleName=called)["PolicyNames"]]
    documents = [found["PolicyDocument"] for found in inline]
    for attached in iam.list_attached_role_policies(RoleName=called)["AttachedPolicies"]:
        version = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]["DefaultVersionId"]
        documents.append(iam.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"])
    return {"Statement": [statement for document in documents for statement in statements(decoded(document))]}


LINES = tuple(Line(f"role-{name}", partial(role, name)) for name in ROLES)
