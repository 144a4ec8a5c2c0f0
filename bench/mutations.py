"""The small changes that bench/mutants.py makes: cosmic-ray's, and `in` for `not in`, without those that say nothing.

Left out by rule, never by hand:

- all but one or two replacements of an operator: of the eleven for each `+` most are a TypeError, an order of words is
  nobody's mistake, and `is` for `==` is the same for an enum;
- what does not compile, or cannot be imported (bench/mutants.py sees that): any start of the program would notice;
- what means the same: a change of an annotation (cosmic-ray takes the `|` of `X | None` for arithmetic), of what only
  a type checker reads, of a decorator that only remembers (`@cache`), and of `strict` in `zip`, which says what holds.
"""

import ast
import difflib
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple, TypeAlias

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).parents[1]
ARITHMETIC = """
    Add_Sub Sub_Add Mul_FloorDiv Div_Mul FloorDiv_Mul Mod_FloorDiv Pow_Mul RShift_LShift LShift_RShift
    BitOr_BitAnd BitAnd_BitOr
"""
COMPARISON = "Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt"
OTHERS = """
    AddNot ReplaceUnaryOperator_Delete_Not ReplaceUnaryOperator_Delete_USub ReplaceTrueWithFalse ReplaceFalseWithTrue
    ReplaceAndWithOr ReplaceOrWithAnd ReplaceBreakWithContinue ReplaceContinueWithBreak ExceptionReplacer NumberReplacer
    RemoveDecorator ZeroIterationForLoop
"""
Node: TypeAlias = Any
"""Of parso's tree."""

MEMORIES = ("cache", "lru_cache", "cached_property")


class Mutation(NamedTuple):
    """One change of a file, and the lines of the statement that it is in."""

    path: Path
    operator: str
    code: str
    lines: range
    in_function: bool

    @property
    def key(self) -> str:
        """What tells it from all other changes, of this and other states of the file."""
        return hashlib.sha256(f"{self.path.relative_to(ROOT)} {self.code}".encode()).hexdigest()[:32]

    @property
    def diff(self) -> str:
        """The lines before and after."""
        pair = self.path.read_text().splitlines(), self.code.splitlines()
        return "\n".join(list(difflib.unified_diff(*pair, n=0, lineterm=""))[2:])


class Place(NamedTuple):
    """Where an operator finds something to change."""

    path: Path
    operator: str
    occurrence: int
    line: int
    text: str

    def order(self, seed: int) -> str:
        """Its place in a random order, which a change elsewhere does not shift."""
        return hashlib.sha256(f"{seed} {self.path.name} {self.operator} {self.text}".encode()).hexdigest()


class Membership:
    """`in` for `not in`, and the other way round: cosmic-ray has no such operator."""

    def mutation_positions(self, node: Node) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Where a comparison asks whether something is in something."""
        if node.type == "comparison" and _words(node.children[1]) in _CONTRARY:
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node: Node, index: int) -> Node:  # noqa: ARG002 - there is one place in each comparison
        """Ask the contrary."""
        node.children[1] = get_ast(f" {_CONTRARY[_words(node.children[1])]}")
        return node


_CONTRARY = {"in": "not in", "not in": "in"}


def _words(node: Node) -> str:
    return " ".join(node.get_code().split())


def operators() -> dict[str, Any]:
    """What is done to the source, by name."""
    names = [f"ReplaceBinaryOperator_{pair}" for pair in ARITHMETIC.split()]
    names += [f"ReplaceComparisonOperator_{pair}" for pair in COMPARISON.split()]
    return {"Membership": Membership()} | {name: get_operator(f"core/{name}")() for name in names + OTHERS.split()}


def places(path: Path) -> Iterator[Place]:
    """All that could be changed in a file."""
    source = path.read_text()
    nodes = list(ast_nodes(get_ast(source)))
    lines = source.splitlines()
    for name, operator in operators().items():
        starts = [start for node in nodes for start, _ in operator.mutation_positions(node)]
        for occurrence, (line, column) in enumerate(starts):
            before = starts[:occurrence].count((line, column))
            yield Place(path, name, occurrence, line, f"{before} {column} {lines[line - 1]}")


def mutation(place: Place) -> Mutation | None:
    """The change that is made there, None if it means nothing."""
    source = place.path.read_text()
    code = mutate_code(source, operators()[place.operator], place.occurrence)
    if code is None or _meaning(code) in (None, _meaning(source)):
        return None
    found = [one for one in _statements(ast.parse(source), in_function=False) if place.line in one[0]]
    return Mutation(place.path, place.operator, code, *min(found, key=lambda one: len(one[0])))


def marked(path: Path, changes: Sequence[Mutation], mark: str) -> CodeType:
    """A file that calls *mark*: before each statement that is to be changed, and at the start of each function."""
    wanted = defaultdict[int, list[str]](list)
    for change in changes:
        wanted[change.lines.start].append(change.key)
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                at_start = [str(path)] if name == "body" and isinstance(node, ast.FunctionDef) else []
                block[:] = [one for child in block for one in (*_calls(mark, wanted, child, at_start), child)]
    return compile(ast.fix_missing_locations(tree), str(path), "exec")


def _calls(mark: str, wanted: Mapping[int, Sequence[str]], child: ast.stmt, at_start: list[str]) -> Iterator[ast.stmt]:
    """The calls before a statement, also for what its handlers ask for: no statement can stand before an `except`."""
    of_handlers = (handler.lineno for handler in getattr(child, "handlers", ()))
    keys = [key for line in (_first(child), *of_handlers) for key in wanted.get(line, ())]
    while at_start:
        keys.append(at_start.pop())
    for key in keys:
        call = ast.Call(ast.Name(mark, ast.Load()), [ast.Constant(key)], [])
        yield ast.copy_location(ast.Expr(call), child)


def _first(node: ast.stmt | ast.excepthandler) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min(one.lineno for one in (*decorators, node))


def _statements(node: ast.AST, *, in_function: bool) -> Iterator[tuple[range, bool]]:
    """The lines of each statement, those of a compound one without its body, and whether only a call runs them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.excepthandler)):
            first = _first(child)
            last = child.end_lineno or first
            body = getattr(child, "body", None)
            yield range(first, max(body[0].lineno, first + 1) if body else last + 1), in_function
        yield from _statements(child, in_function=in_function or isinstance(child, ast.FunctionDef))


def _meaning(source: str) -> str | None:
    try:
        return ast.dump(_Meaning().visit(ast.parse(source)))
    except SyntaxError:
        return None


class _Meaning(ast.NodeTransformer):
    """A module without what nothing reads at run time."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        kept = [one for one in node.decorator_list if not any(name in ast.unparse(one) for name in MEMORIES)]
        node.decorator_list = kept
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.keywords = [one for one in node.keywords if one.arg != "strict"]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        return None if "TYPE_CHECKING" in ast.unparse(node.test) else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        return None if ast.unparse(node.targets[0]) == "TYPE_CHECKING" else self.generic_visit(node)
