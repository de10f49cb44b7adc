"""A mail server that keeps what it is given: people then read their messages."""

import email
import email.policy
import html
import re
import socketserver
import threading


class _Conversation(socketserver.StreamRequestHandler):
    """The few words of SMTP that a client without TLS or log-in says."""

    def handle(self):
        self._answer(220, "ready")
        for line in self.rfile:
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._answer(354, "go on")
                self.server.messages.append(self._message())
            if word == b"QUIT":
                self._answer(221, "bye")
                return
            self._answer(250, "fine")

    def _answer(self, code, text):
        self.wfile.write(f"{code} {text}\r\n".encode())

    def _message(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return email.message_from_bytes(b"".join(lines), policy=email.policy.default)


class Mailbox(socketserver.ThreadingTCPServer):
    """Listens on a port of its own as long as the ``with`` lasts."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.messages = []

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_raised):
        self.shutdown()
        self.server_close()

    def links(self, address, part):
        """The links with ``part`` in what ``address`` received, the oldest first."""
        return [
            html.unescape(link)
            for message in list(self.messages)
            if address in message["To"]
            for link in re.findall(r'href="([^"]+)"', _body(message))
            if part in link
        ]


def _body(message):
    return message.get_body(("html", "plain")).get_content()
