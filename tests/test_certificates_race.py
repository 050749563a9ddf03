"""Many at once for one number book: real commits in several threads."""

import threading

from django.db import connections

from certificates.models import Certificate, NumberBook
from tests.certificates_samples import intend, staff


def test_eight_threads_draw_forty_numbers_without_a_gap_or_a_double(own_databases):
    people = {"verified_by": staff("a", "001080990001"), "approved_by": staff("b", "001070990002")}
    errors = []

    def work():
        try:
            for _ in range(5):
                intend(**people)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert sorted(Certificate.objects.values_list("number", flat=True)) == list(range(1, 41))
    assert NumberBook.objects.get().last_number == 40
