"""`make undeploy`: takes away what is not retained, in the order in which nothing is left pointing at what is gone.

The bucket, the table and the secrets stay: they are the mailbox and its key. A deployment later on finds them by their names.
"""

from cdk_infra.deployment import CERTIFICATE_REGION
from deploy.functions import remove_function
from deploy.preflight import find_zone, refuse_another
from deploy.receiving import deactivate, own_rule_set
from deploy.records import give_mx_back, note_present
from deploy.removal import delete_stack, empty_bucket
from deploy.step import Step, take
from deploy.work import Work

LEFT = """Left in the account, because a mailbox is in it or others may use it:
  the bucket {bucket} with all mail, and the table {table}
  the bucket {zips}, empty now, which keeps its name from being taken by others
  the secrets {auth}, {jwt} and {origin}, the budget, what CDK itself needs, your Route 53 zone
Deploy again, and all mail is there again. What the bucket costs goes on."""


def look_around(work: Work) -> str:
    """A domain that is delegated elsewhere by now must not keep anybody from leaving."""
    refuse_another(work)
    for domain in work.deployment.domains:
        find_zone(work, domain)
    note_present(work)
    return f"Account {work.account.number}, region {work.deployment.region}."


def stop_receiving(work: Work) -> str:
    domains = ", ".join(work.deployment.domains)
    if deactivate(work.client("ses"), own_rule_set(work.deployment)):
        return f"Mail to {domains} bounces from now on."
    return f"Mail to {domains} bounces as soon as our receipt rule is gone."


def remove_webmail(work: Work) -> str:
    empty_bucket(work.client("s3"), work.deployment.static_bucket, work.account.number)
    delete_stack(work.client("cloudformation"), work.deployment.webmail_stack)
    return "Nobody is answered any more."


def remove_functions(work: Work) -> str:
    for stage in ("production", "sender", "indexer"):
        remove_function(work, stage)
    empty_bucket(work.client("s3"), work.deployment.zappa_bucket, work.account.number)
    work.client("ssm").delete_parameters(Names=[work.deployment.api_id_parameter])
    return "The three functions are gone, and their zips."


def remove_email(work: Work) -> str:
    for sentence in give_mx_back(work):
        work.progress.say(sentence)
    delete_stack(work.client("cloudformation"), work.deployment.email_stack)
    return "SES forgets the domain; what else the zone said stays, SPF as it was merged."


def remove_storage(work: Work) -> str:
    delete_stack(work.client("cloudformation"), work.deployment.storage_stack)
    return "Queues, roles and logs are gone. Bucket and table stay."


def remove_certificate(work: Work) -> str:
    delete_stack(work.client("cloudformation", CERTIFICATE_REGION), work.deployment.certificate_stack)
    return "Gone, if a stack made it; one that you proved by hand stays."


REMOVALS = (
    Step("Look", "account, region, zones", look_around),
    Step("Receiving", "the receipt rule set", stop_receiving),
    Step("Webmail", "CloudFront and its files", remove_webmail),
    Step("Functions", "pages, sender, indexer", remove_functions),
    Step("Email", "identity, rule, records", remove_email),
    Step("Storage", "all but the mail and its index", remove_storage),
    Step("Certificate", "of the webmail's host", remove_certificate),
)


def undeploy(work: Work) -> None:
    deployment = work.deployment
    take(REMOVALS, work)
    secrets = {"auth": deployment.auth_secret, "jwt": deployment.jwt_secret, "origin": deployment.origin_secret}
    work.progress.say(LEFT.format(bucket=deployment.bucket, table=deployment.table, zips=deployment.zappa_bucket, **secrets))
