"""What an embedded Kafka is formatted with."""

from runtime.embedded.kafka import new_cluster_id


def test_a_cluster_s_id_is_never_taken_for_an_option() -> None:
    """One in 64 began with a hyphen, and the first start of that installation failed."""
    drawn = [new_cluster_id() for _ in range(5_000)]
    assert not [each for each in drawn if each.startswith("-")]
    assert {len(each) for each in drawn} == {22}
