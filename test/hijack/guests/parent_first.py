# SPDX-License-Identifier: GPL-2.0
# parent_first.py - The parent may end first: its kernel stays for the child
from common import *

a, b = pair()
r, w = os.pipe()
def body():
    os.close(w)
    os.read(r, 1)
    time.sleep(0.05)
    a.sendall(b"still here")
    print(b.recv(100).decode(), flush=True)
    a.close()
child(body)
os.close(r)
os.close(w)
print("parent ends", flush=True)
