# SPDX-License-Identifier: GPL-2.0
# spawns.py - Programs that are started with sockets: subprocess, posix_spawn(), system() and popen()
from common import *
import subprocess

SCRIPT = "read line; echo got $line"

def check(start):
    c, s = pair()
    c.sendall(b"hello\n")
    start(s)
    s.close()
    assert c.recv(100) == b"got hello\n", start
    assert c.recv(100) == b"", start

def popen(*args, **kwargs):
    assert subprocess.Popen(*args, **kwargs).wait(30) == 0

# Numbers of one digit are all that dash takes in a redirection.
def at_nine(run):
    def start(s):
        os.dup2(s.fileno(), 9)
        run(f"({SCRIPT}) <&9 >&9")
        os.close(9)
    return start

def spawn(s):
    actions = [(os.POSIX_SPAWN_DUP2, s.fileno(), n) for n in range(2)]
    wait(os.posix_spawn("/bin/sh", ["sh", "-c", SCRIPT], os.environ, file_actions=actions))

def system(command):
    assert os.system(command) == 0

c = ctypes.CDLL(None, use_errno=True)
c.popen.restype = ctypes.c_void_p
c.pclose.argtypes = [ctypes.c_void_p]

def libc_popen(command):
    assert c.pclose(c.popen(command.encode(), b"r")) == 0

check(lambda s: popen(["sh", "-c", SCRIPT], stdin=s, stdout=s))
check(lambda s: popen(SCRIPT, shell=True, stdin=s, stdout=s, close_fds=False))
check(lambda s: popen(["sh", "-c", SCRIPT], stdin=s, stdout=s, start_new_session=True, cwd="/"))
check(at_nine(lambda command: popen(command, shell=True, pass_fds=[9])))
check(spawn)
check(at_nine(system))
check(at_nine(libc_popen))

# A child is a guest, and so are the programs that it starts.
wait(child(lambda: check(lambda s: popen(["sh", "-c", SCRIPT], stdin=s, stdout=s))))
try:
    subprocess.Popen(["/nonexistent"], stdin=socket.socket())
    assert False
except FileNotFoundError:
    pass

# C programs, whose streams are libc's
for program in (["cat"], ["sed", "s/x/y/"], ["grep", "-h", "hello"], ["awk", "{ print; fflush() }"]):
    c, s = pair()
    c.sendall(b"hello\n")
    c.shutdown(socket.SHUT_WR)
    popen(program, stdin=s, stdout=s)
    s.close()
    assert receive_all(c) == b"hello\n", program
