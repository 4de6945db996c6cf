"""Serves a real Nova on loopback in one process: serve_nova.py FOLDER NOVA_PORT PLACEMENT_PORT.

API, conductor, scheduler and compute talk over oslo.messaging's in-memory transport. The hypervisor is Nova's own
fake one; Neutron and Glance are the doubles that Nova ships for its functional tests. Keystone is a real neighbour.
"""

import copy
import os
import sys
import threading

folder, nova_port, placement_port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
venv = os.path.dirname(os.path.dirname(sys.executable))
os.environ["OS_NOVA_DISABLE_EVENTLET_PATCHING"] = "true"
os.environ["OS_PLACEMENT_CONFIG_DIR"] = folder
sys.argv = ["nova", "--config-file", os.path.join(folder, "nova.conf")]

from nova import monkey_patch

monkey_patch.patch(backend="threading")

from cheroot.wsgi import Server
from oslo_log import log as logging
from oslo_reports import opts as report_opts
from paste import deploy
from placement import wsgi as placement_wsgi
import fixtures
import testtools

import nova.conf
from nova import config, context, objects, service
from nova.api.openstack import wsgi_app
from nova.compute import rpcapi as compute_rpc
from nova.conductor import rpcapi as conductor_rpc
from nova.objects import host_mapping
from nova.scheduler import rpcapi as scheduler_rpc
from nova.tests import fixtures as doubles

CONF = nova.conf.CONF
SUBNET = "10.42.0.0/16"


class Case(testtools.TestCase):
    """Nova's doubles want to live inside a test case."""

    def runTest(self):
        """Nothing: the case only carries the doubles."""

    def stub_out(self, old, new):
        self.useFixture(fixtures.MonkeyPatch(old, new))

    def flags(self, group=None, **values):
        for name, value in values.items():
            CONF.set_override(name, value, group)


class Network(doubles.NeutronFixture):
    """The double gives every port to one tenant and one address; here a port keeps its tenant and the one it asked for."""

    network_1 = dict(doubles.NeutronFixture.network_1, shared=True)
    subnet_1 = dict(doubles.NeutronFixture.subnet_1, cidr=SUBNET)

    def create_port(self, body=None):
        wanted = body["port"]
        made = super().create_port(body)["port"]
        kept = self._ports[made["id"]]
        address = wanted["fixed_ips"][0]["ip_address"]
        kept.update(
            tenant_id=wanted.get("tenant_id"),
            project_id=wanted.get("tenant_id"),
            device_id=wanted.get("device_id", ""),
            network_id=wanted["network_id"],
            fixed_ips=[{"ip_address": address, "subnet_id": self.subnet_1["id"]}],
        )
        return {"port": copy.deepcopy(kept)}


def serve(application, port):
    server = Server(("127.0.0.1", port), application, numthreads=6)
    threading.Thread(target=server.start, daemon=True).start()


# Placement first: it would take Nova's log over.
serve(placement_wsgi.init_application(), placement_port)
config.parse_args(sys.argv)
logging.setup(CONF, "nova")
objects.register_all()
report_opts.set_defaults(CONF)
CONF.set_override("api_paste_config", os.path.join(venv, "etc/nova/api-paste.ini"), "wsgi")

case = Case()
case.useFixture(doubles.GlanceFixture(case))
case.useFixture(Network(case))
# SQLite has one writer at a time.
case.useFixture(doubles.DatabaseWriteLock())

running = []
for binary, topic in (
    ("nova-conductor", conductor_rpc.RPC_TOPIC),
    ("nova-scheduler", scheduler_rpc.RPC_TOPIC),
    ("nova-compute", compute_rpc.RPC_TOPIC),
):
    one = service.Service.create(binary=binary, topic=topic)
    one.start()
    running.append(one)

# Without this the scheduler knows no host until its periodic task has run.
host_mapping.discover_hosts(context.get_admin_context())
wsgi_app._setup_service(CONF.host, "osapi_compute")
serve(deploy.loadapp("config:" + CONF.wsgi.api_paste_config, name="osapi_compute"), nova_port)
threading.Event().wait()
