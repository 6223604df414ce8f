"""The request to leave the SES sandbox, filled with what is true of a deployment. AWS asks it in the console; people there read it."""

from postamt.checkup.deployed import Deployed

WHERE = "https://{region}.console.aws.amazon.com/ses/home?region={region}#/get-set-up"
REQUEST = """Open {where} , choose "Request production access", and fill in:

Mail type:    Transactional
Website URL:  {url}
Additional contacts: {alerts}

Use case description:
I ask for production access to SES in {region} (account {account}) for the mailbox of {domains}, which is mine.
It is a private mailbox, run with Postamt: I write my own mail by hand in a webmail, to people I know or who wrote to me.
No newsletters, no marketing, no bought or collected lists. I expect fewer than 50 messages a day, most of them answers.
The identity is verified; mail is signed with DKIM, has SPF on {mail_from} and DMARC, and uses the configuration set
"{configuration_set}".
Bounces and complaints are mailed to the address I sent from, and go to the SNS topic "{events_topic}". Alarms are mailed
to me at three bounces a day, at a bounce rate of 5 % and at a complaint rate of 0.1 %; I stop writing to such addresses.
The account-level suppression list stays on.

AWS answers within a day, most often. `manage.py check {domain}` shows in the line `sandbox` when it is done.
"""


def request(deployed: Deployed) -> str:
    deployment = deployed.deployment
    return REQUEST.format(
        where=WHERE.format(region=deployment.region),
        url=deployment.webmail_url,
        alerts=deployment.alerts or "an address of yours elsewhere",
        region=deployment.region,
        account=deployment.account,
        domains=" and ".join(deployment.domains),
        mail_from=deployment.mail_from(deployed.domain),
        configuration_set=deployment.configuration_set,
        events_topic=deployment.events_topic,
        domain=deployed.domain,
    )
