"""Answers texts over HTTP, with TensorFlow and Python's own server; nothing else is imported.

python examples/http_server.py --model imdb-model --port 8000
curl --data '["A superb film.", "Dull."]' http://127.0.0.1:8000
"""

import argparse
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import tensorflow as tf


def texts_in(body):
    """The texts of a JSON list of texts; None where it is something else."""
    try:
        texts = json.loads(body)
    except ValueError:
        return None
    return texts if isinstance(texts, list) and all(isinstance(t, str) for t in texts) else None


def handler(answer):
    """A handler that gives the answers to a JSON list of texts, by name of the output."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            texts = texts_in(self.rfile.read(int(self.headers["Content-Length"])))
            if texts is None:
                self.send_error(400, "expected a JSON list of texts")
                return
            outputs = answer(text=tf.constant(texts, tf.string))
            body = json.dumps({name: value.numpy().tolist() for name, value in outputs.items()})
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body.encode())

    return Handler


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--port", type=int, default=8000, help="0: any that is free")
    given = parser.parse_args()

    served = tf.saved_model.load(f"{given.model}/serving")
    answer = served.signatures["serving_default"]
    answer(text=tf.constant(["warm up"]))  # the first call takes longer than those that follow
    server = ThreadingHTTPServer(("127.0.0.1", given.port), handler(answer))
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
