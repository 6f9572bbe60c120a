# SPDX-License-Identifier: GPL-2.0
# accept.py - Four processes accept from one socket
from common import *

l = server()
def body():
    for n in range(5):
        with l.accept()[0] as s:
            s.sendall(str(os.getpid()).encode())
pids = [child(body) for n in range(4)]
answers = []
for n in range(20):
    with socket.create_connection(l.getsockname()) as c:
        answers.append(int(receive_all(c)))
for pid in pids: wait(pid)
assert sorted(answers) == sorted(pids * 5), answers
