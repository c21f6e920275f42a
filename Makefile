# model_ext: builds with PGXS; "make -f core.mk" builds the core alone.
#
#   make && make install           PG_CONFIG=... for another PostgreSQL
#   make installcheck              needs a running server

EXTENSION   = model_ext
MODULE_big  = model_ext
TOP        := $(patsubst %/,%,$(dir $(firstword $(MAKEFILE_LIST))))
ROOMS       = base format model reader reader/sklearn kernel op engine
CORE_OBJS  := $(patsubst $(TOP)/%.c,%.o,$(sort $(wildcard $(ROOMS:%=$(TOP)/src/%/*.c))))
OBJS        = $(CORE_OBJS) $(patsubst $(TOP)/%.c,%.o,$(sort $(wildcard $(TOP)/src/pg/*.c)))
DATA        = $(patsubst $(TOP)/%,%,$(sort $(wildcard $(TOP)/sql/model_ext--*.sql)))
REGRESS    := install $(filter-out install model_ext--%,$(patsubst $(TOP)/sql/%.sql,%,$(sort $(wildcard $(TOP)/sql/*.sql))))
ISOLATION  := $(patsubst $(TOP)/tests/isolation/specs/%.spec,%,$(sort $(wildcard $(TOP)/tests/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=$(TOP)/tests/isolation --load-extension=model_ext
# Test files are found through here, wherever the build happens.
export MODEL_EXT_GOLDEN := $(abspath $(TOP))/tests/golden
EXTRA_CLEAN = src/reader/sklearn_classes.inc src/engine/build.inc $(OBJS:.o=.d)
PG_CPPFLAGS = -I$(TOP)/src -Isrc
# The same score on every machine.  Ops and readers are one constant a file,
# found by name, so that 18's wish for a declaration of each is not met.
PG_CFLAGS   = -Wextra -Wno-unused-parameter -Wno-missing-field-initializers \
	-Wno-sign-compare -Wno-declaration-after-statement \
	-Wno-missing-variable-declarations -ffp-contract=off
# A library forgotten here fails only at LOAD.
SHLIB_LINK  = -lz -lbz2 -llzma -llz4 -lcrypto -lm
# Bitcode ignores PG_CFLAGS, and without it users need no clang.
override with_llvm := no
PG_CONFIG  ?= pg_config
PGXS       := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# Overwriting a library that a running server has mapped crashes it: write a
# new file, then rename.
INSTALL_SHLIB = $(SHELL) $(TOP)/tools/install_library.sh

# The core only: before 16 the SQL functions would vanish too.
$(CORE_OBJS): CFLAGS += -fvisibility=hidden
# Loops become vectors when choices may be made by computing both sides: only
# flags that nobody reads differ, never a number.
$(filter src/kernel/%,$(OBJS)): CFLAGS += -O3 -fno-trapping-math
# PGXS does not watch headers by itself.
$(OBJS): CPPFLAGS += -MMD -MP
# Out of tree, an order-only rule would find the source folder by VPATH.
$(shell mkdir -p $(sort $(dir $(OBJS))))
-include $(OBJS:.o=.d)
src/reader/reader.o: src/reader/sklearn_classes.inc
src/reader/sklearn_classes.inc: FORCE
	@printf 'MX_CLASS(%s)\n' $(basename $(notdir $(sort $(wildcard $(TOP)/src/reader/sklearn/*.c)))) > $@.tmp; \
	 if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi
# Tells builds apart: the checksum and the size of the core's sources.
src/engine/plan.o: src/engine/build.inc
src/engine/build.inc: FORCE
	@set -- $$(cat $(sort $(wildcard $(ROOMS:%=$(TOP)/src/%/*.[ch]) \
		$(ROOMS:%=$(TOP)/src/%/*_tables.inc))) | cksum); \
	 printf '#define MX_BUILD (UINT64_C(%s) << 32 | %s)\n' $$1 $$2 > $@.tmp; \
	 if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi
.PHONY: FORCE
FORCE:

# Beside other engines, in one run; FLAGS="--quick core" is what run.sh takes.
.PHONY: bench
bench:
	$(TOP)/tests/bench/run.sh $(FLAGS)
