"""The demo world, for script/server and script/demo. Safe to run again: what is there stays as it is."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from requests.demo import world


class Command(BaseCommand):
    help = "Makes invented people, a register of them and a request in every state. Refused in production."

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError(
                "seed_demo makes invented people with passwords in a file: it runs with LLTP_MODE=demo only, "
                "as script/server and script/demo set it."
            )
        for what, how_many in world.make().items():
            self.stdout.write(f"{what}: {how_many}")
        self.stdout.write(f"sign-ins: {world.sign_ins_file()}")
