"""A store of six nodes, three masters and three replicas, of which any can be killed, cut off, or emptied of a slot."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from redis import Redis
from redis.crc import key_slot

from shared.embedded import valkey
from shared.embedded.ports import choose, is_free
from shared.embedded.process import Process
from shared.store.keys import Keys
from tests.faults.machine import kill, wait

MASTERS = 3
BUS, HIGHEST = 10_000, 32_768
NODE_TIMEOUT = 2_000
SECONDS = 90


class Node(NamedTuple):
    """One server."""

    process: Process
    port: int
    ask: Redis
    id: str

    @property
    def is_master(self):
        return self.ask.role()[0] == b"master"

    def replicates(self):
        """Whether it is a replica that has all that its master has sent."""
        role = self.ask.role()
        return role[0] == b"slave" and role[3] == b"connected"


class SixNodes:
    """The first master's is the address that settings name."""

    cluster = True

    def __init__(self, folder):
        self.folder, self.password, self.nodes = folder, uuid.uuid4().hex, []
        try:
            self._make()
        except BaseException:
            self.stop()
            raise
        self.url = f"redis://:{self.password}@127.0.0.1:{self.nodes[0].port}/0"

    def _make(self):
        for _ in range(2 * MASTERS):
            self.add()
        for number in range(MASTERS):
            first, after = (16384 * each // MASTERS for each in (number, number + 1))
            self.nodes[number].ask.execute_command("CLUSTER", "ADDSLOTSRANGE", first, after - 1)
            self.nodes[number].ask.execute_command("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        self.meet(*self.nodes[1:])
        for master, replica in zip(self.nodes[:MASTERS], self.nodes[MASTERS:], strict=True):
            replica.ask.execute_command("CLUSTER", "REPLICATE", master.id)
        wait(lambda: self.is_up() and all(node.replicates() for node in self.nodes[MASTERS:]), SECONDS)

    def add(self):
        """A node more, which is in no cluster yet."""
        port = self._port()
        folder = self.folder / str(port)
        folder.mkdir(parents=True)
        process = valkey.start(
            port=port, password=self.password, folder=folder, log=folder / "valkey.log", cluster=True
        )
        process.wait_until(lambda: valkey.is_ready(port, self.password), seconds=30)
        ask = Redis(port=port, password=self.password)
        ask.config_set("masterauth", self.password)
        ask.config_set("cluster-node-timeout", NODE_TIMEOUT)
        ask.config_set("cluster-replica-validity-factor", 0)  # a replica takes over however old it is
        node = Node(process, port, ask, ask.execute_command("CLUSTER", "MYID").decode())
        self.nodes.append(node)
        return node

    def _port(self):
        """A port whose bus, ten thousand above it, also lies below those of outgoing connections."""
        while True:
            port = choose()
            if port + BUS < HIGHEST and is_free(port + BUS):
                return port

    def meet(self, *nodes):
        for node in nodes:
            self.nodes[0].ask.execute_command("CLUSTER MEET", "127.0.0.1", node.port)
        wait(lambda: all(self._known(node) == {each.id for each in self.nodes} for node in self.nodes), SECONDS)

    @staticmethod
    def _known(node):
        return {each["node_id"] for each in node.ask.execute_command("CLUSTER NODES").values()}

    def is_up(self):
        return all(node.ask.execute_command("CLUSTER INFO")["cluster_state"] == "ok" for node in self.nodes)

    # Faults

    def heir(self, master):
        """The replica that will take over from a master."""
        return self.nodes[self.nodes.index(master) + MASTERS]

    def cut_off(self, master):
        """What a master acknowledges from now on does not come to its replica."""
        replica = self.heir(master)
        replica.ask.config_set("masterauth", "wrong")
        master.ask.client_kill_filter(_type="replica")
        wait(lambda: not replica.replicates())

    def kill(self, node):
        kill(node.process)

    # Slots

    def owner(self, slot, asked):
        """The master of a slot, as a node knows it."""
        found = asked.ask.execute_command("CLUSTER SLOTS")
        [port] = [master[1] for first, last, master, *_ in found if first <= slot <= last]
        return next(node for node in self.nodes if node.port == port)

    def begin_move(self, slot, source, target):
        target.ask.execute_command("CLUSTER SETSLOT", slot, "IMPORTING", source.id)
        source.ask.execute_command("CLUSTER SETSLOT", slot, "MIGRATING", target.id)

    def keys_of(self, slot, node):
        return node.ask.execute_command("CLUSTER GETKEYSINSLOT", slot, 10_000)

    def move_keys(self, keys, source, target):
        source.ask.migrate("127.0.0.1", target.port, keys, 0, 30_000, auth=self.password)
        return keys

    def end_move(self, slot, source, target):
        for node in (target, source):
            node.ask.execute_command("CLUSTER SETSLOT", slot, "NODE", target.id)
        wait(lambda: all(self.owner(slot, node) == target for node in self.nodes), SECONDS)

    def stop(self):
        for node in self.nodes:
            node.ask.close()
            node.process.stop(seconds=10)


def slot_of(prefix, bucket):
    """The slot of a bucket's keys."""
    return key_slot(Keys(prefix).progress(bucket).encode())
