"""What of Faust, mode and aiokafka our own code overrides or reaches into, read from that code."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

FOREIGN = ("faust", "mode", "aiokafka")

# What a class statement, `abc` and mode's `__init_subclass__` put into every class by themselves.
_MADE_BY_PYTHON = frozenset({
    "__module__", "__qualname__", "__doc__", "__annotations__", "__annotations_cache__",
    "__annotate_func__", "__dict__", "__weakref__", "__firstlineno__", "__static_attributes__",
    "__abstractmethods__", "_abc_impl", "logger",
})  # fmt: skip

_OF_NAMED_TUPLES = frozenset({"_replace", "_asdict", "_fields", "_make"})  # public, by their papers


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    """The package and all modules below it."""
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def foreign_bases(cls: type) -> list[type]:
    """The classes of Faust, mode and aiokafka from which this one inherits, nearest first."""
    return [base for base in cls.__mro__[1:] if base.__module__.partition(".")[0] in FOREIGN]


def heirs_in(module: ModuleType) -> list[type]:
    """The classes that the module defines on top of a foreign one."""
    return [
        each
        for each in vars(module).values()
        if inspect.isclass(each) and each.__module__ == module.__name__ and foreign_bases(each)
    ]


def overridden_by(cls: type) -> dict[str, tuple[type, Any]]:
    """Each name of the class that hides a foreign one, with the class and the thing it hides."""
    hidden: dict[str, tuple[type, Any]] = {}
    for name in vars(cls).keys() - _MADE_BY_PYTHON:
        for base in foreign_bases(cls):
            if name in vars(base):
                hidden[name] = (base, vars(base)[name])
                break
    return hidden


def reached_in(module: ModuleType, source: str | None = None) -> set[str]:
    """The private attributes of foreign objects that the module names, as it writes them.

    Of `self` those that a foreign base knows too: read, replaced, or hidden by accident. A test
    may give another `source` for the module's own.
    """
    tree = ast.parse(source or inspect.getsource(module))
    inside: dict[ast.AST, type] = {}
    for cls in heirs_in(module):
        bodies = (n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == cls.__name__)
        inside |= {node: cls for body in bodies for node in ast.walk(body)}
    imported = {name for name, value in vars(module).items() if inspect.ismodule(value)}
    return {
        f"{receiver}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and re.match(r"_[^_]", node.attr)
        if node.attr not in _OF_NAMED_TUPLES
        for receiver in [ast.unparse(node.value)]
        if receiver not in imported
        if receiver not in ("self", "super()")
        or (node in inside and _is_known(node.attr, inside[node]))
    }


def names(internal: Any, attribute: str) -> bool:
    """Whether the source of this internal names the attribute."""
    return bool(re.search(rf"\b{re.escape(attribute)}\b", inspect.getsource(internal)))


def _is_known(attribute: str, cls: type) -> bool:
    """Whether a foreign base names it; what the class overrides is told by `overridden_by`."""
    return attribute not in vars(cls) and any(names(base, attribute) for base in foreign_bases(cls))
