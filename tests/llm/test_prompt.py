"""Every prompt renders, every example keeps to what the task demands, and a faulty file is named."""

import json
from pathlib import Path

import pytest
from jsonschema import validate

from pipeline.errors import PromptError
from pipeline.language.checks import unsupported
from pipeline.language.glossary import load_glossary
from pipeline.llm.prompt import load_schema, load_task

PROMPTS = Path(__file__).parent.parent.parent / "prompts"
TASKS = [
    f"{task}/{language}" for task in ("digest", "summary", "recommendation", "translate") for language in ("zh", "en")
]
EXAMPLES = [(name, example) for name in TASKS for example in load_task(PROMPTS, name).examples]


@pytest.mark.parametrize("name", TASKS)
def test_a_prompt_is_instruction_examples_and_input(name):
    task = load_task(PROMPTS, name)
    fields = {key: value for key, value in task.examples[0].items() if key != "reply"}
    request = task.request(trained=False, **fields)
    assert request.prefix.startswith(task.instruction)
    assert all(example["reply"] in request.prefix for example in task.examples)
    assert request.body == task.body(**fields)
    assert task.request(trained=True, **fields).prefix == task.instruction + "\n"


@pytest.mark.parametrize("name, example", EXAMPLES)
def test_an_example_says_no_more_than_its_input(name, example):
    given = (
        "\n".join(example.get("digests", []))
        + example.get("text", "")
        + example.get("author", "")
        + example.get("title", "")
    )
    numbers = [
        r for r in unsupported(example["reply"], given, load_glossary(PROMPTS / "glossary.toml")) if "number" in r
    ]
    assert numbers == []


@pytest.mark.parametrize("name, example", [(n, e) for n, e in EXAMPLES if n.startswith("recommendation")])
def test_a_recommendation_example_fits_the_schema_and_quotes_its_text(name, example):
    reply = json.loads(example["reply"])
    validate(reply, load_schema(PROMPTS, "recommendation/schema"))
    assert all(measure in example["text"] for measure in reply["measures"])


def test_a_missing_field_is_named():
    with pytest.raises(PromptError, match="digest/zh.*text"):
        load_task(PROMPTS, "digest/zh").body()


@pytest.mark.parametrize(
    "content, said",
    [("instruction = 1 2", "not TOML"), ('instruction = "甲"\n', "needs exactly the keys"), (None, "does not exist")],
)
def test_a_faulty_task_file_is_named(tmp_path, content, said):
    if content is not None:
        (tmp_path / "task.toml").write_text(content, encoding="utf-8")
    with pytest.raises(PromptError, match=said):
        load_task(tmp_path, "task")


def test_text_of_a_paper_is_never_a_template():
    body = load_task(PROMPTS, "digest/zh").body(text="{{ 7 * 7 }} {% for %}")
    assert "{{ 7 * 7 }} {% for %}" in body
