"""A page with a line in every script people write in, as shown text and inside a text field."""

import flet as ft

from app.fonts import FALLBACKS
from app.web import WebHost

LINES = {
    "Latin": "Ŵyn ŷd · Łódź, żółć · Tiếng Việt: Nguyễn Thị Ngọc, đường",
    "Greek, Cyrillic": "Καλημέρα, ώρα · Привіт, їжак, Ђорђе",
    "Arabic": "السلام عليكم، اردو میں ٹیکسٹ، پښتو، کوردی",
    "Hebrew": "שָׁלוֹם לכולם",
    "Devanagari": "नमस्ते, क्षत्रिय, हिन्दी",
    "Bengali": "আপনি কেমন আছেন? ক্ষুদ্র",
    "Gurmukhi": "ਸਤ ਸ੍ਰੀ ਅਕਾਲ, ਪੰਜਾਬੀ",
    "Gujarati, Tamil": "કેમ છો? ક્ષત્રિય · வணக்கம், ஸ்ரீ",
    "Telugu, Malayalam": "నమస్కారం · നമസ്കാരം ശ്രീ",
    "Sinhala, Thai": "ආයුබෝවන් ශ්‍රී · สวัสดีครับ",
    "Ethiopic": "ሰላም ትግርኛ · Բարև · გამარჯობა",
    "Chinese": "王小明，家庭访问 · 陳大文，家庭訪問 · 喆",
    "Emoji": "😀 👶🏽 👍🏿 👨‍👩‍👧 ❤️ 🏠 🇵🇱 ☎️ 1️⃣ ✅ ⚠️ ⭐",
    "Arrows, marks": "← → ↑ ↓ ⇒ ✓ ✔ ✗ ☐ ☑ ★ ≤ ≥ ½ € £ “…” – — •",
}


@ft.component
def Page() -> ft.Control:
    values, set_values = ft.use_state(dict(LINES))

    def written(name: str, value: str) -> None:
        set_values({**values, name: value})

    return ft.Column(
        [
            ft.Row(
                [
                    ft.Text(line, width=590),
                    ft.TextField(
                        label=name,
                        value=values[name],
                        dense=True,
                        width=590,
                        on_change=lambda e, name=name: written(name, e.control.value),
                    ),
                ]
            )
            for name, line in LINES.items()
        ],
        spacing=6,
    )


def theme() -> ft.Theme:
    style = ft.TextStyle(size=16, font_family="Roboto", font_family_fallback=FALLBACKS)
    return ft.Theme(text_theme=ft.TextTheme(body_large=style, body_medium=style, body_small=style))


def main(page: ft.Page) -> None:
    page.theme = theme()
    page.render(Page)


if __name__ == "__main__":
    host = WebHost(main, title="Scripts", language="en_GB")
    print(f"Open {host.address}", flush=True)
    host.run()
