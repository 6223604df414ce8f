"""The document that a frame shows of a message, and the policy it must carry. It is as safe opened on its own as in the frame.

`sandbox` keeps mail from running scripts, posting forms and steering our page; `default-src 'none'` keeps it from asking anyone. Each
leaks without the other, and both without sanitize: a blocked `<iframe>` still opens a connection (measured in Chromium 156).
"""

from html import escape

from mailbox.message.sanitize import Sanitized

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"

# The frame is always light, whatever the page around it: senders choose their colours for white.
GROUND = (
    ":root{color-scheme:light;background:#fff;color:#141d2b;font-family:system-ui,sans-serif}"
    "body{overflow-wrap:break-word}img:not([src]){background:#8882}pre{white-space:pre-wrap}"
)


def content_security_policy(*, allow_remote: bool = False) -> str:
    """The policy of a body response. Never `'self'`: mail could ask for any page of ours."""
    images = "data: https:" if allow_remote else "data:"
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src {images}; "
        f"form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox {SANDBOX}"
    )


def body_document(sanitized: Sanitized, *, text: str = "", language: str = "") -> str:
    """A whole HTML document. Where the HTML was refused, the sentence that says so and the `text` of the message."""
    content = sanitized.html
    if sanitized.refused:
        content = f"<p><strong>{escape(sanitized.refused)}</strong> This is its text.</p><pre>{escape(text)}</pre>"
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in sanitized.body.items())
    return (
        f'{sanitized.doctype}<html lang="{escape(language or "und")}"><head><meta charset="utf-8"><title>Message</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{GROUND}</style></head><body{attributes}>{content}</body></html>"
    )
