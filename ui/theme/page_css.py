"""How a page of text looks, in the window and in a browser: generated from the tokens like the
style sheet of the window."""

from string import Template

from ui.theme.tokens import Tokens

TEMPLATE = Template("""
body { color: $text1; background: $bg1; font-family: "Noto Sans CJK SC", sans-serif;
  max-width: 980px; margin: 16px auto; padding: 0 16px; line-height: 150%; }
h1 { font-size: x-large; margin-top: 8px; margin-bottom: 12px; }
h2 { font-size: large; margin-top: 24px; margin-bottom: 8px; }
h3 { font-size: medium; margin-top: 16px; margin-bottom: 4px; }
p { margin-top: 4px; margin-bottom: 8px; }
a { color: $accent; }
li { margin-top: 3px; }
code { background: $bg3; color: $text1; font-family: "Noto Sans Mono CJK SC", monospace; }
pre { background: $bg2; padding: 8px; }
table { border-collapse: collapse; margin-top: 8px; margin-bottom: 12px; }
th { background: $bg2; text-align: left; }
th, td { border: 1px solid $line; padding: 4px 8px; }
img { max-width: 100%; border: 1px solid $line; }
""")


def page_css(tokens: Tokens) -> str:
    """The sheet of one theme."""
    return TEMPLATE.substitute({name: getattr(tokens, name) for name in tokens.__struct_fields__})
