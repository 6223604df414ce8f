"""The composer's form: addresses as people type them, a subject of one line, files up to the limit of a form post.

Nothing is mended silently: an address that would have to be guessed at, and any control character, comes back as an error under its field.
"""

import mimetypes
import re
from collections.abc import Iterable, Sequence
from email.utils import quote, unquote
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from mailbox.message.address import Address
from mailbox.message.attachments import Attachment, safe_filename
from mailbox.message.compose import RECIPIENTS_AT_MOST, ComposeError, sendable, shown

TYPED_MOST = 20_000  # characters of one address field
FILES_MOST = 4_000_000  # bytes in all: a request to Lambda ends at 6 MB, and base64 takes a third of it

AS_ADDRESSES = {"inputmode": "email", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
PIECES = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^,;])+')
MAILBOX = re.compile(r'(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<name>[^"<>]*))\s*<(?P<angle>[^<>"\s]+)>|(?P<bare>[^<>"\s]+)')
PLAIN_NAME = re.compile(r"[\w .'’-]+")
ONE_LINE = RegexValidator(
    r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]", "Line breaks and control characters cannot stand here.", inverse_match=True
)

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    Upload = UploadedFile[Any]
    Uploads = MultiValueDict[str, Upload]


class AddressesField(forms.CharField):
    """`a@b, Name <c@d>; "Name, with a comma" <e@f>` to Address objects, each address once."""

    def __init__(self) -> None:
        super().__init__(required=False, validators=[ONE_LINE], widget=forms.TextInput(AS_ADDRESSES))

    def clean(self, value: Any) -> tuple[Address, ...]:
        typed: str = super().clean(value)
        if len(typed) > TYPED_MOST:
            raise ValidationError(f"A mail goes to {RECIPIENTS_AT_MOST} addresses at most.")
        found = [_address(piece.strip()) for piece in PIECES.findall(typed) if piece.strip()]
        addresses = tuple({address.addr_spec.lower(): address for address in reversed(found)}.values())[::-1]
        if len(addresses) > RECIPIENTS_AT_MOST:
            raise ValidationError(f"These are {len(addresses)} addresses; a mail goes to {RECIPIENTS_AT_MOST} at most.")
        return addresses


def _address(piece: str) -> Address:
    """Stricter than what reads other people's headers: whatever is not clearly one address is asked about."""
    mailbox = MAILBOX.fullmatch(piece)
    if mailbox is None:
        raise ValidationError(f"{shown(piece)} is not a complete address.")
    name, addr_spec = (mailbox["name"] or "").strip(), mailbox["angle"] or mailbox["bare"]
    if "@" in name and name != addr_spec:
        raise ValidationError(f"Please put a comma between the addresses in {shown(piece)}.")
    address = Address(unquote(mailbox["quoted"] or name), addr_spec)
    try:
        sendable(address, "")
    except ComposeError as error:
        raise ValidationError(error.sentence) from error
    return address


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, _data: object, files: "Uploads", name: str) -> "list[Upload]":
        return files.getlist(name)


class FilesField(forms.Field):
    """Any number of files, empty ones too; what is too large together is refused by name of the limit."""

    widget = FilesInput(attrs={"multiple": True, "data-most": FILES_MOST})

    def clean(self, value: "list[Upload]") -> "list[Upload]":
        if sum(file.size or 0 for file in value) > FILES_MOST:
            raise ValidationError(f"The files are over {FILES_MOST // 1_000_000} MB together. Please choose fewer or smaller ones.")
        return value


class MessageForm(forms.Form):
    use_required_attribute = False

    from_ = forms.ChoiceField(label="From", error_messages={"invalid_choice": "You cannot send from %(value)s."})
    to = AddressesField()
    cc = AddressesField()
    bcc = AddressesField()
    subject = forms.CharField(
        required=False, max_length=900, validators=[ONE_LINE], widget=forms.TextInput({"dir": "auto", "autocomplete": "off"})
    )
    text = forms.CharField(required=False, strip=False, label="Message", widget=forms.Textarea({"dir": "auto"}))
    file = FilesField(required=False)
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        data: "QueryDict | None" = None,
        files: "Uploads | None" = None,
        *,
        identities: Sequence[Address],
        initial: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial, auto_id="%s")
        self.identities = {identity.addr_spec: identity for identity in identities}
        choices = [(addr_spec, as_typed([identity])) for addr_spec, identity in self.identities.items()]
        cast(forms.ChoiceField, self.fields["from_"]).choices = choices

    @property
    def lines(self) -> list[forms.BoundField]:
        """What stands above the text, a line each."""
        return [self[name] for name in ("from_", "to", "cc", "bcc", "subject")]

    @property
    def copies(self) -> bool:
        return any(self[name].value() or (self.is_bound and self[name].errors) for name in ("cc", "bcc"))

    def focus(self) -> None:
        """The first field with an error; else where writing goes on."""
        wrong = [field.name for field in self if field.errors] if self.is_bound else []
        name = wrong[0] if wrong else "text" if self["to"].value() else "to"
        self.fields[name].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        lists = [cleaned.get(name, ()) for name in ("to", "cc", "bcc")]
        recipients = {address.addr_spec.lower() for addresses in lists for address in addresses}
        if len(recipients) > RECIPIENTS_AT_MOST:
            self.add_error("to", f"These are {len(recipients)} addresses with Cc and Bcc; a mail goes to {RECIPIENTS_AT_MOST} at most.")
        elif not recipients and not self.errors:
            self.add_error("to", "To whom? Please write at least one address.")
        return cleaned

    @property
    def identity(self) -> Address:
        return self.identities[self.cleaned_data["from_"]]

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The chosen files. What they are called and what type they are is our word, not the browser's."""
        return tuple(_attachment(file) for file in self.cleaned_data["file"])


def _attachment(file: "Upload") -> Attachment:
    name = safe_filename(file.name or "")
    content_type, encoding = mimetypes.guess_type(name)
    file.seek(0)
    return Attachment("", name, content_type if content_type and not encoding else "application/octet-stream", "", False, file.read())


def as_typed(addresses: Iterable[Address]) -> str:
    """Addresses as a person writes them, and as AddressesField reads them again."""
    return ", ".join(_one_as_typed(address) for address in addresses)


def _one_as_typed(address: Address) -> str:
    if not address.display_name:
        return address.addr_spec
    name = address.display_name if PLAIN_NAME.fullmatch(address.display_name) else f'"{quote(address.display_name)}"'
    return f"{name} <{address.addr_spec}>"
