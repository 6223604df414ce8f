"""Draws the PNG icons from static/icon.svg: `python -m scripts.icons`, after the SVG was changed. Needs Chromium and playwright."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).resolve().parent.parent / "static"
SIZES = {192: "icon-192.png", 512: "icon-512.png", 180: "apple-touch-icon.png"}
PAPER = "#ffffff"
DRAWN = 0.62  # of the width: a maskable icon may lose what is outside a circle of 0.8


def main() -> int:
    drawing = (STATIC / "icon.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for size, name in SIZES.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            style = f"body{{margin:0;background:{PAPER};display:grid;place-items:center;height:100vh}}svg{{width:{size * DRAWN}px}}"
            page.set_content(f"<style>{style}</style>{drawing}")
            page.screenshot(path=STATIC / name)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
