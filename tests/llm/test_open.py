from types import SimpleNamespace

from pipeline.config import Config, ModelConfig, ServerConfig
from pipeline.llm import open as opening
from tests.llm.test_server import Played
from tests.loopback import serving


def test_a_server_writes_and_the_reader_stays_here(monkeypatch, tmp_path):
    base = tmp_path / "embedded.gguf"
    base.write_bytes(b"GGUF")
    closed = []
    reader = SimpleNamespace(close=lambda: closed.append(True))
    monkeypatch.setattr(opening, "embedded_model", lambda: base)
    monkeypatch.setattr(opening, "check_build", lambda path, threads: SimpleNamespace(use_extra_bufts=True))
    monkeypatch.setattr(opening, "load_model", lambda path, *_: path)
    monkeypatch.setattr(opening, "open_reader", lambda model, *_: reader)

    with serving(Played(["office-8b"])) as server:
        config = Config(
            model=ModelConfig(engine="server"), server=ServerConfig(url=server.url, api="chat", context_tokens=4096)
        )
        with opening.open_models(config) as models:
            assert models.reader is reader
            assert not models.trained  # its prompts hold examples
            assert models.record["name"] == "office-8b"
            assert models.record["engine"] == "server"
            assert models.record["writer"]["server"] == server.url
            assert models.record["reader"]["file"] == "embedded.gguf"
            assert "writer_adapter" not in models.record
    assert closed == [True]
