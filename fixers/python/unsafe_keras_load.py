"""Load Keras models in safe mode

A `.keras` file can hold a Python function, as bytecode, in a `Lambda` layer. With `safe_mode=False` Keras
builds and runs it: whoever can swap the file runs code in this process. By default Keras refuses.

```diff
 import keras

-model = keras.models.load_model("model.keras", safe_mode=False)
+model = keras.models.load_model("model.keras")
```

`keras.config.enable_unsafe_deserialization()` takes that protection from every load of the process. It
is reported and left to a person, since the loads that depend on it may stand anywhere:

```python found
import keras

keras.config.enable_unsafe_deserialization()
```

A load in safe mode, or one that decides elsewhere, is left alone:

```python
import keras

model = keras.models.load_model("model.keras")
other = keras.models.load_model("model.keras", safe_mode=trusted is False)
```

## Who notices

Models with a `Lambda` layer that holds a function. Loading them raises a `ValueError` that says so. Put
the function into a layer class, register it with `keras.saving.register_keras_serializable` and save the
model anew.

## Test

Load every model that the service uses once, and compare its predictions on a fixed sample. Then save a
model that has a layer `keras.layers.Lambda(lambda x: x)` and load it: `ValueError`.

## Roll back

restart the process. No data or state changes: a model that was saved anew without `Lambda` loads either way.

## Does not close

`custom_objects` and registered classes run their own `from_config`; old HDF5 files and SavedModel
folders have weaknesses of their own.
"""

from collections.abc import Iterator

from fixers.python.source import PythonFile
from fixers.rule import Finding, Safety, Severity, Threat, rule

_LOADS = tuple(
    f"{keras}.{module}.load_model"
    for keras in ("keras", "tensorflow.keras", "tf_keras", "tensorflow.python.keras")
    for module in ("models", "saving")
)
_SWITCHES = (
    "keras.config.enable_unsafe_deserialization",
    "tensorflow.keras.config.enable_unsafe_deserialization",
)


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-502", "LLM03:2025", "LLM04:2026", "AML.T0011.000"),
    mentions=("safe_mode", "enable_unsafe_deserialization"),
    opens_unasked=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call in file.calls_to(*_LOADS):
        written = call.keyword("safe_mode")
        if written is not None and written.literal is False:
            changes = call.remove_keyword("safe_mode")
            yield Finding("a model may bring code along, and it runs", call.span, changes)
    for call in file.calls_to(*_SWITCHES):
        yield Finding("from here on, every model that is loaded may bring code along", call.span)
