# SPDX-License-Identifier: GPL-2.0
# hijack/build.mk - liblkl-hijack.so: libc calls of a program to the LKL kernel

HIJACK_SRC := $(wildcard hijack/*.c)
HIJACK_OBJ := $(HIJACK_SRC:%.c=$(B)/%.o)
HIJACK_LIB := $(B)/lib/liblkl-hijack.so

# We define functions that the headers declare with attributes of their own.
HIJACK_CFLAGS := $(HOST_CFLAGS) -D_GNU_SOURCE -U_FORTIFY_SOURCE -fno-plt \
	-fno-builtin -Wno-nonnull-compare -Wno-unused-parameter -Ihostlib/include -Ihostlib/posix \
	-Ihijack

$(B)/hijack/%.o: hijack/%.c $(UAPI)
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CCACHE)$(CC) $(HIJACK_CFLAGS) -MMD -MP -c $< -o $@

$(HIJACK_LIB): $(HIJACK_OBJ) $(B)/lib/liblkl.so
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CC) -shared $(SANITIZE) -o $@ $(HIJACK_OBJ) -L$(B)/lib -llkl \
		-Wl,-soname,liblkl-hijack.so -Wl,-rpath,'$$ORIGIN' \
		-Wl,-Bsymbolic-functions -Wl,-z,now -Wl,-z,defs

# The launcher without Node.
EXEC_SRC := $(wildcard hijack/exec/*.c)
$(B)/bin/lkl-hijack-exec: $(EXEC_SRC) $(wildcard hijack/exec/*.h)
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CCACHE)$(CC) $(HOST_CFLAGS) -D_GNU_SOURCE $(EXEC_SRC) -o $@

# The C programs that the tests run under the library.
HIJACK_TEST_SRC := $(wildcard test/hijack/*.c)
HIJACK_TESTS := $(HIJACK_TEST_SRC:test/hijack/%.c=$(B)/test/hijack/%)

$(B)/test/hijack/%: test/hijack/%.c test/hijack/tap.h test/hijack/net.h
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CC) $(HOST_CFLAGS) -D_GNU_SOURCE $< -o $@ -pthread

.PHONY: hijack hijack-tests
hijack: $(HIJACK_LIB) $(B)/bin/lkl-hijack-exec
hijack-tests: $(HIJACK_TESTS)

-include $(HIJACK_OBJ:.o=.d)
