#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# setup.sh - Install what building and testing need and is missing (Debian 12)
set -eu

# Build: the kernel, the libraries, the TypeScript side.
wanted="gcc g++ make bc bison flex perl python3 xz-utils patch ccache file
	linux-source-6.12 libslirp-dev libslirp0 libarchive-dev libfuse3-dev pkg-config git ca-certificates"
# Demo and tests: the programs that are hijacked, and what they talk to.
wanted="$wanted iproute2 curl iputils-ping iperf3 nginx-light redis-server
	netcat-openbsd netcat-traditional tcpdump dnsmasq-base ethtool procps libcap2-bin util-linux
	libvdeplug2 vde2 strace linux-perf libpython3.11-testsuite musl-tools busybox-static"
# Tests: the other rows of docs/compatibility.md.
wanted="$wanted traceroute iputils-tracepath iputils-arping nftables socat wget
	bind9-dnsutils bind9-host iptables ipset openssl openssh-client openssh-server rsync haproxy
	memcached wrk apache2-utils nghttp2-client hey"
# Its rows of servers, and of what takes hundreds of megabytes: make compat asks for them.
if [ "${LKL_SETUP_COMPAT:-no}" = yes ]; then
	wanted="$wanted postgresql default-jdk-headless golang-go apache2-bin lighttpd
		varnish bind9 unbound mosquitto mosquitto-clients vsftpd lftp dovecot-imapd erlang-base
		nmap tshark hping3 fping tcptraceroute arp-scan udhcpc mtr-tiny openbsd-inetd systemd"
fi
# Tests: who makes, checks and looks at file system images.
wanted="$wanted e2fsprogs xfsprogs btrfs-progs dosfstools exfatprogs f2fs-tools
	squashfs-tools erofs-utils genisoimage ntfs-3g udftools attr acl fdisk mount tar fuse3 fuse2fs"
# In Debian's non-free component: the tests that want them are skipped without.
non_free="netperf hfsprogs"

# Those of the packages that are not installed.
missing() {
	for package; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
			grep -q '^install ok' || printf ' %s' "$package"
	done
}

missing_node() {
	command -v node >/dev/null || printf ' nodejs npm libnode-dev'
	command -v npm >/dev/null || printf ' npm'
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		echo "setup: root is needed for: $*" >&2
		sudo "$@"
	fi
}

if ! [ -e /etc/debian_version ]; then
	echo "setup: not Debian; install by hand what bin/setup.sh lists" >&2
	exit 0
fi

packages=$({ missing $wanted; missing_node; } | tr ' ' '\n' | sort -u | tr '\n' ' ')
if [ "${packages# }" ]; then
	as_root apt-get update -q
	# No service is to be started on the host by what the tests need.
	as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
		apt-get install -q -y --no-install-recommends $packages
fi

# An ordinary user is not asked for these alone, time and again.
non_free=$(missing $non_free)
if [ "$non_free" ] && [ "${LKL_SETUP_NON_FREE:-yes}" = yes ] &&
   { [ "${packages# }" ] || [ "$(id -u)" = 0 ]; }; then
	list=/etc/apt/sources.list.d/lkl-hijack-non-free.sources
	mirror=$(apt-get indextargets --format '$(REPO_URI)' \
		'Codename: bookworm' 2>/dev/null | head -n 1)
	printf '%s\n' 'Types: deb' "URIs: ${mirror:-http://deb.debian.org/debian}" \
		'Suites: bookworm' 'Components: non-free' \
		'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' |
		as_root tee $list >/dev/null
	as_root apt-get update -q -o Dir::Etc::sourcelist=$list \
		-o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 &&
		as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
			apt-get install -q -y --no-install-recommends $non_free ||
		echo "setup:$non_free cannot be had; tests of it are skipped" >&2
fi
