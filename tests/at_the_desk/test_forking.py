"""Processes of the desk's own: told to stop at the worst moment, they still all end."""

import os
import signal
import subprocess
import sys

# Told to stop in the moment in which a process has just been made, and is not known to be there.
TOLD_TO_STOP = """
import os, signal, sys
from sync.server.desk import forking

fork, made = os.fork, []

def fork_and_be_told():
    child = fork()
    made.append(child)
    if child and len(made) == 2:
        os.kill(os.getpid(), signal.SIGTERM)
    return child

os.fork = fork_and_be_told
sys.exit(forking.supervise(2, forking.until_told))
"""


def test_told_to_stop_while_a_process_is_being_made_all_of_them_end():
    process = subprocess.Popen([sys.executable, "-c", TOLD_TO_STOP], process_group=0)
    try:
        assert process.wait(30) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
