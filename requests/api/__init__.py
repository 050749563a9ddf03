"""The programs' entrance to requests: the same acts as the pages, with JSON in and out (docs/errors.md)."""
