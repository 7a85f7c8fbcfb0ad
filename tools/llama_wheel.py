"""Print the path of a llama-cpp-python wheel built for this machine; build it first if there is none.

    python tools/llama_wheel.py [--folder] cpu|cuda|vulkan|metal

With --folder, only print where the wheel is kept.

The wheel is kept outside the project, so a second clone takes seconds. Only
the standard library is used: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
BACKENDS = {
    "cpu": [],
    "cuda": ["-DGGML_CUDA=ON"],
    "vulkan": ["-DGGML_VULKAN=ON"],
    "metal": ["-DGGML_METAL=ON"],
}
CMAKE = ["-DGGML_NATIVE=ON"] + [  # parts that we do not use cost minutes
    f"-D{part}=OFF"
    for part in (
        "LLAVA_BUILD",
        "MTMD_BUILD",
        "LLAMA_BUILD_TESTS",
        "LLAMA_BUILD_EXAMPLES",
        "LLAMA_BUILD_TOOLS",
        "LLAMA_BUILD_SERVER",
    )
]
# AMX kernels that GCC builds crash in every model: ggml-org/llama.cpp #20824.
NO_AMX = ["-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16"]


def locked_requirement(lock: str, name: str) -> str:
    """The entry of a package in a lock file, with its hashes."""
    entry = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*", lock, re.MULTILINE)
    if not entry:
        sys.exit(f"{LOCK}: no {name}; make it anew with 'make lock'")
    return entry.group()


def compiler_flags(machine: str) -> list[str]:
    """What C and C++ compilers need on this kind of processor."""
    return NO_AMX if machine.lower() in ("x86_64", "amd64") else []


def processor() -> str:
    """The model and the abilities of this CPU, for which a native build is made."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        facts = re.findall(r"^(?:model name|flags|Features|CPU part)\s*:.*", cpuinfo.read_text(), re.MULTILINE)
        return "\n".join(sorted(set(facts)))
    if sys.platform == "darwin":
        name = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(name, check=True, capture_output=True, text=True).stdout
    return platform.processor()


def wheel_folder(requirement: str, backend: str, cpu: str) -> Path:
    """Where the wheel of exactly this build is kept."""
    version = requirement.split("==")[1].split()[0]
    python = f"py{sys.version_info.major}.{sys.version_info.minor}"
    machine = f"{sys.platform}-{platform.machine()}"
    recipe = "\n".join([*CMAKE, *BACKENDS[backend], *compiler_flags(platform.machine()), cpu])
    key = "-".join((version, backend, python, machine, hashlib.sha256(recipe.encode()).hexdigest()[:12]))
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "briefing" / "wheels" / key


def build(requirement: str, backend: str, folder: Path) -> None:
    """Build the wheel into `folder`, which appears only when it is complete."""
    flags = " ".join(compiler_flags(platform.machine()))
    environment = os.environ | {
        "CMAKE_ARGS": " ".join([*CMAKE, *BACKENDS[backend]]),
        "CFLAGS": f"{os.environ.get('CFLAGS', '')} {flags}".strip(),
        "CXXFLAGS": f"{os.environ.get('CXXFLAGS', '')} {flags}".strip(),
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        wanted = Path(scratch) / "requirement.txt"
        wanted.write_text(requirement)
        built = Path(scratch) / "wheel"
        # pip's own cache would hand over a wheel that was built with other flags.
        pip = [sys.executable, "-m", "pip", "wheel", "--no-cache-dir", "--no-deps", "--require-hashes"]
        source = ["--no-binary", "llama-cpp-python", "--wheel-dir", str(built), "--requirement", str(wanted)]
        done = subprocess.run([*pip, *source], env=environment, stdout=sys.stderr)
        if done.returncode:
            sys.exit(f"llama.cpp did not build for {backend}: install a C++ compiler, CMake and {sdk(backend)}")
        if not folder.exists():  # another clone may have been faster
            built.rename(folder)


def sdk(backend: str) -> str:
    """What a build for this backend needs on the machine."""
    kits = {
        "cuda": "the CUDA toolkit",
        "vulkan": "the Vulkan SDK with glslc",
        "metal": "Xcode's command line tools",
    }
    return kits.get(backend, "make") + ", then run make again"


def main() -> None:
    *flag, backend = sys.argv[1:] or [""]
    if backend not in BACKENDS:
        sys.exit(f"GPU={backend}: not a backend; use {', '.join(BACKENDS)}")
    requirement = locked_requirement(LOCK.read_text(encoding="utf-8"), "llama-cpp-python")
    folder = wheel_folder(requirement, backend, processor())
    if flag == ["--folder"]:
        print(folder)
        return
    if not folder.exists():
        if not shutil.which(os.environ.get("CXX", "c++")):
            sys.exit("no C++ compiler; install one (Debian: apt-get install build-essential cmake)")
        print(f"building llama.cpp for {backend}, once for this machine (3 to 8 minutes) …", file=sys.stderr)
        build(requirement, backend, folder)
    print(next(folder.glob("*.whl")))


if __name__ == "__main__":
    main()
