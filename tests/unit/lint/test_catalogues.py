"""zh_CN and en_US have the same keys, each with a text and the same named arguments."""

from tests.lint.catalogues import check_catalogues

ZH = "xiuzhou_desktop/text/flag.zh_CN.po"
EN = "xiuzhou_desktop/text/flag.en_US.po"
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def a_catalogue(**texts: str) -> str:
    entries = [f'msgid "{key}"\nmsgstr "{text}"\n' for key, text in texts.items()]
    return HEADER + "\n".join(entries)


def complaints(tree) -> list[tuple[str, str]]:
    return [(one.path, one.what) for one in check_catalogues(tree)]


def test_equal_sets_pass(make_tree):
    tree = make_tree({ZH: a_catalogue(a="共{count}件"), EN: a_catalogue(a="{count} in all")})
    assert complaints(tree) == []


def test_a_key_of_one_language_only_is_named(make_tree):
    tree = make_tree({ZH: a_catalogue(a="甲", b="乙"), EN: a_catalogue(a="A", c="C")})
    assert complaints(tree) == [
        (EN, "'b' is missing; the other language has it"),
        (ZH, "'c' is missing; the other language has it"),
    ]


def test_a_missing_catalogue_is_named(make_tree):
    assert complaints(make_tree({ZH: a_catalogue(a="甲")})) == [
        (EN, "missing; the other language has it")
    ]


def test_a_key_without_text_is_named(make_tree):
    tree = make_tree({ZH: a_catalogue(a="甲"), EN: a_catalogue(a="")})
    assert complaints(tree) == [(EN, "'a' has no text")]


def test_different_named_arguments_are_named(make_tree):
    tree = make_tree({ZH: a_catalogue(a="{plate} 违停"), EN: a_catalogue(a="{plat} parked")})
    assert complaints(tree) == [(EN, "'a' names ['plat'], zh_CN names ['plate']")]
