"""What can go wrong between approval and issue, told apart by what has to happen next."""

from lltp_portal.errors import PortalError


class PermanentFailure(PortalError):
    """Trying again cannot help: the certificate is voided with this reason and its number stays spent."""

    code = "certificate_failed"
    status = 409


class SigningRefused(PermanentFailure):
    """The row does not allow a signature: somebody missing, two people who are one, a hash that differs."""

    code = "signing_refused"


class NotReady(PortalError):
    """A passing state: this step's turn has not come. The sweeper rings again."""

    code = "certificate_not_ready"
    status = 409


class NotTheSigner(PortalError):
    """This process has no signing key; only the signer has one."""

    code = "not_the_signer"
    status = 503


class IssuingStopped(PortalError):
    """The stop switch is pulled: nothing is numbered, printed or signed until an administrator lets it go on."""

    code = "issuing_stopped"
    status = 503
