# SPDX-License-Identifier: GPL-2.0
# own.py - Sockets and threads of the child's own
from common import *

def body():
    l = server()
    threads = [threading.Thread(target=lambda: l.accept()[0].sendall(b"x" * 10)) for n in range(16)]
    for t in threads: t.start()
    for n in threads:
        with socket.create_connection(l.getsockname()) as c:
            assert receive_all(c) == b"x" * 10
    for t in threads: t.join()
for pid in [child(body) for n in range(3)]: wait(pid)
