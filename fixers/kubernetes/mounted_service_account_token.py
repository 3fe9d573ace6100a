"""Keep the Kubernetes API token out of AI pods that do not use it

Every pod of the `default` service account finds a token of the cluster's API in its file system unless
it says no. Code that comes in with a model, a notebook or a prompt injection into an agent's tools reads
it first: it tells who the pod is, and opens whatever was ever granted to `default`.

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
+      automountServiceAccountToken: false
       containers:
       - name: vllm
         image: vllm/vllm-openai:v0.11.0
```

A pod that names a service account of its own is left alone, since somebody gave it one for a reason.
So is the pod whose command, image or environment speaks of the API, one whose `default` account is
granted something by a binding in the same folder, the head of a Ray cluster with the in-tree
autoscaler or with token authentication, the launcher of an MPI job, and what lies among tests or in the
folder of a release (`install/v1.2.3/`).

```yaml
apiVersion: ray.io/v1
kind: RayCluster
metadata:
  name: ray
spec:
  enableInTreeAutoscaling: true
  headGroupSpec:
    template:
      spec:
        containers:
        - name: head
          image: rayproject/ray:2.52.0
```

## Who notices

A program that asks the API without saying so in its manifest, such as a Python client that loads the
in-cluster configuration. Identities of clouds (IRSA, workload identity) have tokens of their own and stay.
Pods of a Deployment restart; a RayService moves to a second cluster; a RayCluster or a Job changes when it is
made anew.

## Test

1. Roll the workload out and send one request.
2. `kubectl exec POD -- ls /var/run/secrets/kubernetes.io/serviceaccount` finds no such folder.
3. `kubectl logs POD` shows no error about a missing token.

## Roll back

apply the manifests again, with the same restarts, with the token in them. No state changes.

## Does not close

What was granted to `default` stays granted, and its other pods keep their token.
"""

import re
from collections.abc import Iterator

from fixers.kubernetes.source import KubernetesFile, PodSpec
from fixers.rule import Confidence, Finding, Safety, Severity, Threat, rule

_ASKS_THE_API = re.compile(r"kubectl|kubernetes|k8s|\bin-?cluster|service-?account", re.I)
_WITHOUT_FIELD = {"ServingRuntime", "ClusterServingRuntime"}
"""Their specs aren't whole pods: the field doesn't exist there."""

_WITH_OTHERS_TOKENS = {"MPIJob", "LLMInferenceService"}
"""Their controllers add containers that ask the API: MPI's launcher, KServe's routing sidecar."""


@rule(
    KubernetesFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    confidence=Confidence.MEDIUM,
    threat=Threat.EXCESS_PRIVILEGE,
    references=("CWE-250", "AML.T0055", "checkov:CKV_K8S_38", "kubescape:C-0034", "trivy:KSV-0036"),
    mentions=("containers", "predictor"),
)
def check(file: KubernetesFile) -> Iterator[Finding]:
    pods = [pod for pod in file.pod_specs() if _is_ours(pod) and not _uses_token(pod)]
    if not pods or not file.is_source or _default_is_granted(file):
        return
    for pod in pods:
        message = f"`{pod.resource.address}` finds a token of the cluster's API in its file system"
        yield Finding(message, pod.containers[0].span, pod.merge({"automountServiceAccountToken": False}))


def _is_ours(pod: PodSpec) -> bool:
    return (
        pod.is_ai
        and bool(pod.containers)
        and not pod.is_node_agent
        and pod.resource.kind not in _WITHOUT_FIELD
        and pod.get("automountServiceAccountToken") is None
    )


def _uses_token(pod: PodSpec) -> bool:
    """Whether it has an account of its own, or says somewhere that it asks the API."""
    if pod.service_account not in ("", "default") or pod.resource.kind in _WITH_OTHERS_TOKENS:
        return True
    if any(
        outer.string("enableInTreeAutoscaling") == "true" or outer.get("authOptions")
        for outer in pod.node.ancestors()
    ):
        return True
    words = [word.text for container in pod.containers for word in container.words]
    names = [name for container in pod.containers for name in (container.image, *container.env)]
    projected = any(v.get("projected") is not None for v in pod.node.each("volumes"))
    return projected or any(map(_ASKS_THE_API.search, words + names))


def _default_is_granted(file: KubernetesFile) -> bool:
    """Whether a binding beside it names the `default` account."""
    return any(
        subject.string("kind") == "ServiceAccount" and subject.string("name") == "default"
        for resource in file.together()
        if resource.kind.endswith("RoleBinding")
        for subject in resource.root.each("subjects")
    )
