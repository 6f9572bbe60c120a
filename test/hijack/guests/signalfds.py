# SPDX-License-Identifier: GPL-2.0
# signalfds.py - Signal descriptors in sets with sockets: none is lost, none comes twice
from common import *
import struct

LONG, SHORT, MANY = 10000, 30, 200
libc = ctypes.CDLL(None, use_errno=True)
S1, S2 = signal.SIGURG, signal.SIGRTMIN + 1
c, s = pair()

def signalfd(*signals):
    mask = sum(1 << n - 1 for n in signals)
    fd = libc.signalfd(-1, (ctypes.c_ulong * 16)(mask), os.O_NONBLOCK)
    assert fd >= 0
    return fd

def info(fd):
    """Who has sent which signal, and its value; None: there is none."""
    try: data = os.read(fd, 128)
    except BlockingIOError: return None
    signo, _, _, pid = struct.unpack_from("IiiI", data)
    return signo, pid, struct.unpack_from("i", data, 44)[0]

def waits(*files):
    ep = reading(select.epoll(), *files)
    outer = reading(select.epoll(), ep)
    p = reading(select.poll(), *files)
    return {
        "epoll": lambda ms: sorted(fd for fd, events in ep.poll(ms / 1000)),
        "nested": lambda ms: sorted(fd for fd, events in ep.poll(0)) if outer.poll(ms / 1000) else [],
        "poll": lambda ms: sorted(fd for fd, events in p.poll(ms)),
        "select": lambda ms: sorted(select.select([f if isinstance(f, int) else f.fileno() for f in files], [], [], ms / 1000)[0]),
    }

def later(what, *args):
    """Do it when this thread waits; a thread of this process."""
    def run():
        time.sleep(SHORT / 1000)
        what(*args)
    thread = threading.Thread(target=run)
    thread.start()
    return thread

def alone_and_mixed():
    me, sig = os.getpid(), signalfd(S1)
    for files in (sig,), (sig, s):
        for name, look in waits(*files).items():
            for before in True, False:
                assert look(SHORT) == [], name
                if before: os.kill(me, S1)
                else: sender = later(os.kill, me, S1)
                assert look(LONG) == [sig], name
                if not before: sender.join()
                assert look(0) == look(LONG) == [sig], name
                if len(files) > 1:
                    c.sendall(b"x")
                    time.sleep(SHORT / 1000)
                    assert look(0) == sorted([sig, s.fileno()]), name
                    s.recv(1)
                assert info(sig) == (S1, me, 0) and info(sig) is None, name
                assert look(0) == look(SHORT) == [], name
    os.close(sig)

def other_sets():
    """A signal that is pending, and nobody waits for."""
    sig = signalfd(S1)
    for name, look in waits(sig, s).items():
        os.kill(os.getpid(), S1)
        assert look(LONG) == [sig], name
        sender = later(c.sendall, b"x")
        assert select.select([s], [], [], LONG)[0] == [s]
        assert s.recv(1) == b"x" and info(sig)
        sender.join()
    os.close(sig)

def edges():
    sig, ep = signalfd(S1), select.epoll()
    ep.register(s, select.EPOLLIN)
    ep.register(sig, select.EPOLLIN | select.EPOLLOUT | select.EPOLLET)
    for n in range(5):
        os.kill(os.getpid(), S1)
        assert ep.poll(LONG) == [(sig, select.EPOLLIN)]
        # Any signal is an edge while this one is there: a trapped call is SIGSYS.
        if os.environ.get("LKL_HIJACK_MODE") != "trap":
            assert ep.poll(0) == [] and ep.poll(SHORT / 1000) == []
        assert info(sig) and info(sig) is None
    sender = later(os.kill, os.getpid(), S1)
    assert ep.poll(LONG) == [(sig, select.EPOLLIN)]
    sender.join()
    os.close(sig)
    assert ep.poll(SHORT / 1000) == []

