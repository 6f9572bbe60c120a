# SPDX-License-Identifier: GPL-2.0
# messages.py - Messages with several parts, options, names
from common import *

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
def body():
    c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    c.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 7)
    assert c.getsockopt(socket.IPPROTO_IP, socket.IP_TTL) == 7
    c.bind(("127.0.0.1", 0))
    assert c.getsockname()[1] > 0
    c.sendmsg([b"ab", b"", b"cd" * 1000], [], 0, s.getsockname())
pid = child(body)
data, ancillary, flags, sender = s.recvmsg(5000)
assert data == b"ab" + b"cd" * 1000 and sender[0] == "127.0.0.1"
wait(pid)
