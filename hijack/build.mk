# SPDX-License-Identifier: GPL-2.0
# hijack/build.mk - liblkl-hijack.so: libc calls of a program to the LKL kernel

HIJACK_SRC := $(wildcard hijack/*.c)
# Trapped programs: on x86-64 only.
ifeq ($(shell uname -m),x86_64)
HIJACK_SRC += $(wildcard hijack/trap/*.[cS]) hijack/exec/preloadable.c
TRAP_LOADER := $(B)/lib/lkl-hijack-trap
endif
HIJACK_OBJ := $(addprefix $(B)/,$(addsuffix .o,$(basename $(HIJACK_SRC))))
HIJACK_LIB := $(B)/lib/liblkl-hijack.so

# We define functions that the headers declare with attributes of their own.
HIJACK_CFLAGS := $(HOST_CFLAGS) -D_GNU_SOURCE -U_FORTIFY_SOURCE -fno-plt \
	-fno-builtin -Wno-nonnull-compare -Wno-unused-parameter -Ihostlib/include -Ihostlib/posix \
	-Ihijack

$(B)/hijack/%.o: hijack/%.c $(UAPI)
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CCACHE)$(CC) $(HIJACK_CFLAGS) -MMD -MP -c $< -o $@

$(B)/hijack/%.o: hijack/%.S hijack/trap/trap.h
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CC) -fPIC -c $< -o $@

$(HIJACK_LIB): $(HIJACK_OBJ) $(B)/lib/liblkl.so
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CC) -shared $(SANITIZE) -o $@ $(HIJACK_OBJ) -L$(B)/lib -llkl \
		-Wl,-soname,liblkl-hijack.so -Wl,-rpath,'$$ORIGIN' \
		-Wl,-Bsymbolic-functions -Wl,-z,now -Wl,-z,defs

# What becomes a program whose system calls are trapped; beside the library.
$(B)/lib/lkl-hijack-trap: hijack/loader/loader.c $(HIJACK_LIB)
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CCACHE)$(CC) $(HOST_CFLAGS) -fPIE -pie $< -o $@ -L$(B)/lib \
		-llkl-hijack -Wl,-rpath,'$$ORIGIN' -Wl,-z,now

# The launcher without Node.
EXEC_SRC := $(wildcard hijack/exec/*.c)
$(B)/bin/lkl-hijack-exec: $(EXEC_SRC) $(wildcard hijack/exec/*.h)
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CCACHE)$(CC) $(HOST_CFLAGS) -D_GNU_SOURCE -Ihostlib/posix \
		$(EXEC_SRC) -o $@

# The C programs that the tests run under the library.
HIJACK_TEST_SRC := $(wildcard test/hijack/*.c)
HIJACK_TESTS := $(HIJACK_TEST_SRC:test/hijack/%.c=$(B)/test/hijack/%)
# One has a function that libraries are to find.
$(B)/test/hijack/interposes: HIJACK_TEST_CFLAGS += -rdynamic
# And the library that one of them loads.
$(B)/test/hijack/%.so: HIJACK_TEST_CFLAGS += -fPIC -shared
# Those that are also built so that LD_PRELOAD does not work with them.
ifdef TRAP_LOADER
HIJACK_TESTS += $(addprefix $(B)/test/hijack/,descriptors-static \
	readiness-static rings-static signals-static spawns-static streams-static \
	threads-static trapped-static)
ifneq ($(shell command -v musl-gcc),)
HIJACK_TESTS += $(B)/test/hijack/threads-musl
endif
endif
HIJACK_TEST_CFLAGS := $(HOST_CFLAGS) -D_GNU_SOURCE -Ihostlib/posix

$(B)/test/hijack/%: test/hijack/%.c $(wildcard test/hijack/*.h)
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CC) $(HIJACK_TEST_CFLAGS) $< -o $@ -pthread

$(B)/test/hijack/%-static: test/hijack/%.c $(wildcard test/hijack/*.h)
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CC) $(HIJACK_TEST_CFLAGS) -static $< -o $@ -pthread

$(B)/test/hijack/%-musl: test/hijack/%.c $(wildcard test/hijack/*.h)
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)musl-gcc -std=gnu11 -O2 -g -D_GNU_SOURCE -static $< -o $@

# What reads answers of name servers, fed with damaged ones.
DNS_FUZZ := $(B)/test/hijack/fuzz/dns
DNS_FUZZ_SRC := test/hijack/fuzz/dns.c hijack/dns_message.c hijack/dns_found.c
HIJACK_TESTS += $(DNS_FUZZ)
$(DNS_FUZZ): $(DNS_FUZZ_SRC) hijack/dns.h
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CC) $(HIJACK_TEST_CFLAGS) -Ihijack $(DNS_FUZZ_SRC) -o $@ \
		-fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: hijack hijack-tests
hijack: $(HIJACK_LIB) $(TRAP_LOADER) $(B)/bin/lkl-hijack-exec
hijack-tests: $(HIJACK_TESTS)

-include $(HIJACK_OBJ:.o=.d)
