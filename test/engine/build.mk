# SPDX-License-Identifier: GPL-2.0
# test/engine/build.mk - Programs that put the engine under load
#
# Those that include lkl.h need liblkl.so; the others run under the preload
# library, and the linker drops it.

ENGINE_TEST_SRC := $(wildcard test/engine/*.c)
ENGINE_TESTS := $(ENGINE_TEST_SRC:%.c=$(B)/%)

$(B)/test/engine/%: test/engine/%.c $(B)/lib/liblkl.so $(wildcard test/*/*.h)
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CCACHE)$(CC) $(HOST_CFLAGS) -D_GNU_SOURCE $< -o $@ -L$(B)/lib \
		-Wl,--as-needed -llkl -Wl,-rpath,'$$ORIGIN/../../lib' -pthread

.PHONY: engine-tests
engine-tests: $(ENGINE_TESTS)
