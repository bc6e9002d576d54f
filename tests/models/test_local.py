"""A local model: its server is a child whose words stay in a file, and that ends with its model."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from loopdeck.errors import ModelUnavailable
from loopdeck.models import local
from loopdeck.models.local import LocalModel
from loopdeck.ports import ToolSpec
from tests.models.conformance import asking, gather

# Speaks Chat Completions as the real server does; the real one is 100 MB.
CHILD = """
import http.server, json, sys, threading
ABLE = {"chat_template_caps": {"supports_tools": False},
        "default_generation_settings": {"n_ctx": 4096}}
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(ABLE if self.path == "/props" else {}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        choice = {"index": 0, "delta": {"content": "Hello."}, "finish_reason": "stop"}
        body = b"data: " + json.dumps({"choices": [choice]}).encode() + b"\\n\\ndata: [DONE]\\n\\n"
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("a word of the child", file=sys.stderr, flush=True)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "small.gguf").write_bytes(b"GGUF")
    monkeypatch.setattr(local, "PACKAGE", "json")  # which is there
    return tmp_path / "small.gguf"


def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Put this program in the place of the server."""
    (tmp_path / "server_of_mine.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, sys.path)]))
    monkeypatch.setattr(local, "CHILD", "server_of_mine")


async def test_it_answers_its_words_stay_in_a_file_and_it_ends(
    tmp_path: Path,
    weights: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    child(tmp_path, monkeypatch, CHILD)
    model = LocalModel(f"local:{weights}", logs=tmp_path)
    _, reply = await gather(model, asking())
    assert [getattr(block, "text", "") for block in reply.blocks] == ["Hello."]
    assert (reply.window, reply.detail) == (4096, "")
    _, reply = await gather(model, replace(asking(), tools=(ToolSpec("look", "Look.", {}),)))
    assert "small.gguf has no place for tools" in reply.detail  # which is said where it matters
    await model.close()
    await model.close()
    (log,) = tmp_path.glob("local-model-*.log")
    assert "a word of the child" in log.read_text()
    assert "a word of the child" not in "".join(capfd.readouterr())


async def test_a_server_that_cannot_start_is_a_sentence_with_its_log(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(tmp_path, monkeypatch, "raise SystemExit('no good')")
    model = LocalModel(f"local:{weights}", logs=tmp_path)
    with pytest.raises(ModelUnavailable, match="cannot be loaded") as caught:
        await gather(model, asking())
    assert "local-model-" in caught.value.hint
    await model.close()
