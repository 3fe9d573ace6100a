# Copyright (c) the helpdesk team
# Licensed for internal use only.
#
# Zoë wrote the pooling after the paper, please ask before you touch it.
"""Embeddings of questions and excerpts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import torch
import torch.nn.functional as F
from transformers import AutoModel, AutoTokenizer

MODEL = "helpdesk/manuals-embed-v2"
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


@lru_cache
def _tokenizer():  # type: ignore[no-untyped-def]
    return AutoTokenizer.from_pretrained(MODEL)


@lru_cache
def _model():  # type: ignore[no-untyped-def]
    model = AutoModel.from_pretrained(
        MODEL,
        torch_dtype=torch.float16 if DEVICE == "cuda" else torch.float32,  # cpu has no half
        trust_remote_code=True,
    )
    return model.eval().to(DEVICE)


@torch.inference_mode()
def embed(texts: Sequence[str]) -> list[list[float]]:
    batch = _tokenizer()(list(texts), padding=True, truncation=True, return_tensors="pt").to(DEVICE)
    hidden = _model()(**batch).last_hidden_state
    mask = batch["attention_mask"].unsqueeze(-1)
    pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
    return F.normalize(pooled, dim=-1).cpu().tolist()
