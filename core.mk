# core.mk: the pure C core without PostgreSQL: its unit programs and fuzzers.
#
#   make -f core.mk unit           build and run every unit program
#   make -f core.mk run-test_base  build and run one
#   make -f core.mk fuzz-replay    run the fuzz corpora without a fuzzer
#   make -f core.mk long           property tests of all engines, MODEL_EXT_ROWS
#                                  rows each (10 million)
#   make -f core.mk asan           both under address and UB sanitizers
#   make -f core.mk fuzz           libFuzzer (clang), FUZZ_SECONDS each
#   make -f core.mk build/bench/bench_core  what tests/bench/core.py runs
#
# RUN=COMMAND runs the programs, for those of another machine: see tools/arm.sh.
# WERROR=1 turns warnings into errors.  Objects go to build/, those of the
# sanitizers to build/asan, those of the fuzzers to build/fuzzer.

ROOMS = base format model reader reader/sklearn kernel op engine
LIBS  = -lz -lbz2 -llzma -llz4 -lcrypto -lm

# What a program links, when it is not all rooms: so that one room can be
# tested while another does not compile.
ROOMS_test_base      = base
ROOMS_test_format    = base format
ROOMS_test_format_files = base format
ROOMS_test_container = base format
ROOMS_test_array     = base format
ROOMS_test_model     = base model
ROOMS_test_kernel    = base kernel
ROOMS_fuzz_pickle    = base format
ROOMS_fuzz_container = base format

FUZZ_SECONDS ?= 60

VARIANT ?= plain
ifeq ($(VARIANT),plain)
BUILD := build
endif
ifeq ($(VARIANT),asan)
BUILD := build/asan
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer
endif
ifeq ($(VARIANT),fuzzer)
BUILD := build/fuzzer
CC := clang
SANITIZE := -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif

# -ffp-contract=off: the same score on every machine.
CFLAGS   = -std=c11 -O2 -g -Wall -Wextra -ffp-contract=off
CPPFLAGS = -D_POSIX_C_SOURCE=200809L -I$(BUILD) -Isrc -Itests/unit
ifdef WERROR
CFLAGS += -Werror
endif

sources_of = $(sort $(foreach room,$(1),$(wildcard src/$(room)/*.c)))
objects_of = $(patsubst %.c,$(BUILD)/%.o,$(1))
# Rooms of a program: its own list when it has one.
rooms_of   = $(if $(ROOMS_$(1)),$(ROOMS_$(1)),$(ROOMS))

TESTS    := $(sort $(notdir $(basename $(wildcard tests/unit/test_*.c))))
FUZZERS  := $(sort $(notdir $(basename $(wildcard tests/fuzz/fuzz_*.c))))
# Files of tests/unit that are no programs are linked into each.
HELPERS  := $(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c))
ALL_OBJS := $(call objects_of,$(call sources_of,$(ROOMS)) \
	$(wildcard tests/unit/*.c tests/fuzz/*.c tests/bench/*.c))

# They go on for as many rows as they are told; see tests/unit/long.h.
LONG := $(sort $(notdir $(basename $(shell grep -l '"long.h"' \
	tests/unit/test_*.c))))

.PHONY: all unit long asan fuzz fuzz-replay clean FORCE
.SECONDEXPANSION:
.DELETE_ON_ERROR:

all: $(TESTS:%=$(BUILD)/unit/%) $(FUZZERS:%=$(BUILD)/replay/%)

unit: $(TESTS:%=run-%)
long: export MODEL_EXT_ROWS ?= 10000000
long: $(LONG:%=run-%)
fuzz-replay: $(FUZZERS:%=replay-%)

asan:
	$(MAKE) -f core.mk VARIANT=asan unit fuzz-replay

fuzz:
	$(MAKE) -f core.mk VARIANT=fuzzer $(FUZZERS:%=fuzz-%)

clean:
	rm -rf build

run-%: $(BUILD)/unit/%
	@echo "# $*"
	@$(RUN) $<

replay-%: $(BUILD)/replay/%
	@echo "# $*"
	@$(RUN) $< tests/fuzz/corpus/$(*:fuzz_%=%)

# New finds go to a folder of their own, the committed corpus is only read.
fuzz-%: $(BUILD)/fuzz/%
	mkdir -p $(BUILD)/found/$*
	cd $(BUILD)/found && ../../../$< -max_total_time=$(FUZZ_SECONDS) \
		-timeout=10 -rss_limit_mb=2048 \
		$(addprefix -dict=../../../,$(wildcard tests/fuzz/$(*:fuzz_%=%).dict)) \
		$* ../../../tests/fuzz/corpus/$(*:fuzz_%=%)

link = @mkdir -p $(@D); $(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LIBS)

$(TESTS:%=$(BUILD)/unit/%): $(BUILD)/unit/%: $(BUILD)/tests/unit/%.o \
		$(call objects_of,$(HELPERS)) \
		$$(call objects_of,$$(call sources_of,$$(call rooms_of,$$*)))
	$(link)

$(FUZZERS:%=$(BUILD)/replay/%): $(BUILD)/replay/%: $(BUILD)/tests/fuzz/%.o \
		$(BUILD)/tests/fuzz/replay.o \
		$$(call objects_of,$$(call sources_of,$$(call rooms_of,$$*)))
	$(link)

$(FUZZERS:%=$(BUILD)/fuzz/%): private SANITIZE += -fsanitize=fuzzer
$(FUZZERS:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o \
		$$(call objects_of,$$(call sources_of,$$(call rooms_of,$$*)))
	$(link)

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o \
		$(call objects_of,$(call sources_of,$(ROOMS)))
	$(link)

# Loops become vectors when choices may be made by computing both sides: only
# flags that nobody reads differ, never a number.
$(BUILD)/src/kernel/%.o: CFLAGS += -O3 -fno-trapping-math
$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(SANITIZE) -MMD -MP -c -o $@ $<

# The readers there are, one MX_CLASS(name) per file.
$(BUILD)/src/reader/reader.o: $(BUILD)/reader/sklearn_classes.inc
$(BUILD)/reader/sklearn_classes.inc: FORCE
	@mkdir -p $(@D)
	@printf 'MX_CLASS(%s)\n' $(basename $(notdir $(sort \
		$(wildcard src/reader/sklearn/*.c)))) > $@.tmp; \
	if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi

# Tells builds apart: the checksum and the size of the core's sources.
$(BUILD)/src/engine/plan.o: $(BUILD)/engine/build.inc
$(BUILD)/engine/build.inc: FORCE
	@mkdir -p $(@D)
	@set -- $$(cat $(sort $(wildcard $(ROOMS:%=src/%/*.[ch]) \
		$(ROOMS:%=src/%/*_tables.inc))) | cksum); \
	printf '#define MX_BUILD (UINT64_C(%s) << 32 | %s)\n' $$1 $$2 > $@.tmp; \
	if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi
FORCE:

-include $(ALL_OBJS:.o=.d)
