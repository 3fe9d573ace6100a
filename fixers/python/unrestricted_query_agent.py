"""Give a model that writes queries a database user who may only read

Such an agent runs the SQL or Cypher that a model writes, and the model writes what whoever reaches its prompt
asks for: the person who chats with it, and each text in the tables that it reads. The prompt that says "no
DML" is a request to the model and no barrier. What holds is the database: a user who may read what is meant,
and nothing else. Which user that is can't be seen in the code, so Suture names the place and changes nothing.

```python found
from langchain_community.agent_toolkits import create_sql_agent
from langchain_community.utilities import SQLDatabase

agent = create_sql_agent(llm, db=SQLDatabase.from_uri("postgresql://app@db/shop"))
```

```python found
from langchain_neo4j import GraphCypherQAChain

chain = GraphCypherQAChain.from_llm(llm, graph=graph, allow_dangerous_requests=True)
```

What to do, best first: a database user with `GRANT SELECT` on views that hold what may be told; a copy of the
data without what may not; `include_tables=` so that the others aren't shown (a model can still name them).

In a file that speaks of SQLite, whose users are the operating system's, it is of low severity. A connection
that says it only reads is left alone, and so is a database that no model writes to:

```python
from langchain_community.agent_toolkits import create_sql_agent
from langchain_community.utilities import SQLDatabase

db = SQLDatabase.from_uri("sqlite:///file:shop.db?mode=ro&uri=true")
agent = create_sql_agent(llm, db=db)
print(SQLDatabase.from_uri("sqlite:///shop.db").get_table_names())
```

## Test

Ask the agent to delete the rows of a table that it may read, and to list a table that it may not. Both must
fail with the database's own error, such as `permission denied for table`.

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_LANGCHAIN = r"langchain(?:_\w+)?(?:\.\w+)*"
_RUNS = re.compile(
    rf"{_LANGCHAIN}\.(?:create_sql_agent|SQLDatabaseToolkit|QuerySQLData[Bb]aseTool"
    r"|SQLDatabaseChain(?:\.from_llm)?|SQLDatabaseSequentialChain(?:\.from_llm)?)"
    rf"|{_LANGCHAIN}\.\w+QAChain(?:\.from_llm)?"
    r"|llama_index(?:\.\w+)*\.(?:NLSQLTableQueryEngine|SQLTableRetrieverQueryEngine)"
    r"|(?:agno|phi)\.tools\.sql\.SQLTools"
)
_ONLY_READS = re.compile(r"mode=ro|read_?only|_ro@|reader@|:ro:", re.I)
_ITS_OWN = re.compile(r"(?:^|/)langchain_\w+/")


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    threat=Threat.EXCESSIVE_AGENCY,
    references=("CWE-89", "CWE-250", "LLM06:2025", "LLM03:2026", "ASI02", "AML.T0053"),
    mentions=(
        "create_sql_agent",
        "SQLDatabase",
        "QuerySQL",
        "NLSQL",
        "SQLTableRetriever",
        "SQLTools",
        "QAChain",
    ),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test or _ITS_OWN.search(file.path) or _ONLY_READS.search(file.text.content):
        return
    calls = [call for call in file.calls() if _RUNS.fullmatch(call.name) and _is_allowed(call)]
    taken = {id(inner.node) for call in calls for inner in _given(call)}
    for call in calls:
        if id(call.node) not in taken:
            severity = Severity.LOW if "sqlite" in file.text.content else None
            message = "statements that a model writes run with this user's rights"
            yield Finding(message, call.span, severity=severity)


def _is_allowed(call: Call) -> bool:
    """Whether a chain over a graph was told that its queries may run; the others aren't asked."""
    allowed = call.keyword("allow_dangerous_requests")
    return "QAChain" not in call.name or (allowed is not None and allowed.value is True)


def _given(call: Call) -> Iterator[Call]:
    """What it is made of: an agent's toolkit, say, so that only the agent is named."""
    values = (call.keyword("toolkit"), call.positional(1))
    yield from (value.made_by for value in values if value is not None and value.made_by is not None)
