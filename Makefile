# Thin: each target is one command. `make setup` is asked first and costs nothing once done.

PY := .venv/bin/python
SEEDS ?= 100
FROM ?= 0
MINUTES ?= 10
STATIONS ?= 200
HAS_DISPLAY := $(if $(filter 1,$(HEADLESS)),,$(or $(DISPLAY),$(WAYLAND_DISPLAY)))

.DEFAULT_GOAL := demo
.PHONY: setup demo test lint bench simulate faults load pictures package package-test

setup:
	@bash packaging/setup.sh

demo: setup
	$(PY) $(if $(HAS_DISPLAY),main.py --demo,-m tests.e2e.demo)

test: setup
	$(PY) -m pytest tests -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

lint: setup
	$(PY) -m tests.lint

bench: setup
	$(PY) -m tests.bench

simulate: setup
	$(PY) -m tests.sync --seeds $(SEEDS) --from $(FROM) $(if $(SEED),--seed $(SEED)) $(if $(SQL),--sql)

faults: setup
	$(PY) -m tests.e2e.faults $(RUNS) --from $(if $(SEED),$(SEED),1)

pictures: setup
	$(PY) -m tests.e2e.demo --manual --screens build/manual-screens
	$(PY) -m tests.e2e.manual_pictures

package: setup
	PYTHONPATH=. $(PY) packaging/build_packages.py

package-test: package
	bash packaging/test_packages.sh

load: setup
	$(PY) -m tests.load --minutes $(MINUTES) --stations $(STATIONS)
