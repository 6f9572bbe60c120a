# kernel/build.mk - Fetch, overlay and build Linux as a library
#
# Products: $(KOBJ)/lkl.o, $(KOBJ)/vmlinux (the same as a shared object).
# DEBUG_KERNEL=1 lays configs/debug.config over configs/base.config.

LINUX_TARBALL ?= /usr/src/linux-source-6.12.tar.xz
LINUX := build/linux
# The sanitizers are for the host side.
KOBJ := $(if $(SANITIZE),build,$(B))/kernel
LKL_OVERLAY := $(shell find kernel/arch -type f)
LINUX_PATCHES := $(sort $(wildcard kernel/patches/*.patch))

KJOBS ?= $(shell nproc)
KMAKE = $(MAKE) --no-print-directory -C $(LINUX) O=$(abspath $(KOBJ)) ARCH=lkl \
	CC="$(CCACHE)$(CC)" HOSTCC="$(CCACHE)gcc" \
	LKL_HOST_INCLUDE=$(abspath hostlib/include) \
	KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=lkl KBUILD_BUILD_HOST=lkl \
	-j$(KJOBS)
LKL_CONFIG := kernel/configs/base.config \
	$(if $(DEBUG_KERNEL),kernel/configs/debug.config)

# The tarball must be what its package says (dpkg's own checksum list), or
# match LINUX_SHA256; it must be a 6.12.
$(LINUX)/.stamp: $(LINUX_PATCHES) kernel/scripts/unpack
	$(Q)kernel/scripts/unpack $(LINUX_TARBALL) $(LINUX) $(LINUX_PATCHES)
	$(Q)ln -sfn $(abspath kernel/arch/lkl) $(LINUX)/arch/lkl
	$(Q)touch $@

$(KOBJ)/.config: $(LINUX)/.stamp $(LKL_CONFIG) kernel/arch/lkl/Kconfig
	$(Q)mkdir -p $(KOBJ)
	$(Q)cat $(LKL_CONFIG) | tac | awk -F= '!seen[$$1]++' | tac > $(KOBJ)/all.config
	$(Q)$(KMAKE) -s KCONFIG_ALLCONFIG=all.config allnoconfig
	$(Q)kernel/scripts/check-config $(KOBJ)/all.config $@

$(KOBJ)/lkl.o: $(KOBJ)/.config $(LKL_OVERLAY) hostlib/include/lkl_host.h
	@echo '  KERNEL  $@ (minutes, the first time)'
	$(Q)$(KMAKE) -s lkl_object

.PHONY: kernel
kernel: $(KOBJ)/lkl.o
