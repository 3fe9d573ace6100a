"""Which calls ask a language model, and which functions a model may call as its tools."""

import ast
import re
from typing import TYPE_CHECKING

from fixers.python.source.flow import value_behind
from fixers.python.source.names import Binding, Scope

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_OPENAI_METHODS = r"(?:beta\.)?(?:chat\.completions|responses|completions)\.(?:create|parse|stream)"
_LANGCHAIN = r"langchain(?:_\w+)?(?:\.\w+)*"
_CHAT = (
    rf"{_LANGCHAIN}\.(?:Chat\w+|\w*OpenAI|Ollama\w*|OllamaLLM|AnthropicLLM|init_chat_model"
    r"|HuggingFaceEndpoint|HuggingFaceHub|GoogleGenerativeAI|VertexAI|Bedrock\w*)\(\)"
)
_CLIENTS = (
    rf"(?:openai|langfuse\.openai)\.(?:Async)?(?:Azure)?OpenAI\(\)\.{_OPENAI_METHODS}",
    rf"openai\.{_OPENAI_METHODS}",
    r"openai\.(?:ChatCompletion|Completion)\.a?create",
    rf"(?:groq\.(?:Async)?Groq|together\.(?:Async)?Together)\(\)\.{_OPENAI_METHODS}",
    r"anthropic\.(?:Async)?Anthropic(?:Bedrock|Vertex|Foundry)?\(\)\.(?:beta\.)?"
    r"(?:messages|completions)\.(?:create|stream|parse)",
    r"google\.generativeai\.GenerativeModel\(\)\.(?:start_chat\(\)\.)?(?:generate_content|send_message)(?:_async)?",
    r"google\.genai\.Client\(\)\.(?:aio\.)?models\.generate_content(?:_stream)?",
    r"litellm\.a?(?:completion|responses|text_completion)",
    r"ollama\.(?:chat|generate)",
    r"ollama\.(?:Async)?Client\(\)\.(?:chat|generate)",
    r"mistralai\.Mistral\(\)\.chat\.(?:complete|stream)(?:_async)?",
    r"cohere\.(?:Async)?Client(?:V2)?\(\)\.(?:chat|chat_stream|generate)",
    r"huggingface_hub\.(?:Async)?InferenceClient\(\)\.(?:chat_completion|text_generation|chat\.completions\.create)",
    r"replicate\.(?:async_)?(?:run|stream)",
    r"boto3\.client\(\)\.(?:converse|converse_stream|invoke_model|invoke_model_with_response_stream)",
    rf"{_CHAT}(?:\.(?:bind|bind_tools|with_structured_output|with_config|with_retry)\(\))*"
    r"(?:\.(?:a?invoke|a?stream|a?predict|a?generate|a?batch))?",
    rf"{_LANGCHAIN}\.(?:\w+Chain|RetrievalQA|AgentExecutor)(?:\.from_\w+)?\(\)\.a?(?:run|predict|invoke|stream)",
    rf"{_LANGCHAIN}\.(?:\w+Chain|RetrievalQA|LLMChain)(?:\.from_\w+)?\(\)",
    rf"{_LANGCHAIN}\.(?:initialize_agent|create_\w*agent)\(\)\.a?(?:run|invoke|stream)",
    rf"{_LANGCHAIN}\.(?:create_\w+_chain|load_\w+_chain)\(\)\.a?(?:run|invoke|stream)",
    r"langgraph(?:\.\w+)*\.create_react_agent\(\)\.a?(?:invoke|stream)",
    r"llama_index(?:\.\w+)*\.(?:OpenAI|Ollama|Anthropic|Gemini|Groq|AzureOpenAI)\(\)\.a?(?:stream_)?(?:complete|chat)",
    r"crewai\.Crew\(\)\.kickoff(?:_async)?",
    r"agents\.Runner\.run(?:_sync|_streamed)?",
    r"pydantic_ai\.Agent\(\)\.run(?:_sync|_stream)?",
    r"smolagents\.(?:Code|ToolCalling)Agent\(\)\.run",
    r"(?:agno|phi)\.agent(?:\.\w+)*\.Agent\(\)\.a?run",
)
MODEL_WORDS = (
    *("completions", "openai", "anthropic", "genai", "generativeai", "litellm", "ollama", "mistralai"),
    *("cohere", "huggingface_hub", "replicate", "boto3", "langchain", "together", "groq"),
    *("crewai", "smolagents", "strands", "agents", "mcp", "pydantic_ai"),
)
"""A file that asks a model, or gives it tools, holds one of these."""
_ASKS = re.compile("|".join(_CLIENTS))
_IS_CHAT = re.compile(rf"{_CHAT}(?:\.\w+\(\))*")
_LONGEST_CHAIN = 20
_RUNS = ("invoke", "ainvoke", "stream", "astream", "batch", "abatch")
_POSTS = re.compile(r"(?:requests|httpx)(?:\.(?:Session|Client|AsyncClient)\(\))?\.post")
_ENDPOINTS = re.compile(r"/api/(?:generate|chat)$|/v1/(?:chat/)?completions$|/v1/messages$|:generateContent")
# Only OpenAI's and compatible clients have this chain, whatever object it hangs on.
_OWN_CHAIN = re.compile(r"(?:.*\.)?chat\.completions\.(?:create|parse|stream)")
# These chains have other owners too, so their SDK has to be imported.
_CHAINS = (
    (re.compile(r"(?:.*\.)?messages\.(?:create|stream|parse)"), ("anthropic",)),
    (re.compile(r"(?:.*\.)?responses\.(?:create|parse|stream)"), ("openai",)),
    (re.compile(r".*\.generate_content(?:_async|_stream)?"), ("google.generativeai", "google.genai")),
)
_TOOLS = re.compile(
    r"(?:langchain\.(?:tools|agents)|langchain_core\.tools|crewai(?:\.tools|_tools)|smolagents|strands)\.tool"
    r"|agents\.function_tool"
    r"|(?:mcp\.server\.(?:fastmcp\.FastMCP|mcpserver\.MCPServer)|fastmcp\.FastMCP)\(\)\.tool"
    r"|pydantic_ai\.Agent\(\)\.tool(?:_plain)?"
)


