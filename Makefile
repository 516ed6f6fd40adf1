# What people type. CMake does the work; see docs/CONTRIBUTING.md.
#
#   make build        the program: build/hopyard
#   make demo         a first network, shown and taken down again
#   make test         every test; make test-long is the same with more of the random ones
#   make bench        how long labs take, beside other ways to make them
#   make install      to PREFIX (/usr/local), with man pages and shell completion
#   make format       formats the C++ files

BUILD  ?= build
PREFIX ?= /usr/local
JOBS   ?= $(shell nproc)

.DEFAULT_GOAL := build
.PHONY: build demo test test-long bench install format clean

build:
	@tools/packages build
	cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release -DHOPYARD_TESTS=OFF
	cmake --build $(BUILD) --parallel $(JOBS) --target hopyard

demo: build
	@tools/packages demo
	@tools/demo $(BUILD)/hopyard

test:
	@tools/packages build test
	@tools/run-tests --jobs $(JOBS) $(BUILD)

test-long:
	@tools/packages build test
	@HOPYARD_TEST_LONG=1 tools/run-tests --jobs $(JOBS) $(BUILD)

bench:
	@tools/packages build bench
	cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release -DHOPYARD_BENCH=ON
	cmake --build $(BUILD) --parallel $(JOBS) --target hopyard floor
	bench/run --build $(BUILD)

install: build
	cmake --install $(BUILD) --prefix $(PREFIX)

format:
	tools/format

clean:
	cmake -E rm -rf $(BUILD)
