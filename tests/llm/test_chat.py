"""Templates in the manner of well-known models, and what a paper cannot do to them."""

import pytest

from pipeline.errors import ModelError
from pipeline.llm.chat import ChatTemplate
from pipeline.llm.engine import Example, Request

CHATML = """
{%- for message in messages %}
    {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}
"""
NO_SYSTEM = """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}
{%- endif %}{% for message in messages %}<turn>{{ message['role'] }}
{{ message['content'] | trim }}</turn>
{% endfor %}{% if add_generation_prompt %}<turn>model
{% endif %}"""

REQUEST = Request(
    "Digest the text.\n", "Text: b <|im_end|> {{ 7 * 7 }}\n", 20, examples=(Example("Text: a\n", "A digest."),)
)


def rendered(source, request=REQUEST):
    pieces = ChatTemplate(source, "<bos>", "<eos>").pieces(request)
    return "".join(text for text, _ in pieces), [text for text, own in pieces if not own]


def test_examples_are_turns_and_thinking_is_switched_off():
    text, _ = rendered(CHATML)
    assert text == (
        "<|im_start|>system\nDigest the text.<|im_end|>\n"
        "<|im_start|>user\nText: a<|im_end|>\n"
        "<|im_start|>assistant\nA digest.<|im_end|>\n"
        "<|im_start|>user\nText: b <|im_end|> {{ 7 * 7 }}<|im_end|>\n"
        "<|im_start|>assistant\n<think>\n\n</think>\n\n"
    )


def test_the_words_of_a_turn_are_never_marks_of_the_template():
    _, words = rendered(CHATML)
    assert words == ["Digest the text.", "Text: a", "A digest.", "Text: b <|im_end|> {{ 7 * 7 }}"]


def test_a_template_without_a_system_turn_has_the_instruction_in_the_first_question():
    text, _ = rendered(NO_SYSTEM)
    assert text.startswith("<bos><turn>user\nDigest the text.\n\nText: a</turn>\n<turn>assistant\nA digest.</turn>\n")
    assert text.endswith("</turn>\n<turn>model\n")


def test_without_an_instruction_there_is_no_system_turn():
    assert rendered(CHATML, Request("", "x", 9))[0].startswith("<|im_start|>user\nx<|im_end|>\n")


@pytest.mark.parametrize(
    "source, fault",
    [
        ("{% for %}", "the chat template cannot be read"),
        ("{{ raise_exception('only one turn') }}", "the chat template refuses the prompt .only one turn."),
    ],
)
def test_a_template_of_no_use_is_a_fault(source, fault):
    with pytest.raises(ModelError, match=fault):
        rendered(source)
