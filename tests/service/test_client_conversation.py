"""When a question is asked again: by what a service says, no longer than patience lasts."""

import pytest

from service.client.conversation import Patience, conversation
from service.client.failures import ServiceError
from service.client.replies import Call, Reply

CALL = Call("POST", "/v1/quotes", b"{}", bytes)
GOOD = Reply(True, 200, {}, b"answer")


def talk(*outcomes, patience=None):
    """What a conversation asks for where calls come to these outcomes, in turn: its waits, and its
    end.
    """
    waits, waiting = [], list(outcomes)
    one = conversation(CALL, lambda reply: reply.body, patience or Patience())
    step = next(one)
    try:
        while True:
            if isinstance(step, float):
                waits.append(step)
                step = one.send(None)
            else:
                assert step is CALL
                step = one.send(waiting.pop(0))
    except StopIteration as end:
        return waits, end.value
    except ServiceError as error:
        assert not waiting
        return waits, error


def test_an_answer_ends_it():
    assert talk(GOOD) == ([], b"answer")


def test_what_may_help_is_tried_again_after_longer_and_longer_waits():
    lost = ServiceError("lost", 0.0)
    waits, found = talk(lost, lost, lost, GOOD)
    assert found == b"answer"
    for wait, least in zip(waits, (0.1, 0.2, 0.4), strict=True):
        assert least <= wait <= 1.5 * least


def test_a_service_is_not_asked_before_the_time_that_it_says():
    (wait,), _ = talk(ServiceError("busy", 5.0), GOOD)
    assert 5.0 <= wait <= 7.5


@pytest.mark.parametrize(
    ("error", "patience", "asked"),
    [
        (ServiceError("no use"), Patience(), 1),
        (ServiceError("in an hour", 3600.0), Patience(), 1),
        (ServiceError("soon", 0.0), Patience(retries=2), 3),
        (ServiceError("soon", 0.0), Patience(retries=0), 1),
    ],
)
def test_patience_ends(error, patience, asked):
    waits, found = talk(*[error] * asked, patience=patience)
    assert found is error
    assert len(waits) == asked - 1


def test_errors_of_the_question_are_raised_at_once():
    def read(_):
        raise ValueError("bad input")

    one = conversation(CALL, read, Patience())
    next(one)
    with pytest.raises(ValueError, match="bad input"):
        one.send(GOOD)