def numbers():
    """A number that is used again, and a mask that is changed."""
    sig = signalfd(S1)
    p = reading(select.poll(), sig, s)
    os.kill(os.getpid(), S1)
    assert p.poll(LONG) == [(sig, select.POLLIN)] and info(sig)
    os.close(sig)
    r, w = os.pipe()
    assert r == sig and p.poll(SHORT) == []
    os.kill(os.getpid(), S1)
    assert p.poll(SHORT) == []
    os.write(w, b"x")
    assert p.poll(LONG) == [(r, select.POLLIN)]
    os.close(r)
    os.close(w)
    assert signalfd(S2) == sig and p.poll(SHORT) == []
    assert libc.signalfd(sig, (ctypes.c_ulong * 16)(1 << S1 - 1), 0) == sig
    assert p.poll(LONG) == [(sig, select.POLLIN)]
    assert info(sig) == (S1, os.getpid(), 0)
    os.close(sig)

def threads():
    """A signal for one thread; a descriptor that another thread adds."""
    sig = signalfd(S1)
    main = threading.get_ident()
    for name, look in waits(sig, s).items():
        sender = later(signal.pthread_kill, main, S1)
        assert look(LONG) == [sig] and info(sig), name
        sender.join()
    ep = reading(select.epoll(), s)
    other = signalfd(S2)
    def add():
        ep.register(other, select.EPOLLIN)
        os.kill(os.getpid(), S2)
    sender = later(add)
    assert ep.poll(LONG) == [(other, select.EPOLLIN)] and info(other)
    sender.join()
    def one():
        assert reading(select.poll(), s, sig).poll(LONG)
        while True:
            if info(sig): break
            time.sleep(0.001)
    crew = [threading.Thread(target=one) for n in range(3)]
    for thread in crew: thread.start()
    while any(thread.is_alive() for thread in crew):
        os.kill(os.getpid(), S1)
        time.sleep(0.01)
    while info(sig): pass
    os.close(sig)
    os.close(other)

def stream(told, tell):
    """Values of signals that others send, as fast as they can."""
    sig = signalfd(S1, S2)
    for name, look in waits(sig, s).items():
        got, urgent = [], 0
        os.write(tell, b"g")
        while len(got) < MANY:
            assert look(LONG) == [sig], (name, len(got))
            signo, pid, value = info(sig)
            if signo == S2: got.append((pid, value))
            else: urgent += 1
        assert all(value == n for n, (_, value) in enumerate(got)), (name, got)
        assert len(set(pid for pid, _ in got)) == 1 and got[0][0] != os.getpid()
        os.write(tell, b"e")
        assert os.read(told, 1) == b"."
        while info(sig): urgent += 1
        assert 0 < urgent <= MANY and look(0) == look(SHORT) == [], name

def send_many(pid):
    libc.sigqueue.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
    for n in range(MANY):
        os.kill(pid, S1)
        while libc.sigqueue(pid, S2, n): time.sleep(0.001)
        if n % 20 == 0: time.sleep(0.003)

def body():
    told, answer = os.pipe()
    wake, tell = os.pipe()
    me = os.getpid()
    def sibling():
        while True:
            what = os.read(wake, 1)
            if what == b"g": send_many(me)
            elif what == b"e": os.write(answer, b".")
            else: break
    signal.pthread_sigmask(signal.SIG_BLOCK, [S1, S2])
    for test in alone_and_mixed, other_sets, edges, numbers, threads: test()
    pid = child(lambda: (os.close(tell), sibling()))
    stream(told, tell)
    os.close(tell)
    wait(pid)

wait(child(body))
# And from who is no guest: the parent.
told, tell = os.pipe()
def waiting():
    signal.pthread_sigmask(signal.SIG_BLOCK, [S1])
    sig = signalfd(S1)
    ep = reading(select.epoll(), sig, s)
    for n in range(20):
        os.write(tell, b"x")
        assert ep.poll(LONG) == [(sig, select.EPOLLIN)]
        assert info(sig) == (S1, os.getppid(), 0) and info(sig) is None
pid = child(waiting)
for n in range(20):
    os.read(told, 1)
    time.sleep(0.002 * (n % 3))
    os.kill(pid, S1)
wait(pid)
