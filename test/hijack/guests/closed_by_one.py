# SPDX-License-Identifier: GPL-2.0
# closed_by_one.py - What one side closes the other still has; descriptions are shared
from common import *

a, b = pair()
pid = child(lambda: (a.close(), b.setblocking(False), b.close()))
wait(pid)
try: b.recv(1)
except BlockingIOError: pass
b.setblocking(True)
a.sendall(b"1")
assert b.recv(1) == b"1"
