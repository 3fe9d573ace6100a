"""Run AI containers without `privileged: true`

A privileged container is root on its node: it sees every device and file of the host, so code that a
model file, a notebook or a dependency brings in owns the machine and all that runs on it. Serving and
training don't need it; GPUs come from the device plugin and `resources.limits`.

```diff
 apiVersion: apps/v1
 kind: Deployment
 metadata:
   name: llm
 spec:
   selector: {matchLabels: {app: llm}}
   template:
     metadata:
       labels: {app: llm}
     spec:
       containers:
       - name: vllm
         image: vllm/vllm-openai:v0.11.0
         securityContext:
-          privileged: true # for the GPU
+          privileged: false # for the GPU
```

The fix leaves the other keys of `securityContext` as they are. Init containers are reported, not
changed, since preparing the node is often their whole purpose. So are pods that share the host's
namespaces or mount its folders, commands that mount or set the kernel up, containers on RDMA networks,
and those on TPUs, which nodes older than GKE 1.28 let in only so.

```yaml found
apiVersion: v1
kind: Pod
metadata:
  name: llm
spec:
  initContainers:
  - name: tune
    image: busybox:1.36
    command: [sysctl, -w, net.core.somaxconn=4096]
    securityContext:
      privileged: true
  containers:
  - name: vllm
    image: vllm/vllm-openai:v0.11.0
```

What isn't an AI workload, and what tends to nodes, is left alone:

```yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: nvidia-device-plugin
  namespace: kube-system
spec:
  selector: {matchLabels: {app: plugin}}
  template:
    metadata:
      labels: {app: plugin}
    spec:
      containers:
      - name: plugin
        image: nvcr.io/nvidia/k8s-device-plugin:v0.17.0
        securityContext:
          privileged: true
```

## Who notices

A container that mounts file systems, loads kernel modules or changes `sysctl`s: that is refused, and belongs
in a container of its own. One that uses a GPU without asking for it in `resources.limits` may not see it any
more. Pods of a Deployment restart; a RayService moves to a second cluster; a RayCluster or a Job changes when
it is made anew.

## Test

1. Roll the workload out and wait until it is ready.
2. `kubectl exec POD -- ls /dev`: the disks of the node are gone, `nvidia0` is there if the pod asks for
   a GPU.
3. Send one request, or run one training step.

## Roll back

apply the manifests again, with the same restarts. No state changes.

## Does not close

The container may still run as root inside, with a container runtime's usual capabilities.
"""

from collections.abc import Iterator

from fixers.kubernetes.source import Container, KubernetesFile
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule


@rule(
    KubernetesFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.EXCESS_PRIVILEGE,
    references=("CWE-250", "AML.T0105", "checkov:CKV_K8S_16", "kubescape:C-0057"),
    mentions=("privileged",),
    consequences=("kubernetes/unhardened-container",),
)
def check(file: KubernetesFile) -> Iterator[Finding]:
    for pod in file.pod_specs():
        if not pod.is_ai or pod.is_node_agent:
            continue
        for container in pod.containers:
            flag = container.get("securityContext", "privileged")
            if flag is not None and flag.is_true:
                message = f"container `{container.name}` is root on its node: it runs privileged"
                yield Finding(message, flag.span, _fix(container))


def _fix(container: Container) -> Changes:
    if container.is_init:
        return (Refusal("an init container that prepares its node may need this"),)
    if container.pod.touches_host:
        return (Refusal("the pod shares namespaces or folders of its node, which points to a purpose"),)
    if container.works_on_its_node:
        return (Refusal("its command or mounts change the node: move that into a container of its own"),)
    if container.asks_for("google.com/tpu"):
        return (Refusal("TPU nodes older than GKE 1.28 need this: look up the version of the node pool"),)
    if container.uses_fast_network:
        return (Refusal("it may reach a fast network's devices only so: let a device plugin hand them out"),)
    return container.merge({"securityContext": {"privileged": False}})
