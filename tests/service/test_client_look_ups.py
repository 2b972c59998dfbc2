"""What is looked up at a service, as it is sent."""

from service.client import look_ups


def test_names_in_paths_are_quoted():
    assert look_ups.row("a b", "../c").path == "/v1/catalog/a%20b/..%2Fc"
    assert look_ups.health().path == "/health/ready"
