"""What a file is: by its first bytes and, for a zip or an Office file, by the names inside. Never by what its sender says of it.

A table of our own, because it is for warnings. Of the libraries, `filetype` knows no web page, script or shortcut and takes any text that
starts with MZ for a program; `puremagic` calls every zip a .docx. Only the start of a file is looked at, and bounded lists of names.
"""

import re
from dataclasses import dataclass

from mailbox.message.archives import names_in_ole, names_in_zip
from mailbox.message.images import image_type

HEAD = 4_096

# What people call them, and the extensions that a computer opens as such.
FAMILIES = {
    "image": "png jpg jpeg jpe jfif gif webp avif heic heif tif tiff bmp ico psd",
    "pdf": "pdf",
    "office": "doc docx docm dot dotx dotm xls xlsx xlsm xlsb xlt xltx xltm ppt pptx pptm pps ppsx ppsm pot potx odt ods odp odg ott rtf "
    "pages numbers key msg one pub vsd vsdx mpp ole epub",
    "archive": "zip rar 7z gz tgz bz2 tbz xz txz tar zst cab ace arj lzh lha",
    "media": "mp3 wav ogg oga opus flac m4a aac wma amr mid au aiff mp4 m4v mov avi mkv webm wmv flv mpg mpeg 3gp",
    "text": "txt text csv tsv log md markdown json yaml yml ini conf css xml xsl xslt diff patch tex srt",
    "mail": "eml mbox",
    "calendar": "ics ical",
    "contact": "vcf",
    "web page": "html htm xhtml xht shtml shtm mht mhtml svg svgz",
    "disk image": "iso img vhd vhdx dmg udf wim",
    "shortcut": "lnk url desktop website webloc scf rdp library-ms search-ms searchconnector-ms settingcontent-ms iqy slk theme themepack",
    "program": "exe com scr pif bat cmd msi msp mst msix msixbundle appx appxbundle appinstaller appref-ms application dll cpl ocx sys drv "
    "gadget hta htc js jse mjs vb vbe vbs ws wsf wsc wsh sct ps1 ps1xml ps2 psc1 psm1 psd1 reg ins isp inf jar jnlp class msc chm hlp "
    "accda accde mda xll wll ade adp mde py pyc pyw pyz sh bash csh ksh command run elf macho deb rpm pkg apk app workflow terminal "
    "appimage diagcab diagpkg ex_ crx xpi job msu xbap shb shs udl vsto printerexport",
}
FAMILY_OF = {extension: family for family, extensions in FAMILIES.items() for extension in extensions.split()}
DECLARED = {
    "image": "image",
    "audio": "media",
    "video": "media",
    "application/pdf": "pdf",
    "text/calendar": "calendar",
    "text/plain": "text",
}

