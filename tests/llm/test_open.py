from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.config import Config, ModelConfig, ServerConfig
from pipeline.errors import ModelError
from pipeline.llm import open as opening
from pipeline.llm.sizes import Shape
from tests.llm.test_server import Played
from tests.loopback import serving


def test_a_server_writes_and_the_reader_stays_here(monkeypatch, tmp_path):
    base = tmp_path / "embedded.gguf"
    base.write_bytes(b"GGUF")
    closed = []
    reader = SimpleNamespace(close=lambda: closed.append(True))
    monkeypatch.setattr(opening, "embedded_model", lambda: base)
    monkeypatch.setattr(opening, "check_build", lambda *_: SimpleNamespace(use_extra_bufts=True))
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


def on_a_card(monkeypatch, free, load):
    """A machine with so many free bytes on a card, and models that `load` stands for."""
    monkeypatch.setattr(opening, "free_gpu_bytes", lambda: free)
    monkeypatch.setattr(opening, "read_shape", lambda path: SHAPE)
    monkeypatch.setattr(opening, "check_build", lambda *_: SimpleNamespace(use_extra_bufts=True))
    monkeypatch.setattr(opening, "load_model", load)
    monkeypatch.setattr(opening, "LlamaCppEngine", lambda model, adapter, *sizes: SimpleNamespace(sizes=sizes))


SHAPE = Shape(layers=36, token_bytes=147_456, file_bytes=2_500_000_000)
PATH = Path("m.gguf")


def loaded(path, layers, use_extra_bufts):
    return SimpleNamespace(shape=SHAPE, layers=layers)


@pytest.mark.parametrize(
    "free, settings, layers, sizes",
    [
        (0, {}, 0, (16, 8192, 1, 512)),
        (0, {"gpu_layers": 20}, 0, (16, 8192, 1, 512)),  # this build has no GPU
        (24_000_000_000, {}, 37, (32, 16384, 1, 2048)),
        (24_000_000_000, {"gpu_layers": 20}, 20, (16, 8192, 1, 512)),
        (3_000_000_000, {}, 16, (16, 8192, 1, 512)),
    ],
)
def test_layers_and_sizes_follow_the_free_memory(monkeypatch, free, settings, layers, sizes):
    on_a_card(monkeypatch, free, loaded)
    writer, notices = opening.open_writer(PATH, None, ModelConfig(threads=1, **settings))
    assert (writer.gpu_layers, writer.model.layers, writer.engine.sizes, notices) == (layers, layers, sizes, [])


def test_out_of_memory_falls_back_to_fewer_layers_with_a_notice(monkeypatch):
    def full(path, layers, use_extra_bufts):
        if layers > 10:
            raise ModelError("m.gguf: llama.cpp cannot load it (out of memory)")
        return loaded(path, layers, use_extra_bufts)

    on_a_card(monkeypatch, 24_000_000_000, full)
    writer, notices = opening.open_writer(PATH, None, ModelConfig(threads=1))
    assert writer.gpu_layers == 9
    assert notices == [
        "37 layers do not fit on the GPU, 9 run there (m.gguf: llama.cpp cannot load it (out of memory))"
    ]
