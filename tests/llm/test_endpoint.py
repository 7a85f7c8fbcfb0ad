import json
import threading

import pytest

from pipeline.errors import ServerError
from pipeline.llm.endpoint import Endpoint
from tests.loopback import HANG_UP, Answer, serving


@pytest.fixture
def waits(monkeypatch):
    """The seconds that were waited between tries; none is really waited."""
    seconds = []
    monkeypatch.setattr("tenacity.nap.time.sleep", seconds.append)
    return seconds


def endpoint(url, key="", timeout_seconds=5, retries=3):
    return Endpoint(url, key, timeout_seconds, retries, connections=2)


def in_turn(*answers):
    """Answers one after another."""
    left = list(answers)
    return lambda asked: left.pop(0)


@pytest.mark.parametrize("path", ["", "/v1", "/v1/", "/llm/v1"])
def test_an_address_may_end_in_v1(path):
    with serving(lambda asked: Answer({"data": []})) as server:
        assert endpoint(server.url + path).get("/v1/models") == {"data": []}
    assert server.paths() == [("/llm" if path.startswith("/llm") else "") + "/v1/models"]


def test_the_key_goes_into_a_header_and_bodies_are_json():
    with serving(lambda asked: Answer({})) as server:
        endpoint(server.url, "secret-7").post("/v1/completions", {"prompt": "港口"})
        endpoint(server.url).get("/v1/models")
    with_key, without = server.asked
    assert with_key.headers["authorization"] == "Bearer secret-7"
    assert with_key.body == {"prompt": "港口"}
    assert "authorization" not in without.headers


def test_a_busy_server_is_asked_again_after_longer_and_longer_waits(waits):
    busy = Answer({"error": {"message": "busy"}}, 503)
    with serving(in_turn(busy, HANG_UP, Answer(b"", 429, {"Retry-After": "7"}), Answer({"ok": 1}))) as server:
        assert endpoint(server.url).post("/v1/completions", {}) == {"ok": 1}
    assert waits == [1, 2, 7]


def test_tries_come_to_an_end(waits):
    with serving(lambda asked: Answer({"error": {"message": "no slot"}}, 503)) as server:
        with pytest.raises(ServerError, match=r"/v1/completions: status 503 \(no slot\); .*server.parallel"):
            endpoint(server.url).post("/v1/completions", {})
    assert len(server.asked) == 4


def test_a_server_that_asks_for_hours_is_not_waited_for_so_long(waits):
    with serving(in_turn(Answer(b"", 429, {"Retry-After": "7200"}), Answer({}))) as server:
        endpoint(server.url).post("/v1/completions", {})
    assert waits == [60]


def test_a_server_that_cannot_be_reached(waits):
    with serving(lambda asked: Answer({})) as server:
        url = server.url
    with pytest.raises(ServerError, match=f"{url}: cannot be reached .*; start the server or mend server.url"):
        endpoint(url).get("/v1/models")
    assert waits == []  # the first call of a run tells at once


def test_a_server_that_does_not_answer_in_time():
    done = threading.Event()
    with serving(lambda asked: Answer({}, before=lambda: done.wait(20))) as server:
        with pytest.raises(ServerError, match="no answer within 1 s; raise server.timeout_seconds"):
            endpoint(server.url, timeout_seconds=1).post("/v1/completions", {})
        done.set()
    assert len(server.asked) == 1  # asking again would only make it busier


def test_a_wrong_key_is_named_but_not_shown():
    refused = Answer({"error": {"message": "Incorrect API key provided: secret-7"}}, 401)
    with serving(lambda asked: refused) as server:
        with pytest.raises(ServerError) as raised:
            endpoint(server.url, "secret-7").post("/v1/completions", {})
    assert str(raised.value).endswith(
        "refuses the key (Incorrect API key provided: …); "
        "name the environment variable that holds it in server.key_env of config.toml"
    )


@pytest.mark.parametrize(
    "answer, fault",
    [
        (Answer(b"<html>A portal</html>"), r"the answer is no JSON object \(<html>A portal</html>\); mend server.url"),
        (Answer([1]), "the answer is no JSON object"),
        (Answer(b"\xff\xfe\x00"), "the answer is no JSON object"),
        (Answer(b"", 307, {"Location": "http://elsewhere.example/v1"}), "leads to http://elsewhere.example/v1"),
        (Answer({"error": {"message": "too long"}}, 400), r"status 400 \(too long\); mend \[server\]"),
        (Answer({"object": "error", "message": "no such model"}, 404), r"status 404 \(no such model\)"),
        (Answer({"detail": [{"msg": "bad"}]}, 422), r'status 422 \(\{"detail": \[\{"msg": "bad"\}\]\}\)'),
        (Answer(b"", 404), r"status 404 \(Not Found\)"),
    ],
)
def test_what_a_server_may_answer_instead(answer, fault):
    with serving(lambda asked: answer) as server:
        with pytest.raises(ServerError, match=fault):
            endpoint(server.url).post("/v1/completions", {})
    assert len(server.asked) == 1  # none of these gets better, and a redirect is not followed


def test_a_broken_reply_is_asked_for_again(waits):
    with serving(in_turn(Answer({"ok": 1}, length=1000), Answer({"ok": 1}))) as server:
        assert endpoint(server.url, timeout_seconds=5).post("/v1/completions", {}) == {"ok": 1}
    assert waits == [1]


@pytest.mark.parametrize("status", [400, 404, 422, 500])
def test_a_refusal_is_an_answer_to_a_question(status):
    with serving(lambda asked: Answer(json.dumps("?").encode(), status)) as server:
        assert endpoint(server.url).ask("/v1/completions", {"grammar": "…"}) is None
    assert len(server.asked) == 1


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    with serving(lambda asked: Answer({"from": "proxy"})) as proxy, serving(lambda asked: Answer({"from": "us"})) as us:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert endpoint(us.url).get("/v1/models") == {"from": "us"}
