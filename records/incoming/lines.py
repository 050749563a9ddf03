"""A file of papers: JSON Lines, read as strictly and in as little memory as a register file."""

from collections.abc import Iterator
from typing import BinaryIO

from records.incoming.contract import Information, read_information
from records.json_lines import JsonLines, read_line
from records.reading import Refused


def read_lines(stream: BinaryIO) -> Iterator[tuple[int, Information | Refused]]:
    """Each line that holds something, by its number: a paper, or what is wrong with the line."""
    for line in JsonLines(stream):
        try:
            yield line.number, read_line(line, read_information)
        except Refused as refused:
            yield line.number, refused
