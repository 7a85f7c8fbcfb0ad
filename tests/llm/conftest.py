import pytest

from pipeline.llm.embedded import embedded_model


@pytest.fixture(scope="session")
def model_path():
    """The embedded model's file."""
    return embedded_model()


@pytest.fixture(scope="session")
def model(model_path):
    """The embedded model, loaded once."""
    from pipeline.llm.model import load_model

    return load_model(model_path, gpu_layers=0)
