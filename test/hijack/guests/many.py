# SPDX-License-Identifier: GPL-2.0
# many.py - 200 children in turn leave nothing behind
from common import *

def count(): return len(os.listdir("/proc/self/fd"))
wait(child(lambda: None))
before = count()
for n in range(200): wait(child(lambda: socket.socket().close()))
end = time.monotonic() + 10
while count() > before and time.monotonic() < end: time.sleep(0.01)
assert count() <= before, (before, count())
