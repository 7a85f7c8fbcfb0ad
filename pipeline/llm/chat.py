"""A prompt as the turns of a chat, in the model's own template.

The template comes with the GGUF as Jinja2 and is rendered as Hugging Face's
transformers do (https://huggingface.co/docs/transformers/chat_templating).
Its marks become special tokens; the words of a turn never do, whatever they
look like: papers are data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.errors import ModelError
from pipeline.llm.engine import Request

Turn = dict[str, str]  # role and content

TEMPLATE_TOKENS = 64  # that a chat template puts around the turns of a prompt, at most
WITHOUT_THINKING = {"enable_thinking": False}  # Qwen's name for the switch, and by now that of most
JINJA = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"], autoescape=False
)
# Private-use characters that stand for the words of a turn while the template is rendered.
MARK = "\ue000{}\ue001"
MARKED = re.compile("\ue000(\\d+)\ue001")


def messages(request: Request) -> list[Turn]:
    """The prompt as turns: the instruction, each example as question and answer, the input."""
    turns = [("system", request.instruction)] if request.instruction.strip() else []
    for example in request.examples:
        turns += [("user", example.input), ("assistant", example.reply)]
    turns.append(("user", request.body))
    return [{"role": role, "content": text.strip()} for role, text in turns]


def without_system(turns: Sequence[Turn]) -> list[Turn]:
    """The same with the instruction in the first question, for templates that know no system's turn."""
    if turns[0]["role"] != "system":
        return list(turns)
    system, first, *rest = turns
    return [{**first, "content": f"{system['content']}\n\n{first['content']}"}, *rest]


class ChatTemplate:
    """The template of a model. `begin` and `end` are its words for the begin and the end of a text.

    Raises ModelError if it is no template.
    """

    def __init__(self, source: str, begin: str, end: str):
        self._special = {"bos_token": begin, "eos_token": end}
        try:
            self._template = JINJA.from_string(source)
        except TemplateError as error:
            raise ModelError(f"the chat template cannot be read ({error}); use another model") from error

    def pieces(self, request: Request) -> list[tuple[str, bool]]:
        """The prompt in pieces, up to where the reply begins, each with whether it is the template's own.

        Raises ModelError if the template refuses the turns.
        """
        turns = messages(request)
        try:
            return self._rendered(turns)
        except TemplateError:  # Gemma 2's refuses a system's turn so
            return self._rendered_without_system(turns)

    def _rendered_without_system(self, turns: Sequence[Turn]) -> list[tuple[str, bool]]:
        try:
            return self._rendered(without_system(turns))
        except TemplateError as error:
            raise ModelError(f"the chat template refuses the prompt ({error}); use another model") from error

    def _rendered(self, turns: Sequence[Turn]) -> list[tuple[str, bool]]:
        text = self._template.render(
            messages=[{**turn, "content": MARK.format(number)} for number, turn in enumerate(turns)],
            add_generation_prompt=True,
            raise_exception=refuse,
            **WITHOUT_THINKING,
            **self._special,
        )
        # Splitting by a group alternates: the template's own, the number of a turn, the template's own …
        parts = [
            (turns[int(part)]["content"], False) if index % 2 else (part, True)
            for index, part in enumerate(MARKED.split(text))
        ]
        return [(part, own) for part, own in parts if part]


def refuse(reason: str) -> None:
    """What a template calls to refuse the turns."""
    raise TemplateError(reason)
