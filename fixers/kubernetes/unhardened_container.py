"""Take from AI containers the rights that they do not use

A container without a `securityContext` starts with 14 capabilities of root, may gain more through a
setuid program, and may call every function of the kernel. Model files, notebooks and plugins run code
that nobody reviewed; what such a process may not do is what keeps a break-in inside its container.

```diff
 apiVersion: v1
 kind: Service
 metadata:
   name: llm
 spec:
   selector: {app: llm}
   ports:
   - port: 8000
 ---
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
       # serves the model
       - name: vllm
         image: vllm/vllm-openai:v0.11.0
+        securityContext:
+          allowPrivilegeEscalation: false
+          capabilities:
+            drop:
+            - ALL
+          seccompProfile:
+            type: RuntimeDefault
         # the weights are read from here
         volumeMounts:
         - name: models
           mountPath: /models
```

A security context that is there is completed, and what its author decided stays, a value that allows
too much included:

```diff
 apiVersion: ray.io/v1
 kind: RayCluster
 metadata:
   name: ray
 spec:
   headGroupSpec:
     rayStartParams: {}
     template:
       spec:
         securityContext:
           seccompProfile:
             type: RuntimeDefault
         containers:
           - name: head
             image: rayproject/ray:2.52.0
             securityContext:
               runAsNonRoot: true
+              allowPrivilegeEscalation: false
               capabilities:
-                drop: [NET_RAW]
+                drop: [NET_RAW, ALL]
```

A port below 1024 keeps its capability. Commands that change owners, users or packages are reported
only, and so are MPI jobs, which need an `sshd`, and containers that are given capabilities by name or run
as user 0. Privileged containers, those with `SYS_ADMIN` and Windows pods are left out, as the API rejects
the combination. Manifests that lie among tests or in the folder of a release (`install/v1.2.3/`) are left
alone, and so is what isn't an AI workload:

```yaml
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
  - name: web
    image: nginx:1.29
```

## Who notices

An image that runs as root and changes owners, installs packages, becomes another user or writes into another
user's folders (`Permission denied`); `sudo`; a server that pins memory to NUMA nodes (the profile forbids
`mbind`). Pods of a Deployment restart; a RayService moves to a second cluster; a RayCluster or a Job changes
when it is made anew.

## Test

1. Roll the workload out, wait until it is ready, and send a request or run a training step.
2. `kubectl logs POD --all-containers` shows no `Operation not permitted` and no `Permission denied`.
3. `kubectl exec POD -- grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/1/status` shows zeros, 1 and 2.

## Roll back

apply the manifests again, with the same restarts. No state changes. If only one capability is missing, keep
this change and name it under `capabilities.add` instead.

## Does not close

The process may still be root, write to its own file system and use the network.
"""

import re
from collections.abc import Iterator
from typing import Any

from fixers.kubernetes.source import Container, KubernetesFile, PodSpec
from fixers.rule import Changes, Confidence, Finding, Refusal, Safety, Severity, Threat, rule

_NEEDS_RIGHTS = re.compile(
    r"\b(?:chown|chgrp|chmod|sudo|su|gosu|useradd|adduser|apt|apt-get|yum|dnf|apk|sshd|setcap)\b"
)


@rule(
    KubernetesFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.EXCESS_PRIVILEGE,
    references=(
        "CWE-250",
        "CWE-269",
        "AML.T0105",
        "checkov:CKV_K8S_20",
        "checkov:CKV_K8S_37",
        "checkov:CKV_K8S_31",
        "kubescape:C-0016",
        "kubescape:C-0046",
        "kubescape:C-0210",
        "trivy:KSV-0001",
        "trivy:KSV-0003",
        "trivy:KSV-0030",
    ),
    mentions=("containers", "predictor"),
)
def check(file: KubernetesFile) -> Iterator[Finding]:
    for pod in file.pod_specs() if file.is_source else ():
        if not pod.is_ai or pod.is_node_agent or _is_windows(pod):
            continue
        for container in pod.containers:
            wanted = _wanted(container)
            if wanted and not _is_all_powerful(container):
                message = f"container `{container.name}` keeps rights that serving and training don't need"
                confidence = Confidence.LOW if container.is_completed_by_runtime else None
                yield Finding(message, container.span, _fix(container, wanted), confidence=confidence)


def _wanted(container: Container) -> dict[str, Any]:
    """What its security context lacks; what the author has decided otherwise isn't touched."""
    wanted: dict[str, Any] = {}
    if container.get("securityContext", "allowPrivilegeEscalation") is None:
        wanted["allowPrivilegeEscalation"] = False
    dropped = {item.text.upper() for item in container.node.each("securityContext", "capabilities", "drop")}
    if "ALL" not in dropped:
        wanted["capabilities"] = {"drop": ["ALL"]}
        if _binds_low_port(container):
            wanted["capabilities"]["add"] = ["NET_BIND_SERVICE"]
    context = container.get("securityContext") or container.node
    if (
        context.get("seccompProfile") is None
        and container.pod.get("securityContext", "seccompProfile") is None
    ):
        wanted["seccompProfile"] = {"type": "RuntimeDefault"}
    return wanted


def _is_all_powerful(container: Container) -> bool:
    """Whether the API would reject `allowPrivilegeEscalation: false` beside what it is given."""
    privileged = container.get("securityContext", "privileged")
    added = {item.text.upper() for item in container.node.each("securityContext", "capabilities", "add")}
    is_privileged = privileged is not None and privileged.is_true
    return is_privileged or bool(added & {"ALL", "SYS_ADMIN", "CAP_SYS_ADMIN"})


def _binds_low_port(container: Container) -> bool:
    ports = (port.string("containerPort") for port in container.node.each("ports"))
    return any(port.isdecimal() and 0 < int(port) < 1024 for port in ports)


def _is_windows(pod: PodSpec) -> bool:
    selector = pod.get("nodeSelector")
    return "windows" in (
        pod.node.string("os", "name"),
        selector.string("kubernetes.io/os") if selector is not None else "",
    )


def _fix(container: Container, wanted: dict[str, Any]) -> Changes:
    if container.is_completed_by_runtime:
        return (Refusal("KServe completes it from a serving runtime, which may hold the same already"),)
    if container.pod.resource.kind == "MPIJob":
        return (Refusal("MPI reaches its workers by ssh, whose server needs capabilities"),)
    if container.node.each("securityContext", "capabilities", "add"):
        return (Refusal("it is given capabilities on purpose, and which others it needs isn't written down"),)
    if _is_root_on_purpose(container):
        return (Refusal("it runs as user 0, which without capabilities can't reach files of other users"),)
    if any(_NEEDS_RIGHTS.search(word.text) for word in container.words):
        return (Refusal("its command changes owners, users or packages, which needs capabilities"),)
    return container.merge({"securityContext": wanted})


def _is_root_on_purpose(container: Container) -> bool:
    own = container.node.string("securityContext", "runAsUser")
    return (own or container.pod.node.string("securityContext", "runAsUser")) == "0"
