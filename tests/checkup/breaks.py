"""How to break the one thing that a line of the check looks at: `BREAKS[name]` for each line."""

from tests.checkup import break_account as account
from tests.checkup import break_mail as mail
from tests.checkup import world as made
from tests.checkup.broken import Break, answer
from tests.checkup.world import DOMAIN, NAMES

SNS_ACTION = {"SNSAction": {"TopicArn": NAMES.topic_arn(NAMES.receipts_topic), "Encoding": "UTF-8"}}
ELSEWHERE = {"S3Action": {"BucketName": NAMES.bucket, "ObjectKeyPrefix": "mail/"}}

BREAKS: dict[str, Break] = {
    "mx": lambda world: mail.served(world, DOMAIN, "MX", "10 mail.elsewhere.example."),
    "spf": lambda world: mail.served(world, DOMAIN, "TXT", '"v=spf1 include:elsewhere.example ~all"'),
    "dkim-names": mail.dkim_name,
    "dmarc": lambda world: mail.served(world, f"_dmarc.{DOMAIN}", "TXT", '"a word"'),
    "mail-from-names": lambda world: mail.served(world, NAMES.mail_from(DOMAIN), "MX"),
    "webmail-name": lambda world: mail.served(world, NAMES.webmail_host, "A"),
    "identity": mail.identity(VerifiedForSendingStatus=False),
    "dkim": mail.dkim_pending,
    "mail-from": mail.identity(MailFromAttributes={"MailFromDomain": NAMES.mail_from(DOMAIN), "MailFromDomainStatus": "PENDING"}),
    "configuration-set": mail.identity(ConfigurationSetName="another"),
    "sending-events": mail.events,
    "rule-set": mail.no_active_rule_set,
    "rule-recipients": mail.rule(Recipients=["elsewhere.example"]),
    "rule-stores": mail.rule(Actions=[ELSEWHERE]),
    "rule-tls": mail.rule(TlsPolicy="Optional"),
    "rule-scanning": mail.rule(ScanEnabled=False),
    "rule-no-sns": mail.rule(Actions=[*made.RULE["Actions"], SNS_ACTION]),
    "bucket-versioning": mail.versioning,
    "bucket-public-access": mail.public_access,
    "bucket-encryption": lambda world: answer(
        world, "s3", "GetBucketEncryption", lambda parsed: parsed.update(ServerSideEncryptionConfiguration={"Rules": []})
    ),
    "bucket-policy": mail.bucket_policy,
    "bucket-lifecycle": mail.lifecycle,
    "table": mail.table,
    "table-recovery": mail.recovery,
    "table-expiry": mail.expiry,
    "table-protection": mail.deletion_protection,
    "role-web": account.role("web", account.and_send),
    "role-indexer": account.role("indexer", account.but_the_first),
    "role-sender": account.trusted_by_others,
    "functions": account.function(NAMES.sender_function, {"Role": NAMES.role_arn("web")}, {"Role": NAMES.role_arn("sender")}),
    "function-settings": account.function(
        NAMES.indexer_function,
        {"Environment": {"Variables": made.VARIABLES | {"POSTAMT_TABLE": "postamt-1"}}},
        {"Environment": {"Variables": made.VARIABLES}},
    ),
    "bucket-notification": account.notification,
    "topics": account.topic,
    "failed-events": account.failed_events,
    "queue": account.redrive,
    "sender-mapping": account.mapping,
    "schedules": account.clock,
    "certificate": account.certificate_asked_for,
    "page": lambda world: account.page(world, status=502),
    "page-policy": lambda world: account.page(world, headers=account.without("content-security-policy")),
    "page-https": lambda world: account.page(world, headers=account.without("strict-transport-security")),
    "page-cookies": lambda world: account.page(world, cookies=(made.COOKIE.replace("HttpOnly; ", ""),)),
    "throttling": account.unlimited,
    "secret-login": account.parameter(NAMES.auth_secret, "short"),
    "secret-tokens": account.parameter(NAMES.jwt_secret, "short"),
    "secret-origin": lambda world: answer(world, "ssm", "GetParameter", account.in_the_clear(NAMES.origin_secret)),
    "origin": account.origin_secret,
    "alarms": account.alarm,
    "alarm-address": account.unconfirmed,
    "log-retention": account.kept_for_ever,
}
