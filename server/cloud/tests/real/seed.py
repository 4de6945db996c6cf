"""Fills a fresh Keystone and Nova: people, catalog, two machines; and moves the databases to other ports."""

import pathlib
import re
import sqlite3
import sys
import time

import requests

IMAGE = "155d900f-4e14-4e4c-a73d-069cbf4541e6"  # both are built into Nova's doubles
NETWORK = "3cb9bc59-5699-4588-a4b1-b87f96708bc6"


def sign_in(base, user, project):
    """A session that carries the user's token; every password is the user's name."""
    domain = {"id": "default"}
    asked = {
        "identity": {"methods": ["password"], "password": {"user": {"name": user, "domain": domain, "password": user}}},
        "scope": {"project": {"name": project, "domain": domain}},
    }
    answer = requests.post(base + "/auth/tokens", json={"auth": asked}, timeout=30)
    answer.raise_for_status()
    session = requests.Session()
    session.headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]
    session.headers["OpenStack-API-Version"] = "compute 2.79"
    return session


def people(keystone, nova, placement):
    base = f"http://127.0.0.1:{keystone}/v3"
    session = sign_in(base, "admin", "admin")

    def make(kind, **values):
        answer = session.post(f"{base}/{kind}s", json={kind: values})
        answer.raise_for_status()
        return answer.json()[kind]["id"]

    roles = {one["name"]: one["id"] for one in session.get(base + "/roles").json()["roles"]}
    if "service" not in roles:
        roles["service"] = make("role", name="service")
    projects = {name: make("project", name=name, domain_id="default") for name in ("service", "demo")}
    for user, project, held in (
        ("nova", "service", ("admin", "service")),
        ("placement", "service", ("admin", "service")),
        ("demo", "demo", ("member",)),
        ("reader", "demo", ("reader",)),
    ):
        made = make("user", name=user, password=user, domain_id="default")
        for role in held:
            url = f"{base}/projects/{projects[project]}/users/{made}/roles/{roles[role]}"
            session.put(url).raise_for_status()
    for kind, name, url in (
        ("compute", "nova", f"http://127.0.0.1:{nova}/v2.1"),
        ("placement", "placement", f"http://127.0.0.1:{placement}"),
    ):
        made = make("service", type=kind, name=name)
        for interface in ("public", "internal"):
            make("endpoint", service_id=made, interface=interface, url=url, region_id="RegionOne")


def wal(folder):
    for path in pathlib.Path(folder).glob("*.db"):
        with sqlite3.connect(path) as database:
            database.execute("pragma journal_mode=wal")


def move(folder, *ports):
    """The catalog names the ports the databases were made with."""
    moved = dict(zip(ports[:3], ports[3:]))
    with sqlite3.connect(pathlib.Path(folder) / "keystone.db") as database:
        for key, url in database.execute("select id, url from endpoint").fetchall():
            host, port, path = re.fullmatch(r"(http://[^:/]+):(\d+)(.*)", url).groups()
            database.execute("update endpoint set url = ? where id = ?", (f"{host}:{moved[port]}{path}", key))


def machines(keystone, nova):
    base, compute = f"http://127.0.0.1:{keystone}/v3", f"http://127.0.0.1:{nova}/v2.1"
    flavor = {"id": "1", "name": "m1.tiny", "ram": 512, "vcpus": 1, "disk": 1}
    sign_in(base, "admin", "admin").post(compute + "/flavors", json={"flavor": flavor}).raise_for_status()
    session = sign_in(base, "demo", "demo")
    for name, address in (("node-12", "10.42.0.12"), ("node-121", "10.42.0.121")):
        network = {"uuid": NETWORK, "fixed_ip": address}
        server = {"name": name, "flavorRef": "1", "imageRef": IMAGE, "networks": [network]}
        made = session.post(compute + "/servers", json={"server": server})
        made.raise_for_status()
        deadline = time.monotonic() + 60
        while True:
            seen = session.get(f"{compute}/servers/{made.json()['server']['id']}").json()["server"]
            if seen["status"] == "ACTIVE" and seen["addresses"]:
                break
            if seen["status"] == "ERROR" or time.monotonic() > deadline:
                sys.exit(f"{name} did not come up: {seen}")
            time.sleep(0.1)


{"people": people, "wal": wal, "move": move, "machines": machines}[sys.argv[1]](*sys.argv[2:])