SIGNATURES = (
    (4, b"ftyphei", "heic"),
    (4, b"ftyphev", "heic"),
    (4, b"ftypmif1", "heic"),
    (4, b"ftypavif", "avif"),
    (0, b"II*\0", "tif"),
    (0, b"MM\0*", "tif"),
    (0, b"\0\0\1\0", "ico"),
    (0, b"8BPS", "psd"),
    (0, b"{\\rtf", "rtf"),
    (0, b"Rar!\x1a\7", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b\x08", "gz"),
    (0, b"BZh", "bz2"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zst"),
    (257, b"ustar", "tar"),
    (0, b"MSCF", "cab"),
    (7, b"**ACE**", "ace"),
    (2, b"-lh", "lzh"),
    (0, b"\x60\xea", "arj"),
    (32_769, b"CD001", "iso"),
    (0, b"conectix", "vhd"),
    (0, b"vhdxfile", "vhdx"),
    (0, b"\x78\x9f\x3e\x22", "tnef"),
    (0, b"\x7fELF", "elf"),
    (0, b"\xfe\xed\xfa\xce", "macho"),
    (0, b"\xfe\xed\xfa\xcf", "macho"),
    (0, b"\xce\xfa\xed\xfe", "macho"),
    (0, b"\xcf\xfa\xed\xfe", "macho"),
    (0, b"\xca\xfe\xba\xbe", "class"),  # of Java, or a Mach-O for two processors
    (0, b"dex\n03", "apk"),
    (0, b"ITSF", "chm"),
    (0, b"!<arch>\ndebian", "deb"),
    (0, b"\xed\xab\xee\xdb", "rpm"),
    (0, b"L\0\0\0\x01\x14\x02\0", "lnk"),
    (0, b"[InternetShortcut]", "url"),
    (0, b"[Desktop Entry]", "desktop"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (8, b"WAVEfmt", "wav"),
    (8, b"AVI LIST", "avi"),
    (4, b"ftyp", "mp4"),
    (0, b"\x1aE\xdf\xa3", "mkv"),
    (0, b".snd\0", "au"),
    (0, b"MThd", "mid"),
    (0, b"#!AMR", "amr"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wmv"),
    (0, b"BEGIN:VCALENDAR", "ics"),
    (0, b"BEGIN:VCARD", "vcf"),
)
IMAGES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
IN_ZIP = (
    ("AndroidManifest.xml", "apk"),
    ("AppxManifest.xml", "msix"),
    ("META-INF/MANIFEST.MF", "jar"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
    ("visio/document.xml", "vsdx"),
)
MIMETYPES = (
    (b"application/epub+zip", "epub"),
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.presentation", "odp"),
    (b"application/vnd.oasis.opendocument", "odg"),
)
IN_OLE = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("PowerPoint Document", "ppt"), ("__properties_version1.0", "msg"))
MSI_CLASS = bytes.fromhex("84100c0000000000c000000000000046")

PDF = re.compile(rb"%PDF-\d")  # readers look for it in the first 1024 bytes
SCRIPT = re.compile(rb"#! ?/")
MARKUP = re.compile(
    rb"\s*(?:<(?:!doctype\s+html|html|head|body|title|meta|link|base|style|script|iframe|form|table|div|center|font|img|svg|math|h1|p|a|b|br)"
    rb"(?=[\s/>])|<(?:\?xml|!doctype|!--)[^\0]{0,2000}?<(?:[a-z]+:)?(?:html|svg|script)(?=[\s/>]))",
    re.IGNORECASE,
)
XML = re.compile(rb"\s*<\?xml\b")
STYLED = re.compile(rb"<\?xml-stylesheet\b")
MAIL = re.compile(
    rb"(?:(?:received|return-path|from|to|subject|date|message-id|mime-version|content-type|x-[a-z-]+)[ \t]*:[^\n]*\n"
    rb"(?:[ \t][^\n]*\n)*){2}",
    re.IGNORECASE,
)
NOT_TEXT = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class FileType:
    """`family` is one of FAMILIES; both are empty for what is not known."""

    extension: str = ""
    family: str = ""


UNKNOWN = FileType()


def file_type(content: bytes) -> FileType:
    extension = _extension(content)
    return FileType(extension, FAMILY_OF.get(extension, "")) if extension else UNKNOWN


def extension_of(name: str) -> str:
    """The extension by which a computer opens it, in lower case; empty where a name has none."""
    stem, dot, extension = name.rpartition(".")
    return extension.strip().lower() if dot and stem else ""


def family_declared(content_type: str) -> str:
    """What a sender who gives no name with an extension says it is."""
    return DECLARED.get(content_type) or DECLARED.get(content_type.partition("/")[0], "")


def _extension(content: bytes) -> str:
    if content_type := image_type(content):
        return IMAGES[content_type]
    if content.startswith((b"PK\3\4", b"PK\5\6")):
        return _in_zip(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _in_ole(content)
    if found := next((extension for offset, magic, extension in SIGNATURES if content.startswith(magic, offset)), ""):
        return found
    if PDF.search(content, 0, 1024):
        return "pdf"
    return _program(content) or _in_text(content[:HEAD])


def _program(content: bytes) -> str:
    """Of Windows, where a text may start with MZ too; and whatever names the program that is to run it."""
    if content.startswith(b"MZ") and b"\0" in content[:64]:
        return "exe"
    return "sh" if SCRIPT.match(content) else ""


def _in_zip(content: bytes) -> str:
    if content.startswith(b"mimetype", 30):
        kind = content[38:HEAD]
        return next((extension for magic, extension in MIMETYPES if kind.lstrip().startswith(magic)), "zip")
    names = set(names_in_zip(content).names)
    return next((extension for name, extension in IN_ZIP if name in names), "zip")


def _in_ole(content: bytes) -> str:
    directory = names_in_ole(content)
    if MSI_CLASS in directory:
        return "msi"
    return next((extension for name, extension in IN_OLE if name.encode("utf-16-le") + b"\0\0" in directory), "ole")


def _in_text(head: bytes) -> str:
    for bom, charset in BOMS:
        if head.startswith(bom):
            head = head[len(bom) :].decode(charset, "ignore").encode()
            break
    if MARKUP.match(head):
        return "svg" if b"<svg" in head[:HEAD].lower() and b"<html" not in head.lower() else "html"
    if not head or NOT_TEXT.search(head):
        return "bmp" if head.startswith(b"BM") else ""
    if XML.match(head):
        return "html" if STYLED.search(head) else "xml"
    return "eml" if MAIL.match(head) else "txt"
