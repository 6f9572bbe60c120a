# SPDX-License-Identifier: GPL-2.0
# killed.py - A child that is killed closes its sockets
from common import *

c, s = pair()
pid = child(lambda: s.recv(1))
s.close()
c.settimeout(10)
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
assert c.recv(1) == b""
