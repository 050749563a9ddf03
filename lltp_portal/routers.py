"""Which database a model lives in: the central register's own, or ours (docs/adr/0004)."""

CENTRAL_APPS = {"register"}


class CentralRegister:
    """Maps an app label to a database alias and does nothing else."""

    @staticmethod
    def _alias(app_label: str) -> str:
        return "central" if app_label in CENTRAL_APPS else "default"

    def db_for_read(self, model, **hints):
        return self._alias(model._meta.app_label)

    db_for_write = db_for_read

    def allow_relation(self, one, other, **hints):
        return self._alias(one._meta.app_label) == self._alias(other._meta.app_label)

    def allow_migrate(self, db, app_label, **hints):
        return self._alias(app_label) == db
