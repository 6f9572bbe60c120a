# SPDX-License-Identifier: GPL-2.0
# executes.py - A child that executes a program without sockets to leave it closes them
from common import *

c, s = pair()
pid = child(lambda: os.execvp("sleep", ["sleep", "60"]))
s.close()
c.settimeout(10)
assert c.recv(1) == b""
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
