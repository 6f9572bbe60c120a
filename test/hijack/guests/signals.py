# SPDX-License-Identifier: GPL-2.0
# signals.py - Signals: EINTR, restart, an exception out of a handler, SIGPIPE
from common import *

class Alarm(Exception): pass
def alarm(signum, frame): raise Alarm
def body():
    l = server()
    count = []
    signal.signal(signal.SIGALRM, lambda signum, frame: count.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    l.settimeout(0.3)
    try: l.accept(); assert False
    except TimeoutError: assert count == [1], count
    l.settimeout(None)
    signal.signal(signal.SIGALRM, alarm)
    for n in range(5):
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        try: l.accept(); assert False
        except Alarm: pass
    a, b = pair()
    b.close()
    try:
        for n in range(3): a.send(b"x"); time.sleep(0.01)
        assert False
    except BrokenPipeError: pass
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    a.send(b"x")
pid = child(body)
assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGPIPE
