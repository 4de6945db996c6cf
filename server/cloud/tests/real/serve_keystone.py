"""Serves a real Keystone on loopback: serve_keystone.py CONFIG PORT."""

import os
import sys

config, port = sys.argv[1], int(sys.argv[2])
os.environ["OS_KEYSTONE_CONFIG_FILES"] = config
# Keystone reads the command line as well, and would not know ours.
sys.argv = sys.argv[:1]

from cheroot.wsgi import Server
from keystone.wsgi.api import application

Server(("127.0.0.1", port), application, numthreads=4).start()
