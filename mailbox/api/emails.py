"""`/api/emails`: what lies in a box, and what is to be sent."""

from mailbox.api.endpoint import Endpoint
from mailbox.api.listing import listing
from mailbox.api.sending import sending

emails = Endpoint(GET=listing, POST=sending)
