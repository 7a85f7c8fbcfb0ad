# From a fresh clone: Python 3.11 or later, a C++ compiler, CMake and make.
#
#   make brief                        set up, then brief the sample volume
#   make brief INPUT=volume.md        any other  [OUT=briefs/name] [MODEL=model.gguf]
#   make pages RUN=briefs/name        both briefs as pictures, for a look (wants LibreOffice and poppler)
#   make brief GPU=cuda               build llama.cpp for cuda, vulkan or metal; kept until GPU=cpu
#   make test                         set up, then all tests     (test-fast: none that needs the model)

VENV := .venv
BIN := $(VENV)/bin
# uv installs in seconds what takes pip a minute; it is told pip's own index, and trusts the system's certificates.
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
UV_PIP = $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps
export UV_SYSTEM_CERTS := 1
PYTHON ?= $(shell command -v python3.11 || command -v python3)
GPU ?= $(shell cat $(VENV)/backend 2>/dev/null || echo cpu)
INPUT ?= samples/volume.md

.PHONY: brief pages setup rebuild-llama doctor test test-fast lint lock clean

brief: $(VENV)/ready-$(GPU)
	@$(BIN)/briefing run "$(INPUT)" $(if $(OUT),--out "$(OUT)") $(if $(MODEL),--model "$(MODEL)")

pages: $(VENV)/ready-$(GPU)
	@$(BIN)/python tools/pages.py $(RUN)

setup: $(VENV)/ready-$(GPU)

rebuild-llama:
	rm -rf "$$($(or $(wildcard $(BIN)/python),$(PYTHON)) tools/llama_wheel.py --folder $(GPU))" $(VENV)/ready-*
	@$(MAKE) --no-print-directory setup

doctor: $(VENV)/ready-$(GPU)
	@$(BIN)/briefing doctor

test: $(VENV)/ready-$(GPU)
	@$(BIN)/python -m pytest

test-fast: $(VENV)/ready-$(GPU)
	@$(BIN)/python -m pytest -m "not model"

lint: $(VENV)/ready-$(GPU)
	@$(BIN)/ruff check .

# The wheel of llama.cpp comes first: then the lock's own entry is satisfied and nothing else is built.
$(VENV)/ready-$(GPU): requirements.lock pyproject.toml tools/llama_wheel.py
	@test -n "$(PYTHON)" || { echo "no Python; install 3.11 or later, or say PYTHON=path" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than 3.11; say PYTHON=path of a newer one" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install uv==0.13.9
	@wheel=$$($(BIN)/python tools/llama_wheel.py $(GPU)) && \
		echo "installing packages and the embedded model …" >&2 && \
		$(UV_PIP) --reinstall "$$wheel"
	@index="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(PIP) config get global.index-url 2>/dev/null)}}"; \
		$(UV_PIP) $${index:+--default-index "$$index"} --require-hashes -r requirements.lock
	@$(UV_PIP) --no-build-isolation --editable .
	@$(BIN)/briefing doctor >&2
	@rm -f $(VENV)/ready-* && echo $(GPU) > $(VENV)/backend && touch $@

lock: $(VENV)/ready-$(GPU)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --upgrade --output-file requirements.lock

clean:
	rm -rf $(VENV)
