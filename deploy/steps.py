"""The steps of a deployment in their order (docs/ARCHITECTURE.md, "On AWS"): each may run again, and none waits for a person."""

from cdk_infra.deployment import CERTIFICATE_REGION
from deploy.budget import set_budget
from deploy.certificate import certificate
from deploy.checked import check
from deploy.functions import collect, deploy_function, upload_static
from deploy.left_out import list_left_out
from deploy.origin import show_secret
from deploy.outside import print_records, print_webmail_name
from deploy.parameters import ORIGIN, make_missing, read
from deploy.preflight import preflight
from deploy.receiving import activate, own_rule_set
from deploy.records import merge_spf, point_mx
from deploy.step import Step, take
from deploy.work import Work
from deploy.zip_bucket import zip_bucket


def secrets(work: Work) -> str:
    made, words = make_missing(work.client("ssm")), work.deployment.words
    return f"Made {', '.join(made)}; `make secret {words}` shows a new login secret." if made else "All are there and stay as they are."


def toolkit(work: Work) -> str:
    regions = dict.fromkeys((work.deployment.region, CERTIFICATE_REGION))
    made = [region for region in regions if work.cdk.bootstrap(region)]
    return f"Made in {' and '.join(made)}." if made else "It is there."


def storage(work: Work) -> str:
    work.deploy_stack("StorageStack")
    return f"Mail is kept in {work.deployment.bucket}, its index in {work.deployment.table}."


def email(work: Work) -> str:
    work.deploy_stack("EmailStack")
    for sentence in merge_spf(work):
        work.progress.say(sentence)
    return "SES knows the domain; mail still goes where it went before."


def webmail(work: Work) -> str:
    work.deploy_stack("WebmailStack")
    print_webmail_name(work)
    return f"CloudFront answers at {work.deployment.webmail_url}/."


def origin_secret(work: Work) -> str:
    return show_secret(work.client("cloudfront"), work.deployment.webmail_host, read(work.client("ssm"), ORIGIN))


def receiving(work: Work) -> str:
    deployment = work.deployment
    rules = [deployment.rule(domain) for domain in deployment.domains]
    return activate(work.client("ses"), own_rule_set(deployment), rules)


def budget(work: Work) -> str:
    return set_budget(work.client("budgets", CERTIFICATE_REGION), work.account.number, work.deployment.alerts)


STEPS = (
    Step("Preflight", "credentials, region, domain, what is there already", preflight),
    Step("Secrets", "login, tokens, CloudFront's word to the webmail, in SSM", secrets),
    Step("Toolkit", "what CDK needs in this account", toolkit),
    Step("Certificate", "for the webmail's host", certificate),
    Step("Storage", "bucket, table, queues, roles", storage),
    Step("Email", "identity, DKIM, receipt rule; not yet the MX", email),
    Step("Static files", "style, scripts and icons, for pages to come", lambda work: f"{collect(work)} {upload_static(work)}"),
    Step("Zips", "the bucket that code comes by", zip_bucket),
    Step("Indexer", "the function that indexes mail", lambda work: deploy_function(work, "indexer")),
    Step("Left out", "mail that came while the indexer changed", list_left_out),
    Step("Sender", "the function that sends mail", lambda work: deploy_function(work, "sender")),
    Step("Pages", "the function that answers browsers", lambda work: deploy_function(work, "production")),
    Step("DNS elsewhere", "the records you set yourself", print_records),
    Step("Webmail", "CloudFront before the pages, a bucket for static files", webmail),
    Step("Origin", "what keeps everybody but CloudFront out", origin_secret),
    Step("Static files", "into their bucket", upload_static),
    Step("Receiving", "the receipt rule set in force", receiving),
    Step("MX", "who brings your mail here", point_mx),
    Step("Budget", "a mail to you before it gets dear", budget),
    Step("Check", "everything once more, as the world sees it", check),
)


def deploy(work: Work) -> None:
    take(STEPS, work)
