# SPDX-License-Identifier: GPL-2.0
# grandchild.py - A grandchild, whose parent has ended
from common import *

l = server()
def grandchild():
    time.sleep(0.1)
    l.accept()[0].sendall(b"grandchild")
wait(child(lambda: child(grandchild)))
with socket.create_connection(l.getsockname()) as c:
    assert receive_all(c) == b"grandchild"
