"""Keep the Ray dashboard and client port inside the cluster

Ray's dashboard (8265) and client port (10001) run whatever they are sent, without asking who sends it:
that is their purpose, and Ray's documentation asks to keep them inside a trusted network. A Service of
type `LoadBalancer` or `NodePort` in front of them hands the cluster, its GPUs and its credentials to
everyone who can reach the address (CVE-2023-48022).

```diff
 apiVersion: ray.io/v1
 kind: RayCluster
 metadata:
   name: ray
 spec:
   headGroupSpec:
-    serviceType: LoadBalancer
+    serviceType: ClusterIP
     rayStartParams: {}
     template:
       spec:
         containers:
         - name: head
           image: rayproject/ray:2.52.0
```

```diff
 apiVersion: v1
 kind: Service
 metadata:
   name: ray-dashboard
 spec:
-  type: NodePort
+  type: ClusterIP
   selector:
     ray.io/node-type: head
   ports:
   - name: dashboard
     port: 8265
```

A load balancer that is internal, or restricted to address ranges, and a cluster with token
authentication are left alone:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: ray-dashboard
  annotations:
    networking.gke.io/load-balancer-type: Internal
spec:
  type: LoadBalancer
  selector:
    ray.io/node-type: head
  ports:
  - port: 8265
```

## Who notices

Everyone who opens the dashboard or submits jobs through that address. They go through `kubectl port-forward`,
a VPN, or an ingress that authenticates. The load balancer's address is given back to the cloud. No pod
restarts, but a RayService starts a new cluster and moves over to it.

## Test

1. Apply it. Of a RayCluster, delete the head's Service too: KubeRay leaves one that exists as it is, and
   makes a missing one anew.
2. `kubectl get service` shows no external address and no node port for the head.
3. Behind `kubectl port-forward service/NAME 8265`,
   `ray job submit --address http://localhost:8265 -- python -c 1` runs.

## Roll back

apply the manifests again, and delete a RayCluster's head Service once more. A load balancer comes back under
another address unless that was reserved, a node port under another number.

## Does not close

Every pod of the cluster, and whatever an Ingress lets in, still reaches both ports without a login: a
NetworkPolicy or Ray's token authentication closes that.
"""

import re
from collections.abc import Iterator

from fixers.kubernetes.source import KubernetesFile, Node, Resource, replace
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_PORTS = ("8265", "10001")
_OPEN = {"LoadBalancer": Severity.CRITICAL, "NodePort": Severity.HIGH}
_RAY = re.compile(r"(?:^|[^a-z])ray(?:[^a-z]|cluster|service|job|$)", re.I)
_SPECS = {"RayCluster": (), "RayJob": ("rayClusterSpec",), "RayService": ("rayClusterConfig",)}
_ONLY_WHEN_OPEN = (
    "externalTrafficPolicy",
    "loadBalancerClass",
    "loadBalancerIP",
    "allocateLoadBalancerNodePorts",
    "healthCheckNodePort",
)


@rule(
    KubernetesFile,
    severity=Severity.CRITICAL,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SERVICE,
    references=("CWE-306", "CWE-668", "AML.T0049", "kubescape:C-0256"),
    mentions=("LoadBalancer", "NodePort"),
    opens_unasked=True,
)
def check(file: KubernetesFile) -> Iterator[Finding]:
    for resource in file.resources:
        for service, kind in _services(resource):
            if kind.text in _OPEN and not _is_restricted(service, resource):
                message = f"`{resource.address}` opens Ray's dashboard or client port beyond the cluster"
                yield Finding(message, kind.span, _fix(file, resource, kind), severity=_OPEN[kind.text])


def _services(resource: Resource) -> Iterator[tuple[Node, Node]]:
    """What describes a Service of Ray's control ports, with the node of its type."""
    if resource.kind == "Service" and resource.group == "":
        spec = resource.root.get("spec")
        kind = spec.get("type") if spec is not None else None
        if spec is not None and kind is not None and _serves_ray(resource, spec):
            yield resource.root, kind
    elif resource.group == "ray.io" and resource.kind in _SPECS:
        head = resource.root.get("spec", *_SPECS[resource.kind], "headGroupSpec")
        for service, kind in (
            (head, head.get("serviceType") if head is not None else None),
            (
                head.get("headService") if head is not None else None,
                head.get("headService", "spec", "type") if head is not None else None,
            ),
        ):
            if service is not None and kind is not None:
                yield service, kind


def _serves_ray(resource: Resource, spec: Node) -> bool:
    ports = {port.string(key) for port in spec.each("ports") for key in ("port", "targetPort")}
    selector = spec.get("selector")
    words = [resource.name]
    for key, value in selector.entries() if selector is not None else ():
        words += (key.text, value.text)
    return bool(ports & set(_PORTS)) and any(map(_RAY.search, words))


def _is_restricted(service: Node, resource: Resource) -> bool:
    """Whether only some can reach it: an internal load balancer, address ranges, or a token."""
    annotations = service.get("metadata", "annotations")
    pairs = annotations.entries() if annotations is not None else ()
    internal = any(_says_internal(key.text.lower(), value.text.lower()) for key, value in pairs)
    ranges = bool(service.each("spec", "loadBalancerSourceRanges"))
    token = any(outer.string("authOptions", "mode") == "token" for outer in (service, *service.ancestors()))
    return internal or ranges or token


def _says_internal(key: str, value: str) -> bool:
    return value == "internal" or ("internal" in key and value not in ("false", ""))


def _fix(file: KubernetesFile, resource: Resource, kind: Node) -> Changes:
    spec = kind.parent
    ingresses = (other.root.source for other in file.together() if other.kind == "Ingress")
    if kind.text == "NodePort" and any(resource.name in source for source in ingresses):
        return (Refusal("an Ingress leads to it, and some controllers need the node port"),)
    for key in _ONLY_WHEN_OPEN:
        if spec is not None and spec.get(key) is not None:
            return (Refusal(f"`{key}` must go together with the type, as Kubernetes rejects it then"),)
    if spec is not None and any(port.get("nodePort") is not None for port in spec.each("ports")):
        return (
            Refusal("its fixed node ports must go together with the type, as Kubernetes rejects them then"),
        )
    return replace(kind, "ClusterIP")
