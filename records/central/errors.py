"""Refusals that an office's deployment reads; none repeats anything of what was sent."""

from lltp_portal.errors import PortalError


class OfficeNotRecognised(PortalError):
    """The key is missing, unknown, wrong or revoked; which of them is not told."""

    code = "office_not_recognised"
    status = 401


class NotDelegated(PortalError):
    """The office is known, and at present not delegated to."""

    code = "not_delegated"
    status = 403


class TooManyLookups(PortalError):
    """More questions within a minute than were agreed with this office."""

    code = "too_many_lookups"
    status = 429


class LookupRepeated(PortalError):
    """A question with this nonce was put before: a copy of it, or a client that does not draw a new one."""

    code = "lookup_repeated"
    status = 409


class QuestionTooLarge(PortalError):
    """The body is larger than any honest question."""

    code = "question_too_large"
    status = 413


class RegisterAway(PortalError):
    """The register cannot answer now; the question may be put again."""

    code = "register_away"
    status = 503


class LookupsNotServed(PortalError):
    """This deployment has no key to sign answers with: it serves nobody."""

    code = "lookups_not_served"
    status = 503
