"""Keep models in a format that runs no code when loaded

A pickle is a program: loading it runs whatever its author wrote into it. Whoever can replace the file,
in the bucket, on the share, in the registry, runs code in this process, before any check of the model
itself. `joblib`, `dill`, `cloudpickle` and `pandas.read_pickle` load pickles too. Suture names each
place where a model is loaded so and changes nothing: the file has to be written anew first.

```python found
import pickle


def load_classifier(stored):
    return pickle.load(stored)
```

```python found
import joblib


def load_vectorizer(path):
    return joblib.load(path)
```

What to do, best first: save weights with `safetensors`, boosted trees in their own format
(`booster.save_model("model.json")`), scikit-learn with `skops.io`, which loads the types that you name
and no other, or export to ONNX. Where the file has to stay a pickle, write its SHA-256 into the code
and compare it before loading.

```python
import skops.io

model = skops.io.load("model.skops", trusted=["lightgbm.sklearn.LGBMClassifier"])
```

Pickles that carry no model (caches, messages between processes, results) aren't named here:

```python
import pickle

cache = pickle.load(stored)
job = pickle.loads(queue.get())
```

## Test

`python -m pickletools model.pkl | grep -B4 GLOBAL` lists what a plain pickle imports: only the model's
own library should stand there. After a migration, predictions on a fixed sample are equal.

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_LOADS = (
    "pickle.load",
    "cloudpickle.load",
    "dill.load",
    "joblib.load",
    "pandas.read_pickle",
    "sklearn.externals.joblib.load",
)
_MODEL = re.compile(
    r"(?:^|[^a-z])(?:models?|classifiers?|clf|regressors?|estimators?|predictors?|pipe(?:line)?s?|vectori[sz]ers?"
    r"|scalers?|encoders?|tokeni[sz]ers?|weights|checkpoints?|ckpt|xgb|lgbm|svm|kmeans|pca)"
    r"(?:[^a-z]|$)",
    re.I,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-502", "LLM03:2025", "LLM04:2026", "AML.T0011.000", "AML.T0018.002", "bandit:B301"),
    mentions=("pickle", "joblib", "dill"),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls_to(*_LOADS):
        if any(_MODEL.search(_CAMEL.sub("_", word)) for word in _words_around(call)):
            yield Finding(f"`{call.name}` runs code that the model's file brings along", call.span)


def _words_around(call: Call) -> Iterator[str]:
    """What says that a model is loaded: the result's name, the file's, the function's."""
    yield call.file.name_given(call)
    source = call.positional(0) or call.keyword("filename") or call.keyword("filepath_or_buffer")
    if source:
        yield from call.file.written_behind(source)
    if call.file.is_returned(call):
        yield call.scope.name.rpartition(".")[2]
