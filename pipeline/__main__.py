"""The command line: arguments, printing, exit statuses.

Exit status 0: done. 1: a named fault, in one line on standard error. 2: usage. 3: done, but papers are left out.
130: stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from importlib.metadata import version
from pathlib import Path

from pipeline.config import Config, load_config
from pipeline.errors import BriefingError
from pipeline.interrupt import STATUS, interruptible
from pipeline.progress import progress_for
from pipeline.source.text import UNSEEN

WITH_FAULTS = 3
COMMANDS = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f]|{UNSEEN.pattern}")  # that a terminal would obey
STOPPED = "briefing: stopped; to go on, give the same command again"
RUN_EXAMPLE = """example:
  briefing run volume.md --out briefs/spring
"""
DOCTOR_EXAMPLE = """example:
  briefing doctor --model models/qwen3-8b-q4_k_m.gguf
"""
INSPECT_EXAMPLE = """example:
  briefing inspect volume.docx
  briefing inspect volume.docx --paper 3
"""
CHECK_EXAMPLE = """example:
  briefing check briefs/spring
  briefing check briefs/spring --brief edited.docx
"""
MODELS_EXAMPLE = """example:
  briefing models list
  briefing models fetch qwen3-8b
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the arguments name and return its exit status."""
    options = parser().parse_args(arguments)
    try:
        with interruptible(STOPPED):
            return options.command(options)
    except BriefingError as error:
        print(f"briefing: {visible(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        return STATUS


def parser() -> argparse.ArgumentParser:
    """The commands and their flags."""
    top = argparse.ArgumentParser(
        prog="briefing",
        description="Read a volume of advisers' papers; leave two Word briefs in which every line names its source.",
        epilog=RUN_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"briefing {version('briefing')}")
    commands = top.add_subparsers(title="commands", required=True, metavar="run | inspect | check | doctor | models")

    run = add_command(commands, "run", "brief a volume", RUN_EXAMPLE, run_volume)
    run.add_argument("volume", type=Path, metavar="VOLUME", help="the papers: .md, .txt, .docx, .pdf, or a folder")
    run.add_argument("--out", type=Path, metavar="FOLDER", help="where the briefs go (default: briefs/NAME)")
    run.add_argument("--quiet", action="store_true", help="no progress; results and faults only")

    add_command(commands, "doctor", "say what is installed and what to do about faults", DOCTOR_EXAMPLE, diagnose)
    add_models(commands)
    add_inspect(commands)
    add_check(commands)
    return top


def add_command(commands, name: str, purpose: str, example: str, command) -> argparse.ArgumentParser:
    """A command with the flags that all of them share."""
    added = commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=example,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    added.add_argument("--config", type=Path, metavar="FILE", help="settings (default: ./config.toml)")
    added.add_argument("--model", metavar="FILE", help="a GGUF model (default: model.path of the settings)")
    added.set_defaults(command=command)
    return added


def add_models(commands) -> None:
    """The command of the catalog, which has two of its own and no settings."""
    models = commands.add_parser(
        "models",
        help="list models that suit, and fetch one",
        description="List models that suit, and fetch one of them into models/. Any other GGUF works too, by its path.",
        epilog=MODELS_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    of_models = models.add_subparsers(required=True, metavar="list | fetch")
    of_models.add_parser("list", help="the catalog, and what fits this machine").set_defaults(command=list_models)
    fetch = of_models.add_parser("fetch", help="download a model and check it; a second try goes on with the first")
    fetch.add_argument("name", metavar="NAME", help="as the list gives it")
    fetch.add_argument("--quiet", action="store_true", help="no progress; results and faults only")
    fetch.set_defaults(command=fetch_model)


def add_inspect(commands) -> None:
    """The command that needs neither settings nor a model."""
    inspect = commands.add_parser(
        "inspect",
        help="show the papers that a volume is read as",
        description="Show the papers that a volume is read as, before a long run. VOLUME.toml beside it corrects them.",
        epilog=INSPECT_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    inspect.add_argument("volume", type=Path, metavar="VOLUME", help="the papers: .md, .txt, .docx, .pdf, or a folder")
    inspect.add_argument("--paper", type=int, metavar="N", help="one paper and its sections")
    inspect.add_argument("--json", action="store_true", help="plain values with the span of each in characters")
    inspect.set_defaults(command=inspect_volume)


def add_check(commands) -> None:
    """The command that looks at a finished run, which has its settings in it."""
    check = commands.add_parser(
        "check",
        help="verify a finished run, or an edited brief",
        description="Verify a finished run from its files alone: quotes, statements, counts; or an edited brief.",
        epilog=CHECK_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("folder", type=Path, metavar="RUN", help="the folder of a finished run")
    check.add_argument("--brief", type=Path, metavar="FILE", help="an edited copy of one of its briefs, .docx")
    check.set_defaults(command=check_folder)


def visible(text: str) -> str:
    """Text as it may go to a terminal; titles and names in it are a paper's own words."""
    return COMMANDS.sub("\ufffd", text)


def show(text: str) -> None:
    """Print a result, as far as whoever reads it wants it: `head` closes the pipe when it has enough."""
    try:
        print(visible(text), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python flushes at its end


def settings(options: argparse.Namespace) -> Config:
    """The settings that files, environment and flags make together."""
    return load_config(options.config, {} if options.model is None else {"model.path": options.model})


def run_volume(options: argparse.Namespace) -> int:
    """Brief a volume and print what was made; WITH_FAULTS if some of it is not in the briefs."""
    config = settings(options)
    # Imported here so that a wrong setting or `-h` need not wait for llama.cpp.
    from pipeline.run import run

    out = options.out or Path("briefs") / options.volume.stem
    result = run(options.volume, out, config, progress_for(options.quiet))
    show("\n".join(result.lines))
    return WITH_FAULTS if result.faults else 0


def diagnose(options: argparse.Namespace) -> int:
    """Print one line for each thing that a run needs; 1 if any is at fault."""
    config = settings(options)
    from pipeline.doctor import examine

    sound = True
    for finding in examine(config):
        print(finding, flush=True)
        sound = sound and not finding.remedy
    return 0 if sound else 1


def inspect_volume(options: argparse.Namespace) -> int:
    """Print what a volume is read as."""
    from pipeline.inspect import Inspection
    from pipeline.output.contract import json_text

    inspection = Inspection(options.volume)
    if options.json:
        show(json_text(inspection.values(options.paper)).rstrip())
    else:
        show("\n".join(inspection.table() if options.paper is None else inspection.tree(options.paper)))
    return 0


def check_folder(options: argparse.Namespace) -> int:
    """Print what does not hold; 1 if anything does not."""
    from pipeline.check import check_brief, check_run

    found = check_brief(options.folder, options.brief) if options.brief else check_run(options.folder)
    show("\n".join(map(str, found)) or f"{options.brief or options.folder}: all holds")
    return 1 if found else 0


def list_models(options: argparse.Namespace) -> int:
    """Print the catalog, and what of it fits into this machine's free memory."""
    from pipeline.llm.catalog import free_memory_mb, listing, load_catalog

    show("\n".join(listing(load_catalog(), free_memory_mb())))
    return 0


def fetch_model(options: argparse.Namespace) -> int:
    """Download a model of the catalog and print where it is."""
    from pipeline.llm.catalog import entry_named, load_catalog
    from pipeline.llm.fetch import fetch

    entry = entry_named(options.name, load_catalog())
    with progress_for(options.quiet).stage(f"fetching {entry.file}, MB", 0) as advance:
        path = fetch(entry, advance)
    print(f"{path} ({entry.licence}); to use it: briefing run VOLUME --model {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
