"""Probes."""

import web


def test_probes_answer():
    with web.client() as found:
        assert found.get("/health/live").json()["status"] == "live"
        assert found.get("/health/ready").json()["status"] == "ready"


def test_a_service_that_cannot_answer_is_not_ready(monkeypatch):
    def broken(*_):
        raise OSError("no catalog")

    with web.client() as found:
        monkeypatch.setattr("economics.quote", broken)
        assert found.get("/health/live").status_code == 200
        assert found.get("/health/ready").status_code == 500
