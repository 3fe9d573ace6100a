"""Download models and archives over HTTPS

What comes over `http://` can be swapped by anyone on the way: the cafe's router, a proxy, whoever answers for
the name. A model or an archive is then loaded or unpacked in this process, and may run code. The host serves
the same path over `https://`.

```diff
 MODELS = {
-    "bart.base": "http://dl.fbaipublicfiles.com/fairseq/models/bart.base.tar.gz",
+    "bart.base": "https://dl.fbaipublicfiles.com/fairseq/models/bart.base.tar.gz",
 }
```

Addresses are changed for hosts that are known to serve HTTPS with a valid certificate. From others, only what
this file downloads itself is reported, since they may serve no HTTPS:

```python found
from urllib.request import urlretrieve

urlretrieve("http://models.example-lab.org/net.pth", "net.pth")
```

An address with a checksum beside it, of this machine or a private network, that is compared or made up from
parts, and tests are left alone:

```python
from urllib.request import urlretrieve

DATA = {"url": "http://www.openslr.org/resources/12/dev-clean.tar.gz", "md5": expected}
urlretrieve("http://localhost:9000/net.pth", "net.pth")
urlretrieve("http://artefacts.internal/net.pth", "net.pth")
page = "http://www.openslr.org/12/"
```

## Who notices

Networks whose proxy lets nothing but plain HTTP out, or breaks TLS open with an authority that Python doesn't
know: the download ends with an SSL error. Caches that are filed by address download once more.

## Test

`curl -sIL ADDRESS | grep -iE '^(HTTP|content-length)'` says 200 and the same length for `http://` and
`https://`. Then empty the cache of downloads and let the program fetch the file once.

## Roll back

restart the process. Files that are downloaded already stay as they are.

## Does not close

The host itself, and whoever may write there, can still swap the file: write its SHA-256 into the code, and
compare it before loading or unpacking.
"""

import ipaddress
import re
from collections.abc import Iterator

from fixers.python.source import PythonFile, StringLiteral, has_checksum_beside
from fixers.rule import Changes, Edit, Finding, Refusal, Safety, Severity, Span, Threat, rule

_SCHEME = "http://"
_ARTEFACT = re.compile(
    r"http://(?P<host>[a-z0-9.-]+)(?P<port>:\d+)?/[^\s?#]+"
    r"\.(?:(?P<weights>pth?|pkl|pickle|joblib|ckpt|bin|onnx|h5|hdf5|keras|safetensors|gguf|pb|tflite|npy|npz|t7"
    r"|caffemodel|nemo|whl|engine)|tar|tgz|tar\.(?:gz|bz2|xz)|zip|7z)(?:\?[^\s]*)?",
    re.I,
)
_SPEAKS_TLS = re.compile(
    r"(?:www\.)?(?:huggingface\.co|github\.com|gitlab\.com|zenodo\.org|openslr\.org|modelscope\.cn|kaggle\.com)"
    r"|(?:raw|media)\.githubusercontent\.com|codeload\.github\.com|storage\.googleapis\.com"
    r"|[a-z0-9-]+\.storage\.googleapis\.com|download\.(?:pytorch|tensorflow)\.org|dl\.fbaipublicfiles\.com"
    r"|(?:ai|nlp)\.stanford\.edu|files\.grouplens\.org|data\.statmt\.org"
    r"|s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com|[a-z0-9-]+\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com"
    r"|[a-z0-9-]+\.blob\.core\.windows\.net|[a-z0-9-]+\.cloudfront\.net|(?:[a-z0-9-]+\.)?[a-z]{2,3}\.bcebos\.com"
    r"|[a-z0-9-]+\.oss-[a-z0-9-]+\.aliyuncs\.com|data\.(?:dgl\.ai|pyg\.org)"
)
_PRIVATE = re.compile(
    r"(?:.*\.)?(?:local|localhost|internal|intranet|lan|corp|home|test|example|invalid|svc)|.*\.svc\..*"
)
_DOWNLOADS = re.compile(
    r"urllib\.request\.(?:urlretrieve|urlopen)|urllib\.(?:urlretrieve|urlopen)|six\.moves\.urllib\.request\.urlretrieve"
    r"|requests\.get|httpx\.(?:get|stream)|wget\.download|gdown\.download"
    r"|torch\.hub\.(?:load_state_dict_from_url|download_url_to_file)|torch\.utils\.model_zoo\.load_url"
    r"|torchvision\.datasets\.utils\.download_(?:url|and_extract_archive)"
    r"|(?:tensorflow\.)?keras\.utils\.get_file"
)
_UNKNOWN = "whether `{}` serves it over HTTPS too isn't known here: try it, and write `https://` if it does"


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-319", "CWE-494", "LLM03:2025", "LLM04:2026", "AML.T0010.002", "AML.T0010.003"),
    mentions=(_SCHEME,),
    alongside=(
        *(".tar", ".tgz", ".zip", ".7z", ".pt", ".pkl", ".pickle", ".joblib", ".ckpt", ".bin", ".onnx"),
        *(".h5", ".hdf5", ".keras", ".safetensors", ".gguf", ".pb", ".tflite", ".npy", ".npz", ".t7"),
        *(".caffemodel", ".nemo", ".whl", ".engine"),
    ),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    downloaded = _downloaded(file)
    for string in file.strings():
        found = _ARTEFACT.fullmatch(string.value)
        if found is None or _is_private(host := found["host"].lower()) or _means_something_else(string):
            continue
        is_known = found["port"] is None and bool(_SPEAKS_TLS.fullmatch(host))
        if (is_known or string.value in downloaded) and not has_checksum_beside(string):
            yield Finding(
                f"what `{host}` sends can be swapped on the way",
                string.span,
                _over_tls(string) if is_known else (Refusal(_UNKNOWN.format(host)),),
                severity=None if found["weights"] or "model" in string.value.lower() else Severity.LOW,
            )


def _downloaded(file: PythonFile) -> frozenset[str]:
    """The addresses that the file surely downloads, here or by a name that stands for one."""
    calls = (call for call in file.calls() if _DOWNLOADS.fullmatch(call.name))
    given = (
        call.keyword("url") or call.keyword("origin") or call.positional(_place(call.name)) for call in calls
    )
    return frozenset(value for one in given if one and isinstance(value := one.value, str))


def _place(name: str) -> int:
    return 1 if name.endswith((".get_file", ".stream")) else 0


def _means_something_else(string: StringLiteral) -> bool:
    """Whether it is no address to download from, but one to compare with, to look up, or part of a text."""
    return string.is_bytes or string.in_fstring or string.is_key or string.is_pattern or string.is_operand


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or bool(_PRIVATE.fullmatch(host))


def _over_tls(string: StringLiteral) -> Changes:
    at = string.code.find(_SCHEME)
    if at < 0:
        return (Refusal("the address is put together from several parts"),)
    behind = string.span.start + at + len("http")
    return (Edit(Span(behind, behind), "s"),)
