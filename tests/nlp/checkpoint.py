"""A tiny checkpoint with random weights in the format that mlx_lm.load() reads."""

from __future__ import annotations

from pathlib import Path

CONFIG = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "intermediate_size": 128,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "max_position_embeddings": 4096,
    "tie_word_embeddings": True,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
CHAT = (
    "{{bos_token}}{% for m in messages %}{{'<|' + m['role'] + '|>'}}{{m['content']}}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SPECIAL = ["<pad>", "<bos>", "<eos>", "<|user|>", "<|assistant|>", "<|end|>"]


def make(folder: Path, texts: list[str]) -> None:
    """Trains a byte-level BPE tokenizer on the texts and saves it with random weights."""
    import mlx.core as mx
    from mlx_lm.utils import _get_classes, save_config, save_model

    size = _tokenizer(folder, texts)
    config = CONFIG | {"vocab_size": size}
    kind, arguments = _get_classes(config)
    mx.random.seed(7)
    model = kind(arguments.from_dict(config))
    mx.eval(model.parameters())
    save_model(folder, model)
    save_config(dict(config), folder / "config.json")


def _tokenizer(folder: Path, texts: list[str]) -> int:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=512, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    bpe.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token="<bos>", eos_token="<eos>", pad_token="<pad>"
    )
    fast.chat_template = CHAT
    fast.save_pretrained(folder)
    return len(fast)
