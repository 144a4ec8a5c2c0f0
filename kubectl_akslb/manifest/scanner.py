"""The rules of Go's YAML, by which kubectl and Helm read, where ruamel.yaml's scanner has others.

They differ in line breaks, in tabs, in block scalars, in tags, and in colons and question marks inside of flow
collections. This module imports ruamel.yaml, and is imported only by who needs the full parser.
"""

from typing import TypeAlias

from ruamel.yaml.error import StringMark
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner, ScannerError
from ruamel.yaml.tokens import AliasToken, AnchorToken, ScalarToken, TagToken

Mark: TypeAlias = StringMark

_BREAKS = "\r\n\x85\u2028\u2029"
_END = "\0" + _BREAKS
_BLANKS = " \t"
_BLANK_OR_END = _BLANKS + _END
_MARKERS = ("---", "...")
_FLOW_ENDS = ",?[]{}"


class GoReader(Reader):
    """ruamel.yaml's reader, for which a line ends where it does in YAML 1.1."""

    forward = Reader.forward_1_1


class GoScanner(Scanner):
    """ruamel.yaml's scanner, with what Go does otherwise."""

    #: By the rules of YAML 1.1 a colon in a flow collection ends a key, whatever follows it.
    scanner_processing_version = (1, 1)
    ESCAPE_REPLACEMENTS = {**Scanner.ESCAPE_REPLACEMENTS, "'": "'"}  # noqa: RUF012 - as the library declares it

    def scan_to_next_token(self) -> None:
        """Skip blanks and comments: a tab is a blank but where a key could begin."""
        peek, forward = self.reader.peek, self.reader.forward
        while True:
            if self.reader.column == 0 and peek() == "\ufeff":
                forward()
            blanks = _BLANKS if self.flow_level or not self.allow_simple_key else " "
            while peek() in blanks:
                forward()
            if peek() == "#":
                self._skip_line()
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain(self) -> ScalarToken:
        """A plain scalar: what separates its words may be tabs, but no tab indents a line."""
        reader, chunks, spaces = self.reader, [], [""]
        start = end = reader.get_mark()
        indent = self.indent + 1
        ended = "" if not self.flow_level else _FLOW_ENDS
        while not (reader.peek() == "#" or self._is_marker()):
            length = 0
            while (character := reader.peek(length)) not in _BLANK_OR_END:
                if character in ended or (character == ":" and reader.peek(length + 1) in _BLANK_OR_END):
                    break
                length += 1
            if length:
                chunks += [*spaces, reader.prefix(length)]
                reader.forward(length)
                end = reader.get_mark()
                self.allow_simple_key = False
            if reader.peek() not in _BLANKS + _BREAKS:
                break
            spaces = self._spaces(indent, start)
            if not self.flow_level and reader.column < indent:
                break
        return ScalarToken("".join(chunks), True, start, end)

    def _spaces(self, indent: int, start: Mark) -> list[str]:
        """What stands between two words of a plain scalar, folded."""
        reader, blanks, breaks = self.reader, "", []
        while (character := reader.peek()) in _BLANKS + _BREAKS:
            if character in _BREAKS:
                breaks.append(self.scan_line_break())
                continue
            if breaks and character == "\t" and reader.column < indent:
                raise ScannerError(None, start, "a tab stands where only spaces may", reader.get_mark())
            blanks += "" if breaks else character
            reader.forward()
        if not breaks:
            return [blanks]
        self.allow_simple_key = True
        if breaks[0] != "\n":
            return breaks
        return breaks[1:] or [" "]

    def scan_block_scalar(self, style: str, rt: bool | None = False) -> ScalarToken:  # noqa: ARG002, FBT002 - as ruamel declares it
        """A block scalar: its header may have tabs, and it may be empty, whatever blank lines follow."""
        reader, start, chunks = self.reader, self.reader.get_mark(), []
        reader.forward()
        chomping, increment = self._header(start)
        breaks, end, indent = self._block_breaks(max(self.indent, 0) + increment if increment else 0, start)
        line_break, before_is_blank = "", False
        while reader.column == indent and reader.peek() != "\0":
            is_blank = reader.peek() in _BLANKS
            if style == ">" and line_break == "\n" and not (before_is_blank or is_blank):
                chunks += breaks or [" "]
            else:
                chunks += [line_break, *breaks]
            before_is_blank = is_blank
            length = 0
            while reader.peek(length) not in _END:
                length += 1
            chunks.append(reader.prefix(length))
            reader.forward(length)
            line_break = self.scan_line_break() or "\n"  # kubectl ends the last line of a file
            breaks, end, indent = self._block_breaks(indent, start)
        chunks += ([] if chomping == "-" else [line_break]) + (breaks if chomping == "+" else [])
        return ScalarToken("".join(chunks), False, start, end, style)

    def _header(self, start: Mark) -> tuple[str, int]:
        """The indicators of a block scalar, in any order; what stands behind them in the line is skipped."""
        reader, chomping, increment = self.reader, "", 0
        for _ in range(2):
            if not chomping and reader.peek() in "+-":
                chomping = reader.peek()
                reader.forward()
            elif not increment and reader.peek() in "123456789":
                increment = int(reader.peek())
                reader.forward()
        while reader.peek() in _BLANKS:
            reader.forward()
        if reader.peek() == "#":
            self._skip_line()
        if reader.peek() not in _END:
            problem = f"expected chomping or indentation indicators, but found {reader.peek()!r}"
            raise ScannerError(None, start, problem, reader.get_mark())
        self.scan_line_break()
        return chomping, increment

    def _block_breaks(self, indent: int, start: Mark) -> tuple[list[str], Mark, int]:
        """Blank lines in a block scalar, their end, and its indentation: that of the first line where *indent* is 0."""
        reader, breaks, deepest = self.reader, [], 0
        end = reader.get_mark()
        while True:
            while (not indent or reader.column < indent) and reader.peek() == " ":
                reader.forward()
            deepest = max(deepest, reader.column)
            if reader.peek() == "\t" and (not indent or reader.column < indent):
                raise ScannerError(None, start, "a tab stands where only spaces may", reader.get_mark())
            if reader.peek() not in _BREAKS:
                break
            breaks.append(self.scan_line_break())
            end = reader.get_mark()
        return breaks, end, indent or max(deepest, self.indent + 1, 1)

    def scan_anchor(self, TokenClass: type[AnchorToken | AliasToken]) -> AnchorToken | AliasToken:  # noqa: N803 - ruamel's name
        """The name of an anchor, in its place or as an alias: letters, digits, ``-`` and ``_``."""
        reader, start = self.reader, self.reader.get_mark()
        reader.forward()
        length = 0
        while _is_letter(reader.peek(length)):
            length += 1
        name = reader.prefix(length)
        reader.forward(length)
        if not name or reader.peek() not in _BLANK_OR_END + "?:,]}%@`":
            problem = f"expected alphabetic or numeric character, but found {reader.peek()!r}"
            raise ScannerError("while scanning an alias", start, problem, reader.get_mark())
        return TokenClass(name, start, reader.get_mark())

    def scan_tag(self) -> TagToken:
        """A tag: its handle ends at the second ``!``, and a tab may follow it."""
        reader, start = self.reader, self.reader.get_mark()
        if reader.peek(1) == "<":
            handle = None
            reader.forward(2)
            suffix = self.scan_tag_uri("tag", start)
            closed = reader.peek() == ">"
            reader.forward()
        else:
            length = 1
            while _is_letter(reader.peek(length)):
                length += 1
            handle, closed = "!", True
            if reader.peek(length) == "!":
                handle = reader.prefix(length + 1)
            reader.forward(len(handle))
            if handle == "!" and reader.peek() in _BLANK_OR_END:
                handle, suffix = None, "!"
            else:
                suffix = self.scan_tag_uri("tag", start)
        if not closed or reader.peek() not in _BLANK_OR_END:
            raise ScannerError("while scanning a tag", start, f"found {reader.peek()!r}", reader.get_mark())
        return TagToken((handle, suffix), start, reader.get_mark())

    def _skip_line(self) -> None:
        while self.reader.peek() not in _END:
            self.reader.forward()

    def _is_marker(self) -> bool:
        reader = self.reader
        return reader.column == 0 and reader.prefix(3) in _MARKERS and reader.peek(3) in _BLANK_OR_END


def _is_letter(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "-_")
