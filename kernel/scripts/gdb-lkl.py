# SPDX-License-Identifier: GPL-2.0
# gdb-lkl.py - gdb commands for a process, or a core, with the kernel inside
#
#   (gdb) source kernel/scripts/gdb-lkl.py
#   (gdb) lkl-tasks          tasks and what they wait for
#   (gdb) lkl-stack PID      stack of a task
#
# The image has symbols but no types, so where the fields of a task are is found
# out: from the code of __switch_to(), from what init_task must contain, and for
# lists from going round them.
#
# There are no unwind tables either. Like the kernel's own traces these show
# every address of kernel text on the stack, stale ones among them.

import re
import struct

import gdb

TASK_ROOM = 4096


def symbol(name):
    return int(gdb.parse_and_eval(f'(unsigned long)&{name}'))


def thread_size():
    return symbol('__end_init_stack') - symbol('__start_init_stack')


def read(addr, size):
    if addr not in range(1, 1 << 47):
        raise gdb.MemoryError('no address of the process')
    return gdb.selected_inferior().read_memory(addr, size).tobytes()


def word(addr):
    return struct.unpack('<Q', read(addr, 8))[0]


def words(addr, size):
    return struct.unpack(f'<{size // 8}Q', read(addr, size))


class Layout:
    """Offsets of the fields of struct task_struct"""

    def __init__(self):
        self.init = symbol('init_task')
        code = gdb.execute('disassemble __switch_to', to_string=True)
        self.sp = int(re.search(r'mov +0x([0-9a-f]+)\(%rsi\),%rsi', code)[1], 16)
        mem = read(self.init, TASK_ROOM)
        self.stack = 8 * words(self.init, TASK_ROOM).index(symbol('init_stack'))
        self.comm = mem.index(b'swapper')
        self.tasks = self.list_offset(self.init, 3)
        self.processes = self.ring(self.init, self.tasks)
        leader = next(t for t in self.processes if self.name(t) == 'init')
        kthreadd = next(t for t in self.processes if self.name(t) == 'kthreadd')
        pids = [struct.unpack(f'<{TASK_ROOM // 4}I', read(t, TASK_ROOM))
                for t in (self.init, leader, kthreadd)]
        self.pid = 4 * next(i for i in range(len(pids[0]) - 1)
                            if all(p[i] == p[i + 1] == n for n, p in enumerate(pids)))
        self.leader = leader
        self.threads = self.list_offset(leader, 2, self.tasks)

    def name(self, task):
        return read(task + self.comm, 16).split(b'\0')[0].decode(errors='replace')

    def is_task(self, addr):
        try:
            stack = word(addr + self.stack)
            sp = word(addr + self.sp)
            return stack % 8 == 0 and stack <= sp <= stack + thread_size() and \
                re.fullmatch(r'[!-~ ]+', self.name(addr)) is not None
        except gdb.MemoryError:
            return False

    def ring(self, first, offset):
        """All tasks on a list; its head, if it is no task, is left out"""
        tasks, node = [], first + offset
        while node not in (t + offset for t in tasks):
            if self.is_task(node - offset):
                tasks.append(node - offset)
            elif node - offset == first or tasks[-1:] == [None]:
                break
            elif word(node + 8) - offset not in tasks:
                break
            node = word(node)
        return tasks

    def list_offset(self, first, least, *but):
        """The list with the most tasks on it that a task is on"""
        best, count = None, least - 1
        for offset in range(0, self.comm, 8):
            try:
                if offset in but or word(word(first + offset) + 8) != first + offset:
                    continue
                tasks = self.ring(first, offset)
            except gdb.MemoryError:
                continue
            if len(tasks) > count:
                best, count = offset, len(tasks)
        return best

    def all(self):
        tasks = list(self.processes)
        if self.threads is not None:
            tasks += [t for t in self.ring(self.leader, self.threads) if t not in tasks]
        return tasks

    def pid_of(self, task):
        return struct.unpack('<I', read(task + self.pid, 4))[0]

    def trace(self, task):
        """Addresses of kernel text on the stack of a task that does not run"""
        sp = word(task + self.sp)
        text = range(symbol('_stext'), symbol('_etext'))
        return [a for a in words(sp, word(task + self.stack) + thread_size() - sp) if a in text]


def location(addr):
    name = gdb.execute(f'info symbol {addr:#x}', to_string=True)
    return name.split(' in section')[0].strip()


def where(layout, task):
    scheduler = range(symbol('__sched_text_start'), symbol('__sched_text_end'))
    for addr in layout.trace(task):
        if addr not in scheduler and not location(addr).startswith('__switch_to'):
            return location(addr)
    return '?'


class Tasks(gdb.Command):
    """lkl-tasks: list the kernel's tasks and what they wait for"""

    def __init__(self):
        super().__init__('lkl-tasks', gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        layout = Layout()
        current = word(symbol('lkl_current'))
        for task in layout.all():
            mark = '*' if task == current else ' '
            print(f'{mark} {layout.pid_of(task):5} {layout.name(task):16} {task:#x} {where(layout, task)}')


class Stack(gdb.Command):
    """lkl-stack PID: show the kernel stack of a task"""

    def __init__(self):
        super().__init__('lkl-stack', gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        layout = Layout()
        for task in layout.all():
            if layout.pid_of(task) == int(argument):
                for addr in layout.trace(task):
                    print(f'  {addr:#x} {location(addr)}')


Tasks()
Stack()
