# SPDX-License-Identifier: GPL-2.0
# rounds.py - Kill guests, one after the other: see deaths.test.ts
#
# Usage: rounds.py KIND ROUNDS; in the launched program, the keeper
import ctypes, os, struct, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../guests"))
from common import *

ETH_P_ALL, SOL_PACKET, PACKET_RX_RING, PACKET_VERSION, TPACKET_V2 = 3, 263, 5, 10, 1
BLOCK, BLOCKS = 65536, 32
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p

def receives(ready):
    c, s = pair()
    ready()
    s.recv(1)

def waits(ready):
    c, s = pair()
    r, w = os.pipe()
    ep = reading(select.epoll(), s, r)
    ready()
    ep.poll()

def waits_for_signals(ready):
    c, s = pair()
    fd = libc.signalfd(-1, (ctypes.c_ulong * 16)(1 << signal.SIGUSR1 - 1), 0)
    ep = reading(select.epoll(), s, fd)
    ready()
    ep.poll()

def captures(ready):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    s.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
    s.setsockopt(SOL_PACKET, PACKET_RX_RING, struct.pack("IIII", BLOCK, BLOCKS, BLOCK, BLOCKS))
    assert libc.mmap(None, BLOCK * BLOCKS, 3, 1, s.fileno(), 0) != ctypes.c_void_p(-1).value, ctypes.get_errno()
    ready()
    reading(select.poll(), s).poll()

def reads_names(ready):
    open("/proc/net/dev").read()
    os.listdir("/sys/class/net")
    ready()
    signal.pause()

def executes(ready):
    c, s = pair()
    os.dup2(s.fileno(), 0)
    os.dup2(w, 1)
    os.execv("/bin/sh", ["sh", "-c", "echo; read line"])

for n in range(int(sys.argv[2])):
    r, w = os.pipe()
    pid = child(lambda: globals()[sys.argv[1]](lambda: os.write(w, b"\n")))
    os.close(w)
    assert os.read(r, 1) == b"\n"
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(r)
