# SPDX-License-Identifier: GPL-2.0
# answers.py - A connection of the parent is answered by the child, 2 MB verified
from common import *

c, s = pair()
def body():
    c.close()
    while data := s.recv(5000):
        s.sendall(data.upper())
pid = child(body)
s.close()
data = bytes(range(97, 123)) * 80000
sender = threading.Thread(target=lambda: (c.sendall(data), c.shutdown(socket.SHUT_WR)))
sender.start()
assert receive_all(c) == data.upper()
sender.join()
wait(pid)
