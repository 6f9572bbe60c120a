# SPDX-License-Identifier: GPL-2.0
# proc_net.py - The child sees the kernel in /proc/net, and its parent's sockets there
from common import *

l = server()
def body(): assert ":%04X" % l.getsockname()[1] in open("/proc/net/tcp").read()
wait(child(body))
