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

# A profile of the network under load, for the compiler that it was made with.
# Others do without, and so do kernels that check themselves. make profile
# renews it, of the same objects: PROFILE_GENERATE=1 has them count.
PROFILE_PACK := kernel/profile/gcc-$(shell $(CC) -dumpfullversion).tar.xz
PROFILE := $(if $(DEBUG_KERNEL),,$(wildcard $(PROFILE_PACK)))
PROFILED_CC := $(if $(PROFILE),$(abspath kernel/scripts/profiled-cc) )

KJOBS ?= $(shell nproc)
KMAKE = $(MAKE) --no-print-directory -C $(LINUX) O=$(abspath $(KOBJ)) ARCH=lkl \
	CC="$(PROFILED_CC)$(CCACHE)$(CC)" HOSTCC="$(CCACHE)gcc" \
	LKL_HOST_INCLUDE=$(abspath hostlib/include) LKL_COUNTS=$(PROFILE_GENERATE) \
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

$(KOBJ)/.profile: $(PROFILE)
	$(Q)mkdir -p $(KOBJ)
	$(Q)find $(KOBJ) -name '*.gcda' -delete
	$(Q)tar -xmf $< -C $(KOBJ)
	$(Q)tar -tf $< | sed 's/gcda$$/o/' | (cd $(KOBJ) && xargs rm -f)
ifdef PROFILE_GENERATE
	$(Q)find $(KOBJ) -name '*.gcda' -exec truncate -s 0 {} +
endif
	$(Q)touch $@

$(KOBJ)/lkl.o: $(KOBJ)/.config $(LKL_OVERLAY) hostlib/include/lkl_host.h \
		$(if $(PROFILE),$(KOBJ)/.profile)
	@echo '  KERNEL  $@ (minutes, the first time)'
	$(Q)$(KMAKE) -s lkl_object

.PHONY: kernel profile-pack
kernel: $(KOBJ)/lkl.o

# The profile of kernel objects that have been run, as an archive that the same
# counts make the same.
profile-pack:
	cd $(KOBJ) && find . -name '*.gcda' | sort | tar -cJf $(abspath $(PROFILE)) \
		--owner=0 --group=0 --mtime=@0 -T -
