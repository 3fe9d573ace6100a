"""The names by which AI is known, with blanks between them; those that other things have too are left out.
`*` stands for whatever somebody calls what lies below a name."""

PYTHON_PACKAGES = """
    openai openai-agents anthropic claude-agent-sdk cohere groq mistralai voyageai ai21 litellm elevenlabs
    google-generativeai google-genai google-adk google-cloud-aiplatform vertexai ibm-watsonx-ai dashscope
    azure-ai-* azure-cognitiveservices-* azureml-* sagemaker cerebras-cloud-sdk fireworks-ai deepgram-sdk
    assemblyai tiktoken langchain langchain-* langgraph langgraph-* langsmith langfuse langserve
    llama-index llama-index-* haystack-ai farm-haystack semantic-kernel dspy dspy-ai crewai crewai-tools
    autogen autogen-* pyautogen ag2 smolagents pydantic-ai pydantic-ai-slim strands-agents agno phidata
    mcp fastmcp mem0ai embedchain txtai guardrails-ai nemoguardrails ragas deepeval chainlit gradio
    gradio-client browser-use torch torchvision torchaudio pytorch pytorch-lightning tensorflow
    tensorflow-* tf-keras keras jax jaxlib flax transformers diffusers peft trl bitsandbytes deepspeed
    unsloth safetensors tokenizers timm fastai sentence-transformers huggingface-hub optimum auto-gptq
    autoawq flash-attn xformers scikit-learn xgboost lightgbm catboost onnx onnxruntime onnxruntime-gpu
    openvino tensorrt tensorrt-llm tritonclient ultralytics openai-whisper faster-whisper spacy gensim
    vllm sglang lmdeploy llama-cpp-python ctransformers ollama xinference ray kserve bentoml mlflow
    mlflow-skinny wandb kfp paddlepaddle modelscope stable-baselines3 skops autogluon coremltools mxnet
    chromadb qdrant-client weaviate-client pymilvus pinecone pinecone-client lancedb faiss-cpu faiss-gpu
    pgvector
"""
"""Distributions; `-` is any of `-_.` to an installer."""

PYTHON_MODULES = """
    openai anthropic cohere groq mistralai litellm voyageai vertexai sagemaker google.generativeai
    google.genai google.cloud.aiplatform azure.ai azureml claude_agent_sdk tiktoken langchain
    langchain_core langchain_community langchain_openai langchain_anthropic langchain_text_splitters
    langgraph langsmith langfuse llama_index haystack dspy semantic_kernel crewai autogen
    autogen_agentchat smolagents pydantic_ai fastmcp mcp.server mcp.client chainlit gradio torch
    torchvision torchaudio pytorch_lightning tensorflow keras jax flax transformers diffusers peft trl
    bitsandbytes deepspeed unsloth safetensors tokenizers sentence_transformers timm huggingface_hub
    optimum fastai sklearn xgboost lightgbm catboost onnxruntime openvino tensorrt tensorrt_llm
    tritonclient ultralytics faster_whisper spacy gensim vllm sglang lmdeploy llama_cpp ollama ray kserve
    bentoml mlflow wandb kfp paddle modelscope stable_baselines3 skops autogluon chromadb qdrant_client
    weaviate pymilvus pinecone lancedb faiss
"""
"""What is imported. `datasets`, `agents`, `together` and their like may be anybody's."""

NODE_PACKAGES = """
    openai ai langchain llamaindex ollama replicate chromadb cohere-ai groq-sdk together-ai langfuse
    langsmith onnxruntime-node onnxruntime-web weaviate-client weaviate-ts-client @anthropic-ai/*
    @langchain/* @ai-sdk/* @openai/* @google/generative-ai @google/genai @google-cloud/vertexai
    @google-cloud/aiplatform @huggingface/* @xenova/transformers @tensorflow/* @mistralai/mistralai
    @pinecone-database/pinecone @qdrant/js-client-rest @modelcontextprotocol/* @mastra/*
    @aws-sdk/client-bedrock @aws-sdk/client-bedrock-* @aws-sdk/client-sagemaker
    @aws-sdk/client-sagemaker-* @azure/openai @azure-rest/ai-*
"""

TERRAFORM_RESOURCES = """
    aws_sagemaker_ aws_bedrock_ aws_bedrockagent_ aws_bedrockagentcore_ aws_comprehend_ aws_kendra_
    aws_rekognition_ aws_lexv2models_ aws_qbusiness_ google_vertex_ai_ google_ml_engine_ google_notebooks_
    google_workbench_ google_tpu_ google_discovery_engine_ google_dialogflow_ google_colab_ google_gemini_
    azurerm_cognitive_ azurerm_machine_learning_ azurerm_ai_ databricks_mlflow_ databricks_model_serving
    databricks_vector_search_
"""
"""What the types of resources and data begin with."""

HOSTS = """
    api.openai.com openai.azure.com services.ai.azure.com api.anthropic.com api.mistral.ai api.cohere.com
    api.cohere.ai api.groq.com api.together.xyz openrouter.ai/api generativelanguage.googleapis.com
    aiplatform.googleapis.com router.huggingface.co api-inference.huggingface.co api.replicate.com
    api.deepseek.com api.fireworks.ai integrate.api.nvidia.com bedrock-runtime bedrock-agent-runtime
    sagemaker-runtime
"""
"""Where models answer, as an address or as AWS's clients name it."""

VARIABLES = """
    OPENAI_API_KEY OPENAI_BASE_URL AZURE_OPENAI_* ANTHROPIC_API_KEY ANTHROPIC_BASE_URL COHERE_API_KEY
    MISTRAL_API_KEY GROQ_API_KEY GEMINI_API_KEY OPENROUTER_API_KEY DEEPSEEK_API_KEY TOGETHER_API_KEY
    REPLICATE_API_TOKEN HF_TOKEN HUGGING_FACE_HUB_TOKEN HUGGINGFACEHUB_API_TOKEN LANGCHAIN_API_KEY
    LANGSMITH_API_KEY PINECONE_API_KEY WANDB_API_KEY OLLAMA_HOST NGC_API_KEY
"""

ACCELERATORS = """
    nvidia.com/gpu nvidia.com/mig-* amd.com/gpu habana.ai/gaudi google.com/tpu aws.amazon.com/neuron
    aws.amazon.com/neuroncore
"""
