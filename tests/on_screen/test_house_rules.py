"""What one slip would make silent: read from the source, because no run would show it."""

import ast
from collections.abc import Iterator

import pytest

from app.places import ROOT

APP = ROOT / "app"
# Made in one place each, so that every one has its name, its value and its guard.
ONLY_IN_PARTS = {"IconButton", "TextField", "DropdownM2", "DatePicker", "TimePicker", "AlertDialog"}
NOWHERE = {
    "Dropdown",  # neither name nor tap for a screen reader on the web
    "UserControl",
}
WRAPPERS = {"handler", "go"}
SCREENS = sorted(path for path in APP.rglob("*.py") if "casework" not in path.parts)


def tree_of(path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def flet_calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """(name, call) of everything called on `ft`."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "ft"
        ):
            yield node.func.attr, node


def is_guarded(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return value.value is None
    if isinstance(value, ast.IfExp):
        return is_guarded(value.body) and is_guarded(value.orelse)
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id in WRAPPERS
    )


@pytest.mark.parametrize("path", SCREENS, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_happens_outside_the_guards(path):
    slips = [
        f"{path.name}:{call.lineno} {name}({keyword.arg}=...)"
        for name, call in flet_calls(tree_of(path))
        for keyword in call.keywords
        if name != "ColorScheme"
        and (keyword.arg or "").startswith("on_")
        and not is_guarded(keyword.value)
    ]
    assert slips == []


@pytest.mark.parametrize("path", SCREENS, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_is_drawn_outside_the_guards_or_made_without_its_name(path):
    in_parts = "parts" in path.relative_to(APP).parts
    forbidden = NOWHERE | (set() if in_parts else ONLY_IN_PARTS)
    if path.name != "guards.py":
        forbidden = forbidden | {"component"}
    tree = tree_of(path)
    slips = [f"{path.name}:{c.lineno} ft.{n}" for n, c in flet_calls(tree) if n in forbidden]
    slips += [
        f"{path.name}:{node.lineno} @ft.{d.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for d in node.decorator_list
        if isinstance(d, ast.Attribute) and d.attr in forbidden
    ]
    assert slips == []


@pytest.mark.parametrize("path", SCREENS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_effect_names_its_cleanup(path):
    """Flet forgets a cleanup that the effect returns as soon as the component is drawn again."""
    for name, call in flet_calls(tree_of(path)):
        if name == "use_effect":
            assert len(call.args) <= 1, f"{path.name}:{call.lineno}"
            assert {k.arg for k in call.keywords} <= {"dependencies", "cleanup"}
            if isinstance(call.args[0], ast.Lambda):
                assert not isinstance(call.args[0].body, ast.Lambda)


@pytest.mark.parametrize("path", SCREENS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_text_field_is_given_its_value(path):
    """Without it the next redraw empties the field."""
    for name, call in flet_calls(tree_of(path)):
        if name in ("TextField", "DropdownM2"):
            assert "value" in {k.arg for k in call.keywords}, f"{path.name}:{call.lineno}"


@pytest.mark.parametrize("path", SCREENS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_field_has_a_key(path):
    """Without it a field that moves down is drawn as another one, and what a screen reader hears
    stops for good where a field of one line so becomes one of several."""
    for name, call in flet_calls(tree_of(path)):
        if name in ("TextField", "DropdownM2", "Checkbox", "Switch"):
            assert "key" in {k.arg for k in call.keywords}, f"{path.name}:{call.lineno}"


@pytest.mark.parametrize("path", SCREENS, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_log_line_takes_an_exception_or_its_traceback_along(path):
    for node in ast.walk(tree_of(path)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "log"):
            continue
        assert node.func.attr != "exception", f"{path.name}:{node.lineno}"
        assert not {k.arg for k in node.keywords} & {"exc_info", "stack_info"}
        for argument in node.args[1:]:
            assert not (isinstance(argument, ast.Name) and argument.id in ("error", "e", "problem"))
