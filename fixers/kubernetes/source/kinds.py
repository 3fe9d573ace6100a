"""Where each kind of object keeps the specs of its pods, and which kinds exist for AI."""

from collections.abc import Mapping

_POD = ("spec",)
_TEMPLATE = ("spec", "template", "spec")
_REPLICAS = ("*", "template", "spec")
_RAY = (("headGroupSpec", "template", "spec"), ("workerGroupSpecs", "*", "template", "spec"))
_JOB_OF_SET = ("template", "spec", "template", "spec")
KSERVE = "serving.kserve.io"

TEMPLATES: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("", "Pod"): (_POD,),
    ("", "ReplicationController"): (_TEMPLATE,),
    ("apps", "Deployment"): (_TEMPLATE,),
    ("apps", "StatefulSet"): (_TEMPLATE,),
    ("apps", "DaemonSet"): (_TEMPLATE,),
    ("apps", "ReplicaSet"): (_TEMPLATE,),
    ("batch", "Job"): (_TEMPLATE,),
    ("batch", "CronJob"): (("spec", "jobTemplate", *_TEMPLATE),),
    ("argoproj.io", "Rollout"): (_TEMPLATE,),
    ("serving.knative.dev", "Service"): (_TEMPLATE,),
    ("batch.volcano.sh", "Job"): (("spec", "tasks", "*", "template", "spec"),),
    ("ray.io", "RayCluster"): tuple(("spec", *path) for path in _RAY),
    ("ray.io", "RayJob"): (
        *(("spec", "rayClusterSpec", *path) for path in _RAY),
        ("spec", "submitterPodTemplate", "spec"),
    ),
    ("ray.io", "RayService"): tuple(("spec", "rayClusterConfig", *path) for path in _RAY),
    (KSERVE, "InferenceService"): (
        ("spec", "predictor"),
        ("spec", "predictor", "workerSpec"),
        ("spec", "transformer"),
        ("spec", "explainer"),
    ),
    (KSERVE, "ServingRuntime"): (("spec",), ("spec", "workerSpec")),
    (KSERVE, "ClusterServingRuntime"): (("spec",), ("spec", "workerSpec")),
    (KSERVE, "LLMInferenceService"): (
        ("spec", "template"),
        ("spec", "worker"),
        ("spec", "prefill", "template"),
        ("spec", "prefill", "worker"),
    ),
    ("kubeflow.org", "PyTorchJob"): (("spec", "pytorchReplicaSpecs", *_REPLICAS),),
    ("kubeflow.org", "TFJob"): (("spec", "tfReplicaSpecs", *_REPLICAS),),
    ("kubeflow.org", "MPIJob"): (("spec", "mpiReplicaSpecs", *_REPLICAS),),
    ("kubeflow.org", "XGBoostJob"): (("spec", "xgbReplicaSpecs", *_REPLICAS),),
    ("kubeflow.org", "PaddleJob"): (("spec", "paddleReplicaSpecs", *_REPLICAS),),
    ("kubeflow.org", "JAXJob"): (("spec", "jaxReplicaSpecs", *_REPLICAS),),
    ("kubeflow.org", "Notebook"): (_TEMPLATE,),
    ("trainer.kubeflow.org", "TrainingRuntime"): (
        ("spec", "template", "spec", "replicatedJobs", "*", *_JOB_OF_SET),
    ),
    ("trainer.kubeflow.org", "ClusterTrainingRuntime"): (
        ("spec", "template", "spec", "replicatedJobs", "*", *_JOB_OF_SET),
    ),
    ("jobset.x-k8s.io", "JobSet"): (("spec", "replicatedJobs", "*", *_JOB_OF_SET),),
    ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"): (
        ("spec", "leaderWorkerTemplate", "leaderTemplate", "spec"),
        ("spec", "leaderWorkerTemplate", "workerTemplate", "spec"),
    ),
}
"""API group and kind to the paths of its pod specs; `*` is every item of a list or mapping."""

AI_GROUPS = (
    "ray.io",
    "kserve.io",
    "kubeflow.org",
)
"""Groups whose kinds exist for AI. Job sets and worker groups run anything: their images tell."""

NOT_ONLY_AI = {"MPIJob"}
"""Kinds of these groups that do other work as well."""

MODEL_SERVERS = (
    "model",
    "sklearn",
    "xgboost",
    "tensorflow",
    "pytorch",
    "triton",
    "onnx",
    "huggingface",
    "pmml",
    "lightgbm",
    "paddle",
    "art",
)
