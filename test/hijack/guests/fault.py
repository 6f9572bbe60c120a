# SPDX-License-Identifier: GPL-2.0
# fault.py - A bad pointer is EFAULT
from common import *

a, b = pair()
def body():
    libc = ctypes.CDLL(None, use_errno=True)
    for call in (libc.recv, libc.send):
        a.sendall(b"x")
        assert call(b.fileno(), ctypes.c_void_p(8), ctypes.c_size_t(1), 0) == -1
        assert ctypes.get_errno() == errno.EFAULT
wait(child(body))
