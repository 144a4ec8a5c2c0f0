# Short names for what .ci/run does, in the environment that it makes: `.ci/run` once, then `make test`.
BIN := .venv/bin

.PHONY: all lint format types docs test fuzz fuzz-guided agreement packets bench mutants dist record lab provider-update ci
all: lint types docs test

lint:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

format:
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types:
	$(BIN)/mypy

docs:
	$(BIN)/python docs/generate.py

test:
	$(BIN)/python -m pytest -n auto --dist loadfile

# 200,000 streams against Go's own parsers: an hour. tests/e2e/tools/build.sh yaml-oracle builds what it asks.
fuzz:
	AKSLB_FUZZ=$${AKSLB_FUZZ:-200000} $(BIN)/python -m pytest tests/fuzz

# The same laws, on streams that atheris makes by what code they reach: pip install atheris before. Not in CI.
fuzz-guided:
	mkdir -p .cache/fuzz
	$(BIN)/python -m tests.fuzz.guided .cache/fuzz -artifact_prefix=.cache/ -max_total_time=$${SECONDS_TO_RUN:-600}

# 20,000 streams for explain, lint, fix and post-render to agree on, without a contradiction.
agreement:
	AKSLB_EXAMPLES=$${AKSLB_EXAMPLES:-20000} $(BIN)/python -m pytest tests/property/test_agreement.py

# 100,000 random packets for trace and an evaluator of its own to agree on.
packets:
	AKSLB_PACKETS=$${AKSLB_PACKETS:-100000} $(BIN)/python -m pytest tests/path/test_packets.py

bench:
	$(BIN)/python bench/run.py
	$(BIN)/python bench/postrender.py
	$(BIN)/python bench/live.py
	$(BIN)/python bench/plan.py
	$(BIN)/python bench/install.py
	$(BIN)/python bench/resources.py

# Whether a test notices each small change of derive/, path/, evidence/ and fix/, by a random sample: CONTRIBUTING.md, Tests.
# make mutants, or make mutants SAMPLE=50 SEED=7 FILES="kubectl_akslb/fix". The tool: pip install --group mutants.
mutants:
	nice -n 10 $(BIN)/python -m bench.mutants --sample $${SAMPLE:-150} --seed $${SEED:-1} $(FILES)

# What a release holds, for this platform, in dist/; release/README.md tells more.
dist:
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dist
	$(BIN)/python -m release.build

# What the real provider does: make record, or make record VERSION=v1.36.5 (conformance/README.md). It needs Go.
record:
	$(BIN)/python -m conformance.record $(VERSION)

# What really happens to a packet: make lab, or make lab VERSION=v1.37.1 (lab/README.md). It needs root and Go.
lab:
	$(BIN)/python -m lab.record $(VERSION)
	$(BIN)/python -m lab.policies
	$(BIN)/python -m lab.prober
	$(BIN)/python -m lab.security_groups
	$(BIN)/python -m lab.outbound
	$(BIN)/python -m lab.idle
	$(BIN)/python -m lab.accepted

# What a new release changes: make provider-update VERSION=v1.37.0.
provider-update:
	$(BIN)/python -m conformance.update $(VERSION)

ci:
	.ci/run
