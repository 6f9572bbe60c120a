# SPDX-License-Identifier: GPL-2.0
# hostlib/build.mk - lkl.h, liblkl.so, liblkl.a, liblkl-fs.so and lklfuse
#
# Products: $(B)/include (lkl.h and the lkl_-prefixed user ABI of Linux),
# $(B)/lib/liblkl.so, $(B)/lib/liblkl.a, $(B)/lib/liblkl-fs.so,
# $(B)/bin/lklfuse, the C test programs.

HOST_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -fPIC \
	-fvisibility=hidden -I$(B)/include $(SANITIZE)
# hostlib/fs is a library of its own: only that one needs libarchive. lklfuse is
# a program, with the part of it that opens images.
HOSTLIB_SRC := $(filter-out hostlib/fs/% hostlib/fuse/%,$(wildcard hostlib/*/*.c))
FSLIB_SRC := $(wildcard hostlib/fs/*.c)
FSLIB_OBJ := $(FSLIB_SRC:%.c=$(B)/%.o)
FUSE_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard hostlib/fuse/*.c))
HOSTLIB_OBJ := $(HOSTLIB_SRC:%.c=$(B)/%.o)
HOSTLIB_CFLAGS := $(HOST_CFLAGS) -D_GNU_SOURCE -Ihostlib/include -Ihostlib \
	-I/usr/include/slirp -I/usr/include/fuse3
HOSTLIB_LIBS := -lpthread -ldl
# The kernel has no destructors, so this writes what its objects have counted.
ifdef PROFILE_GENERATE
HOSTLIB_LIBS += -lgcov -Wl,-u,__gcov_dump -Wl,-fini=__gcov_dump
endif
UAPI := $(B)/include/.stamp

# The user ABI of this very kernel, and the calls of its table.
$(UAPI): $(LINUX)/.stamp $(wildcard hostlib/scripts/*.ts) \
		$(wildcard hostlib/include/*.h) | $(JS)
	$(Q)$(KMAKE) O=$(abspath $(B)/uapi) -s headers
	$(Q)node build/js/hostlib/scripts/uapi.js $(B)/uapi/usr/include $(LINUX) \
		$(B)/include
	$(Q)node build/js/hostlib/scripts/syscalls.js $(LINUX) $(B)/include
	$(Q)cp hostlib/include/*.h $(B)/include/
	$(Q)touch $@

$(B)/hostlib/%.o: hostlib/%.c $(UAPI)
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CCACHE)$(CC) $(HOSTLIB_CFLAGS) -MMD -MP -c $< -o $@

$(B)/lib/liblkl.so: $(HOSTLIB_OBJ) $(KOBJ)/lkl.o hostlib/liblkl.map
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CC) -shared -o $@ $(HOSTLIB_OBJ) $(KOBJ)/lkl.o $(HOSTLIB_LIBS) \
		$(SANITIZE) -Wl,-soname,liblkl.so -Wl,-Bsymbolic-functions -Wl,-z,now \
		-Wl,-z,pack-relative-relocs -Wl,-z,noexecstack \
		-Wl,--version-script=hostlib/liblkl.map -Wl,--build-id

$(B)/lib/liblkl-fs.so: $(FSLIB_OBJ) $(B)/lib/liblkl.so hostlib/liblkl.map
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CC) -shared -o $@ $(FSLIB_OBJ) -L$(B)/lib -llkl -larchive \
		-lpthread $(SANITIZE) -Wl,-soname,liblkl-fs.so \
		-Wl,-rpath,'$$ORIGIN' -Wl,-z,now -Wl,-z,defs \
		-Wl,-z,noexecstack -Wl,--version-script=hostlib/liblkl.map

$(B)/bin/lklfuse: $(FUSE_OBJ) \
		$(addprefix $(B)/hostlib/fs/,image.o messages.o settings.o) \
		$(B)/lib/liblkl.so
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CC) -o $@ $(filter %.o,$^) -L$(B)/lib -llkl -lfuse3 -lpthread \
		$(SANITIZE) -Wl,-rpath,'$$ORIGIN/../lib' -Wl,-z,now

$(B)/lib/liblkl.a: $(HOSTLIB_OBJ) $(KOBJ)/lkl.o
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)rm -f $@
	$(Q)ar rcs $@ $^

# Test programs: test/hostlib/NAME.c against the shared library, boot also
# against the static one.
HOSTLIB_TEST_SRC := $(wildcard test/hostlib/*.c)
HOSTLIB_TESTS := $(HOSTLIB_TEST_SRC:test/hostlib/%.c=$(B)/test/hostlib/%) \
	$(B)/test/hostlib/boot-static $(B)/test/fs/archive

$(B)/test/hostlib/%: test/hostlib/%.c $(B)/lib/liblkl.so $(wildcard test/*/*.h)
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CCACHE)$(CC) $(HOSTLIB_CFLAGS) $< -o $@ -L$(B)/lib -llkl \
		-Wl,-rpath,'$$ORIGIN/../../lib' -pthread

$(B)/test/hostlib/boot-static: test/hostlib/boot.c $(B)/lib/liblkl.a
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CCACHE)$(CC) $(HOSTLIB_CFLAGS) $< -o $@ $(B)/lib/liblkl.a \
		$(HOSTLIB_LIBS) -pthread

$(B)/test/fs/%: test/fs/%.c $(B)/lib/liblkl-fs.so
	@mkdir -p $(@D)
	@echo '  BUILD   $@'
	$(Q)$(CCACHE)$(CC) $(HOSTLIB_CFLAGS) $< -o $@ -L$(B)/lib -llkl-fs -llkl \
		-Wl,-rpath,'$$ORIGIN/../../lib'

.PHONY: hostlib hostlib-tests
hostlib: $(B)/lib/liblkl.so $(B)/lib/liblkl.a $(B)/lib/liblkl-fs.so \
	$(B)/bin/lklfuse
hostlib-tests: $(HOSTLIB_TESTS)

-include $(HOSTLIB_OBJ:.o=.d) $(FSLIB_OBJ:.o=.d) $(FUSE_OBJ:.o=.d)