def asks_a_model(file: "PythonFile", call: ast.Call, name: str) -> bool:
    """Whether the call sends a prompt to a model, by its real name or by methods that only SDKs have."""
    if name and _ASKS.fullmatch(name):
        return True
    chain = _chain(call.func)
    if _OWN_CHAIN.fullmatch(chain):
        return True
    if _POSTS.fullmatch(name):
        return _is_endpoint(file, call)
    if not name and isinstance(call.func, ast.Attribute) and call.func.attr in _RUNS:
        return _runs_a_model(file, call.func.value, file.call(call).scope)
    owners = (sdks for pattern, sdks in _CHAINS if pattern.fullmatch(chain))
    return any(_imports(file, sdk) for sdks in owners for sdk in sdks)


def _runs_a_model(file: "PythonFile", node: ast.expr, scope: Scope) -> bool:
    """Whether a chain `prompt | llm | parser` has a model of LangChain in it."""
    waiting = [value_behind(file, node, scope)]
    for _ in range(_LONGEST_CHAIN):
        if not waiting:
            return False
        node, scope = waiting.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            waiting += [value_behind(file, side, scope) for side in (node.left, node.right)]
        elif _IS_CHAT.fullmatch(file.real_name(node, scope)):
            return True
    return False


def _is_endpoint(file: "PythonFile", call: ast.Call) -> bool:
    """Whether the address that is posted to is one where models answer."""
    if not call.args:
        return False
    node, _ = value_behind(file, call.args[0], file.call(call).scope)
    match node:
        case ast.JoinedStr(values=[*_, ast.Constant() as last]) | ast.BinOp(right=ast.Constant() as last):
            node = last
    return isinstance(node, ast.Constant) and bool(_ENDPOINTS.search(str(node.value).rstrip("/")))


def is_tool_decorator(name: str) -> bool:
    """Whether a decorator of this real name offers its function to a model."""
    return bool(_TOOLS.fullmatch(name))


def _chain(func: ast.expr) -> str:
    """The attributes at the end of a function's expression: `chat.completions.create`."""
    parts: list[str] = []
    while isinstance(func, ast.Attribute):
        parts.append(func.attr)
        func = func.value
    return ".".join(reversed([*parts, ""] if parts else parts))


def _imports(file: "PythonFile", module: str) -> bool:
    scopes = file.names.scopes
    return any(
        _is_of(binding, module) for scope in scopes for found in scope.bindings.values() for binding in found
    )


def _is_of(binding: Binding, module: str) -> bool:
    """`import google.generativeai as genai` binds the module; `import google.generativeai` its root."""
    if f"{binding.imported}.".startswith(f"{module}."):
        return True
    names = binding.node.names if isinstance(binding.node, ast.Import) else []
    return any(f"{alias.name}.".startswith(f"{module}.") for alias in names)
