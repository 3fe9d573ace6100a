"""What the stories of a first contact share: a repository with traces of AI, and what its events start."""

from emulator.world import GitHub
from story import CORS, LOAD, NAME

from bot.events import Job, Kind
from bot.ledger import Onboarding
from bot.onboarding import BRANCH
from bot.work import Worker
from bot.work.membership import Soon

TORCH = "import torch\n\n\ndef load(path):\n    return torch.load(path)\n"
EVAL = """\
import openai

client = openai.OpenAI()


def answer(question):
    made = client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    return eval(made.choices[0].message.content)
"""
FILES = {"app.py": LOAD, "chat.py": CORS, "model.py": TORCH, "answer.py": EVAL}


def install(github: GitHub, worker: Worker) -> None:
    """Do what the event of an installation starts."""
    worker.do(Job(Kind.INSTALLATION, github.installation_id, words=("created",)))


def state_of(worker: Worker, name: str = NAME) -> Onboarding:
    (found,) = [
        one for some in worker.ledger.listing(BRANCH) for one in some.repositories if one.name == name
    ]
    return found.onboarding


def soon(worker: Worker) -> list[str]:
    """What is looked at besides the regular looks."""
    return [one.repository for one in worker.rescans() if isinstance(one, Soon)]
