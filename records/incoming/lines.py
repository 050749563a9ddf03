"""A file of papers: JSON Lines, read as strictly and in as little memory as a register file."""

from collections.abc import Iterator
from typing import BinaryIO

from records.incoming.contract import Information, read_information
from records.reading import Refused
from records.register_file import RegisterFile


def read_lines(stream: BinaryIO) -> Iterator[tuple[int, Information | Refused]]:
    """Each line that holds something, by its number: a paper, or what is wrong with the line."""
    for line in RegisterFile(stream, read_information):
        yield line.number, line.refused or line.record
