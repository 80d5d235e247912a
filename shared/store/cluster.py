"""The client of a cluster, and what it lacks on a day on which nodes fail, come, and take slots over."""

from __future__ import annotations

from typing import Any

from redis.cluster import PRIMARY, ClusterNode, RedisCluster


def connect(url: str, **options: Any) -> Any:
    """A client of the cluster that a node belongs to. It connects at once, and fails where that node does not answer.

    A node that was just added has no slots, so it stands in no list of the client's. The first slot that moves there is
    redirected to it (ASK) while it moves, and the client stumbles over a node that it does not know.
    """
    client = RedisCluster.from_url(url, **options)
    nodes: Any = client.nodes_manager
    known = nodes.get_node

    def get_node(host: str | None = None, port: int | None = None, node_name: str | None = None) -> ClusterNode | None:
        found: ClusterNode | None = known(host, port, node_name)
        if found is None and node_name:
            address, _, number = node_name.rpartition(":")
            found = nodes.nodes_cache.setdefault(node_name, ClusterNode(address, int(number), PRIMARY))  # type: ignore[no-untyped-call]
        return found

    nodes.get_node = get_node
    return client


def where(client: Any, key: str) -> dict[str, Any]:
    """Where a script goes in a pipeline, by its first key.

    Left to itself, the client asks one node for the keys of every single call, with all of its arguments. While that
    node is down no script can be sent anywhere, and it learns of no other.
    """
    return {"target_nodes": client.get_node_from_key(key)}


ANYWHERE: dict[str, Any] = {"target_nodes": RedisCluster.RANDOM}
"""Where a question goes that any node may answer."""
