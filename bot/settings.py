"""The environment, read here and nowhere else."""

import os

_PASSED_ON = ("HOME", "XDG_CONFIG_HOME", "TMPDIR", "TMP", "TEMP", "SYSTEMROOT", "USERPROFILE")


def child_environment() -> dict[str, str]:
    """What a program that we start may know of ours: where programs and the user's own settings are.

    Tokens stay behind, and so does every GIT_… variable (a hook sets GIT_DIR). PATH keeps absolute
    folders alone, so that no program is picked up in a repository that is being read.
    """
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(folder for folder in folders if os.path.isabs(folder))
    return passed_on | {"PATH": path, "LC_ALL": "C", "PYTHONUTF8": "1"}
