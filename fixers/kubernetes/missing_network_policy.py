"""Close the unpublished ports of AI servers to other pods

Without a NetworkPolicy every pod of the cluster can connect to every port of every other pod, and model
servers open more ports than the one that serves: Ray takes jobs, and vLLM, SGLang and NCCL talk to their
other processes without asking who is there. The policy that is added leaves the ports that a Service
publishes open to all who reach them today, and every other port to the server's own pods alone.

```diff path=base/kustomization.yaml
 apiVersion: kustomize.config.k8s.io/v1beta1
 kind: Kustomization
 resources:
 - server.yaml
+- network-policy.yaml
 commonLabels:
   team: search
```

```yaml with path=base/server.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: llm
spec:
  selector:
    matchLabels: {app: llm}
  template:
    metadata:
      labels: {app: llm}
    spec:
      containers:
      - name: vllm
        image: vllm/vllm-openai:v0.11.0
---
apiVersion: v1
kind: Service
metadata:
  name: llm
spec:
  selector: {app: llm}
  ports:
  - port: 80
    targetPort: 8000
```

```diff with path=base/network-policy.yaml
+# Only the ports that a Service publishes, and between the server's own pods every port.
+apiVersion: networking.k8s.io/v1
+kind: NetworkPolicy
+metadata:
+  name: llm
+spec:
+  podSelector:
+    matchLabels:
+      app: llm
+  policyTypes:
+  - Ingress
+  ingress:
+  - ports:
+    - port: 8000
+      protocol: TCP
+  - from:
+    - podSelector:
+        matchLabels:
+          app: llm
```

The policy lies beside the kustomization, which lists it. A kustomization that holds a policy of any
kind, or is used by one that does, is left alone. So is one that lies among tests or in the folder of a
release (`install/v1.2.3/`), and one that takes parts from elsewhere, which can't be seen:

```yaml path=kustomization.yaml
resources:
- server.yaml
- https://example.com/policies.yaml
```

## Who notices

Whoever scrapes metrics from a port that no Service publishes, or opens a debug port there: the connection
times out. No pod restarts.

## Test

1. `kubectl kustomize .` prints the policy beside the workload.
2. After it is applied, the server answers a request through its Service, and Prometheus still finds its
   target.
3. From another pod, `nc -vz -w 5 ADDRESS PORT` to a port that isn't published times out.

## Roll back

apply with pruning, or `kubectl delete networkpolicy NAME`, as a plain apply leaves the policy in the cluster.
Connections are let in again at once, and no pod restarts.

## Does not close

It doesn't say who may call the server, nor where the server may connect to. A cluster whose network
ignores policies isn't protected by one.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from fixers.kubernetes.source import KubernetesFile, Node, Resource, list_resource, written
from fixers.rule import Changes, Confidence, Finding, NewFile, Refusal, Safety, Severity, Threat, rule

_SERVERS = {"Deployment", "StatefulSet"}
_POLICIES = ("NetworkPolicy", "AuthorizationPolicy")
_NAME = "network-policy.yaml"
_COMMENT = "# Only the ports that a Service publishes, and between the server's own pods every port.\n"


@rule(
    KubernetesFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    confidence=Confidence.MEDIUM,
    threat=Threat.EXPOSED_SERVICE,
    references=("CWE-923", "AML.T0049", "kubescape:C-0260", "kubescape:C-0030"),
    mentions=("resources",),
)
def check(file: KubernetesFile) -> Iterator[Finding]:
    if not file.is_source:
        return
    root = file.documents[0].root if file.documents else None
    key = root.key("resources") if root is not None and file.listed() else None
    services = [service for service in file.listed() if _is_ai_service(service, file.listed())]
    applied = file.kustomized() if services and key is not None else None
    if key is None or applied is None or any(_is_policy(resource) for resource in applied):
        return
    names = " and ".join(f"`{service.name}`" for service in services[:2])
    more = f" and {len(services) - 2} more" if len(services) > 2 else ""
    message = f"every pod of the cluster reaches every port behind {names}{more}"
    yield Finding(message, key.span, _fix(file, services))


def _is_policy(resource: Resource) -> bool:
    return resource.kind.endswith(_POLICIES)


def _is_ai_service(service: Resource, applied: tuple[Resource, ...]) -> bool:
    """Whether a Service leads to pods of an AI server, and says so by labels and ports."""
    selector = _labels(service.root.get("spec", "selector"))
    if service.kind != "Service" or service.group or not selector or not service.root.each("spec", "ports"):
        return False
    return any(
        selector.items() <= _labels(server.root.get("spec", "template", "metadata", "labels")).items()
        and server.namespace == service.namespace
        and any(pod.is_ai and not pod.is_node_agent and not pod.is_partial for pod in server.pod_specs())
        for server in applied
        if server.kind in _SERVERS
    )


def _labels(node: Node | None) -> dict[str, str]:
    return {key.text: value.text for key, value in node.entries()} if node is not None else {}


def _fix(file: KubernetesFile, services: list[Resource]) -> Changes:
    path = str(PurePosixPath(file.path).parent / _NAME)
    if path in file.repo:
        return (Refusal(f"`{_NAME}` lies beside it already, but isn't listed"),)
    policies = [written(_policy(service)) for service in services]
    return (NewFile(path, _COMMENT + "---\n".join(policies)), *list_resource(file.repo, file.path, _NAME))


def _policy(service: Resource) -> dict[str, object]:
    metadata: dict[str, object] = {"name": service.name}
    if service.namespace:
        metadata["namespace"] = service.namespace
    own = {"matchLabels": _labels(service.root.get("spec", "selector"))}
    ports = [_port(port) for port in service.root.each("spec", "ports")]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata,
        "spec": {
            "podSelector": own,
            "policyTypes": ["Ingress"],
            "ingress": [{"ports": ports}, {"from": [{"podSelector": own}]}],
        },
    }


def _port(port: Node) -> dict[str, object]:
    target = port.string("targetPort") or port.string("port")
    number: object = int(target) if target.isdecimal() else target
    return {"port": number, "protocol": port.string("protocol") or "TCP"}
