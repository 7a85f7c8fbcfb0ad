"""The command line: arguments, printing, exit statuses.

Exit status 0: done. 1: a named fault, in one line on standard error. 2: usage.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version
from pathlib import Path

from pipeline.config import Config, load_config
from pipeline.errors import BriefingError
from pipeline.progress import progress_for

RUN_EXAMPLE = """example:
  briefing run volume.md --out briefs/spring
"""
DOCTOR_EXAMPLE = """example:
  briefing doctor --model models/qwen3-8b-q4_k_m.gguf
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the arguments name and return its exit status."""
    options = parser().parse_args(arguments)
    try:
        return options.command(options)
    except BriefingError as error:
        print(f"briefing: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("briefing: stopped", file=sys.stderr)
        return 130  # as a shell reports an interrupt


def parser() -> argparse.ArgumentParser:
    """The commands and their flags."""
    top = argparse.ArgumentParser(
        prog="briefing",
        description="Read a volume of advisers' papers; leave two Word briefs in which every line names its source.",
        epilog=RUN_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"briefing {version('briefing')}")
    commands = top.add_subparsers(title="commands", required=True, metavar="run | doctor")

    run = add_command(commands, "run", "brief a volume", RUN_EXAMPLE, run_volume)
    run.add_argument("volume", type=Path, metavar="VOLUME", help="the papers: .md, .txt, .docx or .pdf")
    run.add_argument("--out", type=Path, metavar="FOLDER", help="where the briefs go (default: briefs/NAME)")
    run.add_argument("--quiet", action="store_true", help="no progress; results and faults only")

    add_command(
        commands, "doctor", "say what is installed and what to do about faults", DOCTOR_EXAMPLE, diagnose
    )
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


def settings(options: argparse.Namespace) -> Config:
    """The settings that files, environment and flags make together."""
    return load_config(options.config, {} if options.model is None else {"model.path": options.model})


def run_volume(options: argparse.Namespace) -> int:
    """Brief a volume and print what was made."""
    config = settings(options)
    # Imported here so that a wrong setting or `-h` need not wait for llama.cpp.
    from pipeline.run import run

    out = options.out or Path("briefs") / options.volume.stem
    result = run(options.volume, out, config, progress_for(options.quiet))
    print("\n".join(result.lines))
    return 0


def diagnose(options: argparse.Namespace) -> int:
    """Print one line for each thing that a run needs; 1 if any is at fault."""
    config = settings(options)
    from pipeline.doctor import examine

    sound = True
    for finding in examine(config):
        print(finding, flush=True)
        sound = sound and not finding.remedy
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
