# SPDX-License-Identifier: GPL-2.0
# by_number.py - A child that is made by syscall(SYS_clone)
from common import *

SYS_clone = 56
clone = ctypes.CDLL(None, use_errno=True).syscall

def made(flags, body):
    pid = clone(ctypes.c_long(SYS_clone), ctypes.c_long(flags | signal.SIGCHLD), *[ctypes.c_long(0)] * 4)
    if pid:
        return pid
    body()
    os._exit(0)

c, s = pair()
wait(made(0, lambda: s.sendall(b"from the child")))
assert c.recv(100) == b"from the child"

# A namespace; a trapped program cannot have it that way.
CLONE_NEWIPC = 0x08000000
ours = os.readlink("/proc/self/ns/ipc")
pid = made(CLONE_NEWIPC, lambda: s.sendall(os.readlink("/proc/self/ns/ipc").encode()))
if pid > 0:
    wait(pid)
    assert c.recv(100).decode() != ours
else:
    trapped = os.environ.get("LKL_HIJACK_MODE") == "trap"
    assert ctypes.get_errno() == (errno.EINVAL if trapped else errno.EPERM)
    assert trapped or os.getuid() != 0
