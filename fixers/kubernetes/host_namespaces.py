"""Keep AI pods out of the namespaces of their node

With `hostNetwork` a pod listens and sends as its node: it reaches the kubelet, the cloud's metadata
service and its credentials, and no network policy applies to it. With `hostPID` it sees, and as the
same user may signal and read, every process of the node; with `hostIPC` it shares their memory segments.

```diff
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
-      hostPID: true
+      hostPID: false
       containers:
       - name: vllm
         image: vllm/vllm-openai:v0.11.0
```

Training on several machines may have a reason: RDMA, EFA, TPU slices and NCCL on a chosen interface
are mostly set up with `hostNetwork`, and processes that share tensors with `hostIPC`. Such pods are
reported with the reason. For shared memory alone, an `emptyDir` of medium `Memory` on `/dev/shm` does
it too.

```yaml found
apiVersion: leaderworkerset.x-k8s.io/v1
kind: LeaderWorkerSet
metadata:
  name: llm
spec:
  leaderWorkerTemplate:
    size: 2
    workerTemplate:
      spec:
        hostNetwork: true
        containers:
        - name: sglang
          image: lmsysorg/sglang:v0.5.3
          resources:
            limits:
              nvidia.com/gpu: 8
```

What tends to nodes is left alone, and so is what isn't an AI workload:

```yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: dcgm-exporter
spec:
  selector:
    matchLabels: {app: dcgm}
  template:
    metadata:
      labels: {app: dcgm}
    spec:
      hostPID: true
      containers:
      - name: exporter
        image: nvcr.io/nvidia/k8s/dcgm-exporter:4.4.0
        resources:
          limits:
            nvidia.com/gpu: 1
```

## Who notices

Whoever reached the pod at its node's address (a Service reaches it still), and a profiler or exporter in it
that looks at other processes of the node. Pods of a Deployment restart; a RayService moves to a second
cluster; a RayCluster or a Job changes when it is made anew.

## Test

1. Roll the workload out and wait until `kubectl get pods` says that it is ready.
2. `kubectl exec POD -- ls /proc` lists only the pod's own processes (`hostPID`); `kubectl get pod -o wide`
   shows an address that isn't the node's (`hostNetwork`).
3. Send one request or run one training step, and compare its time with the one before.

## Roll back

apply the manifests again, with the same restarts. No state changes.

## Does not close

Privileged containers and mounted folders of the node lead there as before.
"""

from collections.abc import Iterator

from fixers.kubernetes.source import KubernetesFile, PodSpec
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_SHARES = {
    "hostNetwork": "listens and sends as its node",
    "hostPID": "sees every process of its node",
    "hostIPC": "shares memory segments with its node",
}
_ON_SEVERAL_MACHINES = {
    "MPIJob",
    "PyTorchJob",
    "TFJob",
    "JAXJob",
    "PaddleJob",
    "XGBoostJob",
    "LeaderWorkerSet",
    "JobSet",
    "RayCluster",
    "RayJob",
    "RayService",
    "TrainingRuntime",
    "ClusterTrainingRuntime",
    "LLMInferenceService",
}


@rule(
    KubernetesFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.EXCESS_PRIVILEGE,
    references=(
        "CWE-250",
        "CWE-668",
        "AML.T0105",
        "checkov:CKV_K8S_17",
        "checkov:CKV_K8S_18",
        "checkov:CKV_K8S_19",
        "kubescape:C-0038",
        "kubescape:C-0041",
    ),
    mentions=tuple(_SHARES),
)
def check(file: KubernetesFile) -> Iterator[Finding]:
    for pod in file.pod_specs():
        if not pod.is_ai or pod.is_node_agent:
            continue
        for key, what in _SHARES.items():
            flag = pod.get(key)
            if flag is not None and flag.is_true:
                yield Finding(f"`{pod.resource.address}` {what}", flag.span, _fix(pod, key))


def _fix(pod: PodSpec, key: str) -> Changes:
    if key != "hostPID" and _works_with_others(pod):
        return (Refusal("its processes may work together with others over this: try it on one job first"),)
    if key == "hostIPC" and not _has_shared_memory(pod):
        return (
            Refusal(
                "its processes may share memory: mount an `emptyDir` of medium Memory on `/dev/shm` first"
            ),
        )
    if any(port.get("hostPort") is not None for c in pod.containers for port in c.node.each("ports")):
        return (Refusal("it publishes ports of its node: decide first who is to reach them"),)
    return pod.merge({key: False})


def _works_with_others(pod: PodSpec) -> bool:
    in_group = pod.resource.kind in _ON_SEVERAL_MACHINES
    return in_group or any(container.uses_fast_network for container in pod.containers)


def _has_shared_memory(pod: PodSpec) -> bool:
    mounts = (mount for container in pod.containers for mount in container.node.each("volumeMounts"))
    return any(mount.string("mountPath").rstrip("/") == "/dev/shm" for mount in mounts)
