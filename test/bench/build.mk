# SPDX-License-Identifier: GPL-2.0
# test/bench/build.mk - The C programs of the benchmarks

BENCH_SRC := $(wildcard test/bench/*.c)
BENCH_PROGRAMS := $(BENCH_SRC:%.c=$(B)/%)

$(B)/test/bench/%: test/bench/%.c test/bench/clock.h $(B)/lib/liblkl.so
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CCACHE)$(CC) $(HOST_CFLAGS) -D_GNU_SOURCE $< -o $@ -L$(B)/lib \
		-Wl,--as-needed -llkl -Wl,-rpath,'$$ORIGIN/../../lib' -pthread

.PHONY: bench-programs
bench-programs: $(BENCH_PROGRAMS)
