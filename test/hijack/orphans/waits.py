# SPDX-License-Identifier: GPL-2.0
# waits.py - What guests see when their keeper is killed: see orphans.test.ts
#
# The launched program is the keeper. A child of it, the watcher, makes a child for
# each case, kills the keeper, and looks after them.
import ctypes, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../guests"))
from common import *

HUNG_UP = select.EPOLLERR | select.EPOLLHUP
IDLE_S = 2
libc = ctypes.CDLL(None)

def fails(call, what=errno.ENODEV):
    try:
        call()
    except OSError as e:
        assert e.errno == what, e
        return
    raise AssertionError("it succeeded")

def is_pipe(events, r):
    assert events == [(r, select.EPOLLIN)], events
    assert os.read(r, 1) == b"x"

def lost_socket(events, s):
    assert len(events) == 1 and events[0][0] == s.fileno(), events
    assert events[0][1] & HUNG_UP == HUNG_UP and events[0][1] & select.EPOLLIN, events
    fails(lambda: s.recv(1))

def received(s, r):
    fails(lambda: s.recv(1))
    fails(lambda: s.send(b"x"))
    fails(lambda: socket.socket())
    s.close()
    assert os.read(r, 1) == b"x"

def accepted(s, r):
    with server() as l: fails(l.accept)
    assert os.read(r, 1) == b"x"

def polled(s, r):
    p = reading(select.poll(), s, r)
    lost_socket(p.poll(), s)
    lost_socket(p.poll(0), s)
    p.unregister(s)
    s.close()
    is_pipe(p.poll(), r)

def polled_twice(s, r):
    ep = reading(select.epoll(), r)
    p = reading(select.poll(), ep)
    assert p.poll() == [(ep.fileno(), select.POLLIN)]
    is_pipe(ep.poll(0), r)

def selected(s, r):
    assert select.select([s, r], [], [s, r])[0] == [s]
    assert select.select([r], [s], [])[1] == [s]
    s.close()
    assert select.select([r], [], []) == ([r], [], [])
    assert os.read(r, 1) == b"x"

def epoll_waited(s, r):
    ep = reading(select.epoll(), r)
    ep.register(s, select.EPOLLIN | select.EPOLLET)
    lost_socket(ep.poll(), s)
    s.close()
    is_pipe(ep.poll(), r)
    ep.unregister(r)
    assert ep.poll(0) == []
    ep.register(r)
    ep.close()

def epoll_of_socket(s, r):
    ep = reading(select.epoll(), s)
    lost_socket(ep.poll(), s)
    ep.unregister(s)
    fails(lambda: ep.unregister(s), errno.ENOENT)
    assert ep.poll(0) == []
    ep.register(s, select.EPOLLIN)
    lost_socket(ep.poll(), s)
    assert os.read(r, 1) == b"x"

def epoll_of_pipe(s, r):
    gone, end = os.pipe()
    ep = reading(select.epoll(), gone, r)
    os.close(gone)
    ep.register(s, select.EPOLLIN)
    ep.modify(s, 0)
    ep.unregister(s)
    again, end = os.pipe()
    os.write(end, b"x")
    is_pipe(ep.poll(), r)

def epoll_duplicated(s, r):
    ep = select.epoll()
    other = select.epoll.fromfd(os.dup(ep.fileno()))
    other.register(r, select.EPOLLIN)
    ep.close()
    is_pipe(other.poll(), r)

def epoll_timed(s, r):
    start = time.monotonic()
    assert reading(select.epoll(), r).poll(1.5) == []
    assert 1.5 <= time.monotonic() - start < 30
    assert os.read(r, 1) == b"x"

def epoll_later(s, r):
    ep = reading(select.epoll(), s)
    assert os.read(r, 1) == b"x"
    lost_socket(ep.poll(), s)
    ep = reading(select.epoll(), r)
    ep.register(s, select.EPOLLIN)
    lost_socket(ep.poll(), s)

def epoll_inherited(s, r):
    inherited.register(s, select.EPOLLIN)
    lost_socket(inherited.poll(), s)
    assert os.read(r, 1) == b"x"

def epoll_of_signals(s, r):
    mask = (ctypes.c_ulong * 16)(1 << signal.SIGUSR1 - 1)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    fd = libc.signalfd(-1, mask, 0)
    ep = reading(select.epoll(), fd, s)
    lost_socket(ep.poll(), s)
    s.close()
    assert os.read(r, 1) == b"x"
    os.kill(os.getpid(), signal.SIGUSR1)
    assert ep.poll() == [(fd, select.EPOLLIN)]

def interrupted(s, r):
    class Alarm(Exception): pass
    def alarm(*_): raise Alarm
    signal.signal(signal.SIGALRM, alarm)
    ep = reading(select.epoll(), r)
    assert os.read(r, 1) == b"x"
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try: ep.poll()
    except Alarm: return
    raise AssertionError("no signal")

def threaded(s, r):
    ended = []
    def body():
        fails(lambda: s.recv(1))
        ended.append(1)
    threads = [threading.Thread(target=body) for n in range(3)]
    for t in threads: t.start()
    for t in threads: t.join()
    assert len(ended) == 3
    assert os.read(r, 1) == b"x"

def forked(s, r):
    fails(lambda: s.recv(1))
    def body(): fails(lambda: socket.socket(), errno.ENETDOWN)
    wait(child(body))
    assert os.read(r, 1) == b"x"

def executed(s, r):
    fails(lambda: s.recv(1))
    assert os.read(r, 1) == b"x"
    os.execvp("true", ["true"])

def slept(s, r):
    assert os.read(r, 1) == b"x"

CASES = [received, accepted, polled, polled_twice, selected, epoll_waited, epoll_of_socket, epoll_of_pipe, epoll_duplicated,
         epoll_timed, epoll_later, epoll_inherited, epoll_of_signals, interrupted, threaded, forked, executed, slept]

def ticks(pid):
    return sum(map(int, open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()[11:13]))

def make(case):
    r, w = os.pipe()
    def body():
        os.close(w)
        c, s = pair()
        case(s, r)
    pid = child(body)
    os.close(r)
    return pid, w

def watch():
    global inherited
    inherited = select.epoll()
    keeper = os.getppid()
    waiting = {case: make(case) for case in CASES}
    time.sleep(1)
    os.kill(keeper, signal.SIGKILL)
    time.sleep(3)
    before = {case: ticks(pid) for case, (pid, w) in waiting.items()}
    time.sleep(IDLE_S)
    for case, (pid, w) in waiting.items():
        used = ticks(pid) - before[case]
        assert used <= IDLE_S * 10, "%s used %d ticks" % (case.__name__, used)
    for case, (pid, w) in waiting.items():
        os.write(w, b"x")
        signal.alarm(20)
        status = os.waitpid(pid, 0)[1]
        print(case.__name__, status, flush=True)

pid = child(watch)
os.waitpid(pid, 0)
