# SPDX-License-Identifier: GPL-2.0
# storm.py - Processes with threads that talk, wait, fork, and are killed, for some seconds
from common import *
import hashlib, random

SECONDS = float(os.environ.get("STORM_SECONDS", "4"))
WORKERS = 4
end = time.monotonic() + SECONDS
l = server()
address = l.getsockname()

def answer(s):
    """Send back a digest of what comes."""
    with s:
        try: s.sendall(hashlib.sha256(receive_all(s)).digest())
        except OSError: pass      # the other side was killed

def serve():
    l.settimeout(0.2)
    while time.monotonic() < end + 20:
        try: s = l.accept()[0]
        except TimeoutError: continue
        s.settimeout(None)
        if random.random() < 0.3:
            pid = child(lambda: answer(s))
            s.close()
            wait(pid)
        else:
            threading.Thread(target=answer, args=(s,), daemon=True).start()

def talk():
    data = random.randbytes(random.randrange(100000))
    with socket.create_connection(address) as c:
        r, w = os.pipe()
        ep = reading(select.epoll(), c, r)
        c.sendall(data)
        c.shutdown(socket.SHUT_WR)
        os.write(w, b"x")
        ready = set()
        while c.fileno() not in ready:
            ready |= {fd for fd, events in ep.poll(30)} or {None}
            assert None not in ready, "no answer"
        assert r in ready
        assert receive_all(c) == hashlib.sha256(data).digest()
        ep.close()
        os.close(r)
        os.close(w)

def client():
    def loop():
        while time.monotonic() < end: talk()
        done.append(1)
    done = []
    threads = [threading.Thread(target=loop) for n in range(3)]
    for t in threads: t.start()
    for t in threads: t.join()
    assert len(done) == len(threads)

def victim():
    while True: talk()

servers = [child(serve) for n in range(WORKERS)]
clients = [child(client) for n in range(WORKERS)]
killed = 0
while time.monotonic() < end:
    pid = child(victim)
    time.sleep(random.random() * 0.1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    killed += 1
for pid in clients: wait(pid)
for pid in servers:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
print("killed", killed)
