# SPDX-License-Identifier: GPL-2.0
# port.py - A child that has been waited for has closed its sockets: its port is free
from common import *

free = server()
address = free.getsockname()
free.close()

def body(killed):
    s = socket.socket()
    s.bind(address)
    s.listen()
    if killed:
        os.kill(os.getpid(), signal.SIGKILL)

for n in range(100):
    pid = child(lambda: body(n % 2))
    if n % 4 < 2:
        os.waitpid(pid, 0)
    else:
        os.waitid(os.P_PID, pid, os.WEXITED)
    s = socket.socket()
    s.bind(address)
    s.close()
